//! `cargo xtask codegen`: the typed client that the README shows must come out of the schema and compile strictly.

use crate::{process, workspace};

/// Generates the types and compiles the example.
pub(crate) fn run() -> anyhow::Result<()> {
    let folder = workspace::root()?.join("clients/typescript");
    process::npm_ci(&folder)?;
    process::run(process::npm(&folder).args(["run", "generate"]))?;
    process::run(process::npm(&folder).args(["run", "check"]))
}
