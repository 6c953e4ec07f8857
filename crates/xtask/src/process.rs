//! Runs other programs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

/// Runs a program with its output going where ours goes, and tells what was run.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let line = shown(command);
    println!("$ {line}");
    let status = command.status().with_context(|| format!("cannot run {line}"))?;
    if !status.success() {
        bail!("{line}: {status}");
    }
    Ok(())
}

/// Installs a folder's npm packages, exactly those of its lock file.
pub(crate) fn npm_ci(folder: &Path) -> anyhow::Result<()> {
    run(npm(folder).args(["ci", "--no-audit", "--no-fund"]))
}

/// npm in a folder.
pub(crate) fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
