//! Without the drills: the same arguments, given to the program that has them.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::Context as _;

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
    /// Measure what each operation costs, next to the same SQL sent by a bare driver
    Bench(Rest),
    /// Sign customers in with a certified OpenID Connect provider on this machine
    Oidc(Rest),
    /// Refresh tokens from two tabs at once with Apollo Client and urql
    Clients(Rest),
    /// Measure whether the time of an answer tells that an e-mail address has an account
    Enumeration(Rest),
    /// Derive the shipped catalogue from the months of the data set
    Catalogue(Rest),
}

/// Builds and runs the program with the drills.
pub(crate) fn run(drill: &Drill) -> anyhow::Result<ExitCode> {
    // What is measured, and what measures, is a release build.
    let (name, profile, rest) = match drill {
        Drill::Replay(rest) => ("replay", "dev", rest),
        Drill::Bench(rest) => ("bench", "release", rest),
        Drill::Oidc(rest) => ("oidc", "dev", rest),
        Drill::Clients(rest) => ("clients", "dev", rest),
        Drill::Enumeration(rest) => ("enumeration", "release", rest),
        Drill::Catalogue(rest) => ("catalogue", "dev", rest),
    };
    // Of the whole workspace, so that what the program is built of is taken and not built again in other features.
    let arguments = ["build", "--quiet", "--workspace", "--bin", "xtask", "--profile", profile];
    process::run(workspace::cargo().current_dir(workspace::root()?).args(arguments))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    let program = workspace::metadata()?.target_directory.join(folder).join("xtask");
    let mut drill = Command::new(&program);
    let status = drill.arg(name).args(&rest.arguments).status().with_context(|| format!("cannot run {program}"))?;
    // Killed by a signal, it has no code.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
