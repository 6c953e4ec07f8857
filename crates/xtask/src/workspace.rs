//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use cargo_metadata::{Metadata, MetadataCommand};

/// The workspace as cargo sees it, without what it takes from elsewhere.
pub(crate) fn metadata() -> anyhow::Result<Metadata> {
    let manifest = crate_folder().join("Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().context("cargo cannot read the workspace")
}

/// The repository's top folder.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    crate_folder().join("../..").canonicalize().context("cannot find the repository")
}

/// The cargo that started this.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Cargo tells it to what it runs; that is right also when two clones share one target folder.
fn crate_folder() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).into(), PathBuf::from)
}
