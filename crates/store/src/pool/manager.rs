//! Opens connections, and decides which may be used again.

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult, Timeouts};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Row as _};
use std::time::Duration;

use super::PoolSettings;
use crate::StoreError;

/// A pool of connections.
pub(crate) type Pool = managed::Pool<Manager>;

/// How long a connection may idle before it is probed again.
const IDLE_BEFORE_PROBE: Duration = Duration::from_secs(5);
/// How long a connection lives; the pool spreads the ends by up to a quarter.
const LIFETIME: Duration = Duration::from_mins(10);

/// Opens connections with the timeouts that keep one client from holding others up (PostgreSQL 15, 20.11).
#[derive(Debug)]
pub(crate) struct Manager {
    options: PgConnectOptions,
}

/// Makes a pool. Nothing is opened yet.
pub(crate) fn build(url: &str, settings: PoolSettings) -> Result<Pool, StoreError> {
    let options: PgConnectOptions = url.parse().map_err(StoreError::Address)?;
    let options = options
        .application_name("tidegate")
        .options([
            ("statement_timeout", "5s"),
            ("lock_timeout", "2s"),
            ("idle_in_transaction_session_timeout", "5s"),
            ("client_connection_check_interval", "1s"),
        ])
        .disable_statement_logging();
    let timeouts =
        Timeouts { wait: Some(settings.wait), create: Some(settings.connect), recycle: Some(settings.connect) };
    managed::Pool::builder(Manager { options })
        .max_size(settings.max_connections)
        .timeouts(timeouts)
        // The connection used last: its session is still in the caches, and those not needed stay idle.
        .queue_mode(deadpool::managed::QueueMode::Lifo)
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(|error| StoreError::Unexpected(sqlx::Error::Configuration(error.into())))
}

impl managed::Manager for Manager {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        probe(&mut connection).await?;
        Ok(connection)
    }

    async fn recycle(&self, connection: &mut PgConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.age() > lifetime(metrics) {
            return Err(RecycleError::message("the connection has reached its age"));
        }
        if metrics.last_used() > IDLE_BEFORE_PROBE {
            probe(connection).await?;
        }
        Ok(())
    }
}

/// Connections that were opened together shall not end together: their first use spreads them.
fn lifetime(metrics: &Metrics) -> Duration {
    let spread = u64::from(metrics.created.elapsed().subsec_nanos() % 150);
    LIFETIME.saturating_sub(Duration::from_secs(spread))
}

/// Fails on a session that is inside somebody's transaction, in an aborted one, or on a server that only reads. Right
/// only as a simple query: both clocks are equal in a fresh implicit transaction alone.
async fn probe(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    use sqlx::Executor as _;
    let sound = "select now() = statement_timestamp() and not pg_is_in_recovery()";
    let row = connection.fetch_one(sqlx::raw_sql(sound)).await?;
    if row.try_get::<bool, _>(0)? {
        Ok(())
    } else {
        Err(sqlx::Error::Protocol("the session is not idle and writable".into()))
    }
}
