//! Runs the migrations, and tells whether a database has them.

use sqlx::migrate::{Migrate as _, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use std::sync::Arc;

use crate::{Store, StoreError};

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// How a database stands to this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// It has every migration of this release (and perhaps a later one's: the schema only expands).
    Current,
    /// It lacks this many.
    Behind(usize),
}

/// Brings a database up to this release. Returns how many migrations were applied. Safe to run on several replicas at
/// once: sqlx takes an advisory lock.
pub async fn migrate(url: &str) -> Result<usize, MigrateError> {
    let options: PgConnectOptions = url.parse().map_err(MigrateError::Database)?;
    let options = options.options([("lock_timeout", "3s"), ("statement_timeout", "0")]);
    let mut connection = options.connect().await.map_err(MigrateError::Database)?;
    let before = behind(&mut connection).await?;
    MIGRATOR.run(&mut connection).await.map_err(MigrateError::Migration)?;
    connection.close().await.map_err(MigrateError::Database)?;
    Ok(before)
}

/// Compares a database with this release.
pub async fn state(url: &str) -> Result<MigrationState, MigrateError> {
    let options: PgConnectOptions = url.parse().map_err(MigrateError::Database)?;
    let mut connection = options.connect().await.map_err(MigrateError::Database)?;
    let behind = behind(&mut connection).await?;
    connection.close().await.map_err(MigrateError::Database)?;
    Ok(if behind == 0 { MigrationState::Current } else { MigrationState::Behind(behind) })
}

async fn behind(connection: &mut sqlx::PgConnection) -> Result<usize, MigrateError> {
    let exists: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null")
        .fetch_one(&mut *connection)
        .await
        .map_err(MigrateError::Database)?;
    if !exists {
        return Ok(MIGRATOR.iter().count());
    }
    let applied = connection.list_applied_migrations("_sqlx_migrations").await.map_err(MigrateError::Migration)?;
    Ok(MIGRATOR.iter().filter(|ours| !applied.iter().any(|theirs| theirs.version == ours.version)).count())
}

impl Store {
    /// How the database stands to this release, over a connection of the pool; for readiness. One statement. The table
    /// is the migrations runner's own, so the statement cannot be checked against ours.
    pub async fn migration_state(&self) -> Result<MigrationState, StoreError> {
        self.work(Arc::default(), |conn| {
            Box::pin(async move {
                let ours: Vec<i64> = MIGRATOR.iter().map(|migration| migration.version).collect();
                let applied: i64 =
                    sqlx::query_scalar("select count(*) from _sqlx_migrations where success and version = any ($1)")
                        .bind(&ours)
                        .fetch_one(conn)
                        .await?;
                let behind = ours.len().saturating_sub(usize::try_from(applied).unwrap_or_default());
                Ok(if behind == 0 { MigrationState::Current } else { MigrationState::Behind(behind) })
            })
        })
        .await
    }
}

/// Why the migrations could not be run or compared.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database refused.
    #[error("the database cannot be used: {0}")]
    Database(#[source] sqlx::Error),
    /// A migration failed or was changed after it was applied.
    #[error("a migration failed: {0}")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Database(error) => Self::from(error),
            MigrateError::Migration(error) => Self::Unexpected(sqlx::Error::Migrate(Box::new(error))),
        }
    }
}
