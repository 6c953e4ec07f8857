//! `cargo xtask schema`: the contract as the text that front-end developers read.

use std::fs;

use anyhow::{Context as _, bail};

use crate::{process, workspace};

const FILE: &str = "schema.graphql";

/// Arguments of `cargo xtask schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// Fail if the file is not what the code says, and write nothing
    #[arg(long)]
    check: bool,
}

/// Writes the file, or compares it.
pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<()> {
    let root = workspace::root()?;
    let path = root.join(FILE);
    let text = process::output(process::tidegate(&root).args(["schema", "print"]))?;
    if !args.check {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(());
    }
    let committed = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let Some(line) = first_difference(&committed, &text) else {
        println!("{FILE} is what the code says");
        return Ok(());
    };
    bail!("{FILE}:{line} is not what the code says: run `cargo xtask schema`");
}

/// The first line in which two texts differ, counted from 1.
fn first_difference(left: &str, right: &str) -> Option<usize> {
    if left == right {
        return None;
    }
    let same = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a", "a\n"), Some(2));
    }
}
