//! `cargo xtask deny`: licences, bans and sources of what we depend on, by deny.toml.

use std::process::{Command, Stdio};

use crate::{process, workspace};

/// Runs cargo-deny's checks that need no network, where cargo-deny is installed.
pub(crate) fn run() -> anyhow::Result<()> {
    let version = Command::new("cargo-deny").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !version.is_ok_and(|status| status.success()) {
        println!("NOT RUN: cargo-deny is not installed (`cargo install cargo-deny --locked`)");
        return Ok(());
    }
    let mut deny = Command::new("cargo-deny");
    process::run(deny.current_dir(workspace::root()?).args(["check", "bans", "licenses", "sources"]))
}
