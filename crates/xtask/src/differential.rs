//! `cargo xtask differential`: random documents, answered by graphql-js and by us, must be answered alike.

use std::fs;

use anyhow::Context as _;

use crate::{process, workspace};

/// Arguments of `cargo xtask differential`.
#[derive(Debug, clap::Args)]
pub(crate) struct DifferentialArgs {
    /// How many documents
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..))]
    cases: u32,
    /// Which documents: the same number gives the same ones
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// Lets the reference make the cases, then runs the test that answers them.
pub(crate) fn run(args: &DifferentialArgs) -> anyhow::Result<()> {
    let folder = workspace::root()?.join("crates/document/tests/differential");
    let target = workspace::metadata()?.target_directory.into_std_path_buf().join("differential");
    fs::create_dir_all(&target).with_context(|| format!("cannot make {}", target.display()))?;
    let cases = target.join("cases.jsonl");
    process::npm_ci(&folder)?;
    let mut generate = std::process::Command::new("node");
    generate.current_dir(&folder).arg("generate.mjs");
    process::run(generate.args([args.cases.to_string(), args.seed.to_string()]).arg(&cases))?;
    // Without naming the package, so that cargo uses what `cargo test` has built.
    let test = ["test", "--quiet", "--test", "differential", "--", "--include-ignored", "--nocapture"];
    let mut cargo = workspace::cargo();
    process::run(cargo.current_dir(workspace::root()?).args(test).env("DIFFERENTIAL_CASES", &cases))
}
