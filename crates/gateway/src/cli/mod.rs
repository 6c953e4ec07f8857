//! The command line.

mod api_keys;
mod arguments;
mod import;
mod keys;
mod lifetime;
mod mail;
mod progress;
mod schema;
mod serve;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use tidegate_store::migrations;

use crate::app::{self, database_url};
use crate::config::{self, Mode, OPTIONS, Settings};
use crate::problem::Problem;
use crate::{dev, logs};
use arguments::{Arguments, Command, DevArguments};

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let ended = run(Arguments::parse());
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // A closed error output leaves the exit code.
            let _ = writeln!(std::io::stderr(), "{problem}");
            ExitCode::from(problem.code)
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Problem> {
    let file = arguments.config.as_deref();
    match arguments.command.unwrap_or(Command::Dev(DevArguments { port: None })) {
        Command::Dev(arguments) => {
            let mut settings = load(Mode::Dev, file)?;
            if let Some(port) = arguments.port {
                settings.listen.set_port(port);
            }
            logs::start(&settings)?;
            block_on(dev::run(settings))
        }
        Command::Serve(arguments) => {
            let mut settings = load(Mode::Serve, file)?;
            if let Some(listen) = arguments.listen {
                settings.listen = listen;
            }
            logs::start(&settings)?;
            block_on(serve::run(settings))
        }
        Command::Migrate => block_on(migrate(load(Mode::Serve, file)?)),
        Command::Import(arguments) => block_on(import::run(load(Mode::Serve, file)?, arguments)),
        Command::Keys { command } => block_on(keys::run(load(Mode::Serve, file)?, command)),
        Command::ApiKeys { command } => block_on(api_keys::run(load(Mode::Serve, file)?, command)),
        Command::Schema { command } => block_on(schema::run(command)),
        Command::Mail { command } => block_on(mail::run(load(Mode::Serve, file)?, command)),
        Command::Config => print(&effective(&load(Mode::Serve, file)?)),
    }
}

fn load(mode: Mode, file: Option<&Path>) -> Result<Settings, Problem> {
    config::load(mode, file, &|name| std::env::var(name).ok())
}

fn block_on(work: impl Future<Output = Result<(), Problem>>) -> Result<(), Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::failed(format!("the runtime could not be started: {error}")))?;
    runtime.block_on(work)
}

async fn migrate(settings: Settings) -> Result<(), Problem> {
    let applied = migrations::migrate(database_url(&settings)?).await.map_err(|error| app::unreachable(&error))?;
    match applied {
        0 => print("The database is current.\n"),
        1 => print("Applied 1 migration.\n"),
        applied => print(&format!("Applied {applied} migrations.\n")),
    }
}

/// Every option with the value in force, as a file would have it but for its secrets.
fn effective(settings: &Settings) -> String {
    let lines = OPTIONS.iter().map(|option| {
        let value = serde_json::Value::from((option.show)(settings));
        format!("# {}. {}\n{} = {value}\n", option.about, option.variable, option.key)
    });
    lines.collect::<Vec<_>>().join("\n") + &config::show_lists(settings)
}

fn print(text: &str) -> Result<(), Problem> {
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| Problem::failed(format!("cannot write: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_effective_configuration_hides_secrets() {
        let mut settings = Settings::defaults(Mode::Serve);
        settings.database_url = Some(config::Secret::new("postgres://user:hush@host/db"));

        let shown = effective(&settings);

        assert!(shown.contains("database.url = \"[set]\"") && !shown.contains("hush"), "{shown}");
        assert!(shown.contains("keys.encryption_key = \"[not set]\""), "{shown}");
        assert!(shown.contains("drain.delay = \"5s\""), "{shown}");
    }
}
