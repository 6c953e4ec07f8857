//! The files that belong to the project: what git tracks, and what it would.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

/// A file of text.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    /// From the repository's top folder, with `/`.
    pub(super) path: String,
    /// All of it.
    pub(super) text: String,
}

impl TextFile {
    /// Whether the file's name ends in a dot and this.
    pub(super) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|actual| actual == extension)
    }
}

/// Every file that is text.
pub(super) fn files(root: &Path) -> anyhow::Result<Vec<TextFile>> {
    // A clone that belongs to somebody else is read all the same; nothing in it is run.
    let arguments = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").current_dir(root).args(arguments).output().context("cannot run git")?;
    if !output.status.success() {
        bail!("git cannot list the files: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let mut paths: Vec<String> = String::from_utf8(output.stdout)?.split_terminator('\0').map(str::to_owned).collect();
    paths.sort();
    paths.dedup();
    // What is deleted and not yet committed, and what is no text, has nothing to check.
    let file = |path: String| Some(TextFile { text: fs::read_to_string(root.join(&path)).ok()?, path });
    Ok(paths.into_iter().filter_map(file).collect())
}
