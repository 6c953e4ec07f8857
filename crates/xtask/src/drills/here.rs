//! With the drills.

use std::process::ExitCode;

use tidegate_drills::{bench, replay};

use crate::catalogue;

/// The chores.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Drill {
    /// Play a month of real invoices as shoppers and reconcile every penny
    Replay(replay::ReplayArgs),
    /// Measure what each operation costs, next to the same SQL sent by a bare driver
    Bench(bench::BenchArgs),
    /// Derive the shipped catalogue from the months of the data set
    Catalogue(catalogue::CatalogueArgs),
}

/// Runs one.
pub(crate) fn run(drill: &Drill) -> anyhow::Result<ExitCode> {
    match drill {
        Drill::Replay(args) => replay::run(args),
        Drill::Bench(args) => bench::run(args),
        Drill::Catalogue(args) => catalogue::run(args).map(|()| ExitCode::SUCCESS),
    }
}
