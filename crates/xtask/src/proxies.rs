//! Three replicas behind nginx and behind HAProxy, with the configurations of `deploy/`, under load while they end.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{process, workspace};

#[derive(Debug, clap::Args)]
pub(crate) struct ProxiesArgs {
    /// Seconds of load behind each proxy
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

pub(crate) fn run(args: &ProxiesArgs) -> anyhow::Result<()> {
    let root = workspace::root()?;
    let program = match std::env::var_os("TIDEGATE_BIN") {
        Some(program) => PathBuf::from(program),
        None => build(&root)?,
    };
    let script = root.join("deploy/check.sh");
    process::run(Command::new(script).arg(program).arg(args.seconds.to_string()).args(["nginx", "haproxy"]))
}

fn build(root: &Path) -> anyhow::Result<PathBuf> {
    process::run(workspace::cargo().current_dir(root).args(["build", "--bin", "tidegate"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("debug/tidegate"))
}
