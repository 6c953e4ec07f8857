//! `cargo xtask playground`: GraphiQL, built from its npm packages into the gateway's assets.

use crate::{process, workspace};

/// Arguments of `cargo xtask playground`.
#[derive(Debug, clap::Args)]
pub(crate) struct PlaygroundArgs {
    /// Compare the committed files with what the sources build, and use the page in Chromium
    #[arg(long)]
    check: bool,
}

/// Builds the files, or checks them.
pub(crate) fn run(args: &PlaygroundArgs) -> anyhow::Result<()> {
    let folder = workspace::root()?.join("playground");
    process::npm_ci(&folder)?;
    let script = if args.check { "check" } else { "build" };
    process::run(process::npm(&folder).args(["run", script]))
}
