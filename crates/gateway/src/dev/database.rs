//! The database of `dev`: the one that `DATABASE_URL` names, or a private PostgreSQL.

use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tidegate_local_postgres::{Binaries, LocalPostgres, LocalPostgresError, Settings as LocalSettings};

use crate::config::Secret;
use crate::problem::Problem;

/// What the private server's database is called.
const NAME: &str = "tidegate";

/// A database that answers.
pub(super) struct Database {
    url: Secret,
    server: Option<LocalPostgres>,
}

impl Database {
    /// Opens the database, starting a private server in `folder` unless an address is given.
    pub(super) async fn open(url: Option<Secret>, folder: &Path) -> Result<Self, Problem> {
        if let Some(url) = url {
            return Ok(Self { url, server: None });
        }
        let settings = LocalSettings::durable(folder);
        let server = blocking(move || LocalPostgres::start(&Binaries::find()?, &settings)).await?;
        create_if_missing(&server.url("postgres")).await.map_err(|error| {
            Problem::failed(format!("the private database cannot be used: {error}"))
                .hint(format!("its log is {}", server.log().display()))
        })?;
        Ok(Self { url: Secret::new(server.url(NAME)), server: Some(server) })
    }

    pub(super) fn url(&self) -> &str {
        self.url.reveal()
    }

    /// The folder of the data, where it is not inside `folder`.
    pub(super) fn elsewhere(&self, folder: &Path) -> Option<PathBuf> {
        let directory = self.server.as_ref()?.directory();
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        (directory != folder).then(|| directory.to_owned())
    }

    /// Stops a private server.
    pub(super) async fn stop(self) -> Result<(), Problem> {
        match self.server {
            Some(server) => blocking(move || server.stop()).await,
            None => Ok(()),
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LocalPostgresError> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|error| Problem::configuration(error.to_string())),
        Err(_) => Err(Problem::failed("the private database could not be started or stopped")),
    }
}

async fn create_if_missing(maintenance_url: &str) -> Result<(), sqlx::Error> {
    let options: PgConnectOptions = maintenance_url.parse()?;
    let mut connection = options.connect().await?;
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(NAME)
        .fetch_one(&mut connection)
        .await?;
    if !exists {
        // The name is a constant; a database cannot be named by a parameter.
        sqlx::raw_sql("create database tidegate").execute(&mut connection).await?;
    }
    connection.close().await
}

/// Whether a shop has no product yet.
pub(super) async fn is_empty(url: &str) -> Result<bool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let mut connection = options.connect().await?;
    let empty = sqlx::query_scalar("select not exists (select from product)").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(empty)
}
