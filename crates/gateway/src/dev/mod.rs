//! `tidegate dev`: a whole shop on a developer's machine.

mod catalogue;
mod database;
mod encryption_key;
mod welcome;

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use tidegate_model::clock::SystemClock;
use tidegate_store::migrations;
use tokio::net::TcpListener;

use crate::app;
use crate::config::{Mode, Secret, Settings};
use crate::problem::Problem;
use crate::server::{self, Running};
use database::Database;

/// Where `dev` keeps what it makes.
const FOLDER: &str = ".tidegate";

/// Starts everything, answers until asked to stop, and stops everything.
pub(crate) async fn run(mut settings: Settings) -> Result<(), Problem> {
    let mut stop = pin!(server::stop_asked()?);
    // Before anything is started, because a taken port is the likeliest mistake.
    let listener = server::bind(settings.listen, "--port").await?;
    let folder = folder()?;
    let database = Database::open(settings.database_url.take(), &folder).await?;
    let ended = tokio::select! {
        opened = open(settings, &folder, &database, listener) => match opened {
            Ok(running) => {
                stop.await;
                running.drain().await;
                Ok(())
            }
            Err(problem) => Err(problem),
        },
        // Asked to stop while starting; an import that is cut off leaves nothing.
        () = &mut stop => Ok(()),
    };
    let stopped = database.stop().await;
    ended.and(stopped)
}

async fn open(
    mut settings: Settings,
    folder: &Path,
    database: &Database,
    listener: TcpListener,
) -> Result<Running, Problem> {
    let url = database.url();
    migrations::migrate(url).await.map_err(|error| app::unreachable(&error))?;
    catalogue::import_into_empty(url).await?;
    settings.database_url = Some(Secret::new(url));
    if settings.key_encryption_key.is_none() {
        settings.key_encryption_key = Some(encryption_key::read_or_make(folder)?);
    }
    let app = app::build(Mode::Dev, settings, Arc::new(SystemClock)).await?;
    let running = server::start(app, listener)?;
    welcome::print(running.address(), database.elsewhere(folder).as_deref());
    Ok(running)
}

fn folder() -> Result<PathBuf, Problem> {
    let here = std::env::current_dir()
        .map_err(|error| Problem::configuration(format!("the current directory cannot be used: {error}")))?;
    Ok(here.join(FOLDER))
}
