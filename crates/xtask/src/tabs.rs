//! `cargo xtask tabs`: two tabs that refresh the same token at once, more often than `cargo test` has them do it.

use crate::{process, workspace};

/// Arguments of `cargo xtask tabs`.
#[derive(Debug, clap::Args)]
pub(crate) struct TabsArgs {
    /// How often
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

/// Runs the test with as many rounds.
pub(crate) fn run(args: &TabsArgs) -> anyhow::Result<()> {
    // Without naming the package, so that cargo uses what `cargo test` has built.
    let test = ["test", "--quiet", "--test", "shop", "--", "tokens::tabs::", "--nocapture"];
    let mut cargo = workspace::cargo();
    let rounds = args.rounds.to_string();
    process::run(cargo.current_dir(workspace::root()?).args(test).env("TIDEGATE_TAB_ROUNDS", rounds))
}
