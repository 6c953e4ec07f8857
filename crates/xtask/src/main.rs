//! The project's own chores: `cargo xtask --help` lists them.

#[cfg(feature = "drills")]
mod catalogue;
mod codegen;
mod deny;
mod differential;
mod drills;
mod playground;
mod process;
mod proxies;
mod schema;
mod schema_differential;
mod sqlx;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;

/// The project's own chores
#[derive(Debug, clap::Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, clap::Subcommand)]
enum Chore {
    /// Check crate arrows, budgets, stateless rules and wording
    Tidy,
    /// Write schema.graphql
    Schema(schema::SchemaArgs),
    /// Describe the store's SQL for builds without a database
    Sqlx(sqlx::SqlxArgs),
    /// Check licences, bans and sources of dependencies
    Deny,
    /// Compare answers with graphql-js on random documents
    Differential(differential::DifferentialArgs),
    /// Compare changes of schemas with GraphQL Inspector and with what operations can see
    SchemaDifferential(schema_differential::SchemaDifferentialArgs),
    /// Build the playground's files
    Playground(playground::PlaygroundArgs),
    /// Generate and compile the typed client
    Codegen,
    /// Run three replicas behind nginx and HAProxy while they are killed and drained
    Proxies(proxies::ProxiesArgs),
    #[command(flatten)]
    Drill(drills::Drill),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().chore {
        Chore::Tidy => tidy::run(),
        Chore::Schema(args) => schema::run(&args),
        Chore::Sqlx(args) => sqlx::run(&args),
        Chore::Deny => deny::run(),
        Chore::Differential(args) => differential::run(&args),
        Chore::SchemaDifferential(args) => schema_differential::run(&args),
        Chore::Playground(args) => playground::run(&args),
        Chore::Codegen => codegen::run(),
        Chore::Proxies(args) => proxies::run(&args),
        Chore::Drill(drill) => return drills::run(&drill),
    }?;
    Ok(ExitCode::SUCCESS)
}
