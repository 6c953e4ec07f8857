//! Without the drills: the same arguments, given to the program that has them.

use std::ffi::OsString;

use crate::{process, workspace};

/// Everything after the chore's name.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Rest {
    /// What the chore takes: ask with `--help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// The chores, as `here` has them.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Drill {
    /// Play a month of real invoices as shoppers and reconcile every penny
    Replay(Rest),
    /// Measure each operation next to what PostgreSQL alone can do
    Bench(Rest),
    /// Derive the shipped catalogue from the months of the data set
    Catalogue(Rest),
}

/// Builds and runs the program with the drills.
pub(crate) fn run(drill: Drill) -> anyhow::Result<()> {
    let (name, rest) = match drill {
        Drill::Replay(rest) => ("replay", rest),
        Drill::Bench(rest) => ("bench", rest),
        Drill::Catalogue(rest) => ("catalogue", rest),
    };
    let arguments = ["run", "--quiet", "--package", "xtask", "--", name];
    process::run(workspace::cargo().args(arguments).args(rest.arguments))
}
