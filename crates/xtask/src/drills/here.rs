//! With the drills.

use crate::catalogue;

/// The chores.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Drill {
    /// Derive the shipped catalogue from the months of the data set
    Catalogue(catalogue::CatalogueArgs),
}

/// Runs one.
pub(crate) fn run(drill: Drill) -> anyhow::Result<()> {
    match drill {
        Drill::Catalogue(args) => catalogue::run(&args),
    }
}
