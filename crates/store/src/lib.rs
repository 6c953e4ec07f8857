//! The state store: every SQL statement, the pool, the migrations runner.
//!
//! To add a read: write a function in the domain's file that takes `&mut Conn` first, with a checked macro
//! (`query!`/`query_as!`), and a method on [`Store`] that runs it through [`Store::work`]; then `cargo xtask sqlx`.
//! To add a write: put it into a versioned SQL function (see `migrations/README.md`) and call that in one statement.
//!
//! What is absent: GraphQL, HTTP, caches, and any state of a client.

pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod error;
pub mod expiry;
pub mod identity;
pub mod mail;
pub mod migrations;
pub mod order;
pub mod outcome;
pub mod pool;
pub mod schema_usage;

pub use error::StoreError;
pub use outcome::{Claim, Outcome, OutcomeError, Refused};
pub use pool::{Conn, PoolSettings, Statements};

use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The way to the database. Cheap to clone; holds connections and nothing else.
#[derive(Debug, Clone)]
pub struct Store {
    pool: pool::Pool,
    reads: Arc<Semaphore>,
    wait: Duration,
}

impl Store {
    /// Makes a store; connections are opened when they are first needed.
    pub fn new(url: &str, settings: PoolSettings) -> Result<Self, StoreError> {
        let reads = Arc::new(Semaphore::new(settings.reads()));
        Ok(Self { pool: pool::build(url, settings)?, reads, wait: settings.wait })
    }

    /// Runs one unit of work on a connection, in a task of its own: it runs to its end even if whoever waits for it is
    /// dropped, so no client that hangs up can leave a connection in the middle of something.
    pub async fn work<T, F>(&self, statements: Arc<Statements>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let request_id = statements.request();
        // In a box, because tokio moves a task's future and its output about, and opening a connection is a large one.
        let task = tokio::spawn(Box::pin(run(self.pool.clone(), statements, work)));
        let result = task.await.unwrap_or(Err(StoreError::Panicked));
        result.inspect_err(|error| error.log(request_id))
    }

    /// Runs a unit of work that only reads. Few of them run at once ([`PoolSettings::reads`]); the others wait for
    /// their turn as long as for a connection.
    pub async fn read<T, F>(&self, statements: Arc<Statements>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let request_id = statements.request();
        let (pool, reads, wait) = (self.pool.clone(), Arc::clone(&self.reads), self.wait);
        let task = tokio::spawn(Box::pin(async move {
            let turn = tokio::time::timeout(wait, reads.acquire_owned()).await;
            let turn = turn.map_err(|_| StoreError::NoConnection)?;
            let result = run(pool, statements, work).await;
            drop(turn);
            result
        }));
        let result = task.await.unwrap_or(Err(StoreError::Panicked));
        result.inspect_err(|error| error.log(request_id))
    }

    /// Connections open and in use now, for metrics.
    #[must_use]
    pub fn connections(&self) -> (usize, usize) {
        let status = self.pool.status();
        (status.size, status.size - status.available)
    }
}

async fn run<T, F>(pool: pool::Pool, statements: Arc<Statements>, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
{
    let mut conn = Conn::take(&pool, statements).await?;
    let result = work(&mut conn).await;
    conn.give_back(result.as_ref().err());
    result
}
