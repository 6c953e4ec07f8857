//! Runs other programs.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::workspace;

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

/// Runs a program and returns what it writes.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let line = shown(command);
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {line}"))?;
    if !output.status.success() {
        bail!("{line}: {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{line} writes no text"))
}

/// The program that all this is about: `TIDEGATE_BIN`, or the one that cargo makes.
pub(crate) fn tidegate(root: &Path) -> Command {
    let given = std::env::var_os("TIDEGATE_BIN").filter(|path| !path.is_empty());
    given.map_or_else(
        || {
            let mut command = workspace::cargo();
            command.current_dir(root).args(["run", "--quiet", "--bin", "tidegate", "--"]);
            command
        },
        Command::new,
    )
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
