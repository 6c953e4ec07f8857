//! `cargo xtask schema-differential`: pairs of schemas, compared by GraphQL Inspector and by us, and by what operations
//! can see.

use crate::{process, workspace};

/// Arguments of `cargo xtask schema-differential`.
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaDifferentialArgs {
    /// How many pairs GraphQL Inspector judges too
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(500..))]
    pairs: u32,
    /// How many pairs are judged by operations
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    oracle_pairs: u32,
    /// Which pairs: the same number gives the same ones
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// Installs the inspector, then runs the tests that make the pairs.
pub(crate) fn run(args: &SchemaDifferentialArgs) -> anyhow::Result<()> {
    process::npm_ci(&workspace::root()?.join("crates/schema-check/tests/differential"))?;
    // Without naming the package, so that cargo uses what `cargo test` has built.
    let test = ["test", "--quiet", "--test", "proof", "--", "--include-ignored", "--nocapture", "--test-threads=1"];
    let mut cargo = workspace::cargo();
    cargo.current_dir(workspace::root()?).args(test);
    cargo.env("SCHEMA_PAIRS", args.pairs.to_string()).env("SCHEMA_SEED", args.seed.to_string());
    process::run(cargo.env("SCHEMA_ORACLE_PAIRS", args.oracle_pairs.to_string()))
}
