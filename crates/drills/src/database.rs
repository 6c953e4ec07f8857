//! A private PostgreSQL with one empty database, gone when it is dropped.

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tidegate_local_postgres::{Binaries, LocalPostgres, Settings};

/// A server of the drill's own.
#[derive(Debug)]
pub(crate) struct Database {
    // Dropped in this order: the server, then its folder.
    server: LocalPostgres,
    _folder: TempDir,
}

impl Database {
    /// Starts a server whose commits wait for the disk, as a shop's do, and makes the database.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let database = tokio::task::spawn_blocking(start_server).await??;
        let mut connection = PgConnection::connect(&database.server.url("postgres")).await?;
        sqlx::query("create database shop").execute(&mut connection).await?;
        connection.close().await?;
        Ok(database)
    }

    /// The address of the shop's database.
    pub(crate) fn url(&self) -> String {
        self.server.url("shop")
    }

    /// The process id of the server's first process, which no sensible one has at 0.
    pub(crate) fn pid(&self) -> u32 {
        u32::try_from(self.server.pid()).unwrap_or(0)
    }

    /// A connection to the shop's database.
    pub(crate) async fn connect(&self) -> anyhow::Result<PgConnection> {
        PgConnection::connect(&self.url()).await.context("the private database cannot be reached")
    }
}

fn start_server() -> anyhow::Result<Database> {
    let folder = tempfile::Builder::new().prefix("tidegate-drill-").tempdir()?;
    let settings = Settings { remove_when_stopped: true, max_connections: 200, ..Settings::durable(folder.path()) };
    let server = LocalPostgres::start(&Binaries::find()?, &settings)?;
    Ok(Database { server, _folder: folder })
}
