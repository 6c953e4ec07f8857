//! With the drills.

use std::process::ExitCode;

use tidegate_drills::{bench, clients, enumeration, oidc, replay};

use crate::{catalogue, process};

/// The chores.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Drill {
    /// Play a month of real invoices as shoppers and reconcile every penny
    Replay(replay::ReplayArgs),
    /// Measure what each operation costs, next to the same SQL sent by a bare driver
    Bench(bench::BenchArgs),
    /// Sign customers in with a certified OpenID Connect provider on this machine
    Oidc(oidc::OidcArgs),
    /// Refresh tokens from two tabs at once with Apollo Client and urql
    Clients(clients::ClientsArgs),
    /// Measure whether the time of an answer tells that an e-mail address has an account
    Enumeration(enumeration::EnumerationArgs),
    /// Derive the shipped catalogue from the months of the data set
    Catalogue(catalogue::CatalogueArgs),
}

/// Runs one.
pub(crate) fn run(drill: &Drill) -> anyhow::Result<ExitCode> {
    match drill {
        Drill::Replay(args) => replay::run(args),
        Drill::Bench(args) => bench::run(args),
        Drill::Oidc(args) => {
            process::npm_ci(args.folder())?;
            oidc::run(args)
        }
        Drill::Clients(args) => {
            process::npm_ci(args.folder())?;
            clients::run(args)
        }
        Drill::Enumeration(args) => enumeration::run(args),
        Drill::Catalogue(args) => catalogue::run(args).map(|()| ExitCode::SUCCESS),
    }
}
