//! Which command does what.

use super::arguments::{PrintArguments, SchemaCommand};
use super::{changelog, check, fetch, lint, unused};
use crate::cli::print;
use crate::problem::Problem;

/// Runs one of the commands.
pub(in crate::cli) async fn run(command: SchemaCommand) -> Result<(), Problem> {
    match command {
        SchemaCommand::Print(arguments) => print_schema(arguments).await,
        SchemaCommand::Check(arguments) => check::run(arguments).await,
        SchemaCommand::Lint(arguments) => lint::run(arguments).await,
        SchemaCommand::Changelog(arguments) => changelog::run(arguments).await,
        SchemaCommand::Unused(arguments) => unused::run(arguments).await,
    }
}

async fn print_schema(arguments: PrintArguments) -> Result<(), Problem> {
    match &arguments.introspect {
        None => print(&tidegate_schema::sdl()),
        Some(url) => print(&fetch::introspect(url, &arguments.headers.headers).await?),
    }
}
