//! A connection on loan to one unit of work, and the count of what it sends.

use deadpool::managed::{Object, PoolError};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::postgres::{PgConnection, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Either, Execute, Executor, Postgres, SqlStr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

use super::{Manager, Pool};
use crate::StoreError;

/// Statements that one request has sent, and the request's id for the log. Lives as long as the request.
#[derive(Debug, Default)]
pub struct Statements {
    sent: AtomicU32,
    request: Uuid,
}

impl Statements {
    /// None so far of a request.
    #[must_use]
    pub fn of(request: Uuid) -> Self {
        Self { sent: AtomicU32::new(0), request }
    }

    /// The request's id; nil for work that belongs to none.
    #[must_use]
    pub fn request(&self) -> Uuid {
        self.request
    }

    /// How many so far.
    pub fn count(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }
}

/// A connection on loan. It returns to the pool only if its work ended cleanly; dropped without a word, it is closed.
#[derive(Debug)]
pub struct Conn {
    connection: Option<Object<Manager>>,
    statements: Arc<Statements>,
}

impl Conn {
    pub(crate) async fn take(pool: &Pool, statements: Arc<Statements>) -> Result<Self, StoreError> {
        let connection = pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => StoreError::Unavailable(error),
            _ => StoreError::NoConnection,
        })?;
        Ok(Self { connection: Some(connection), statements })
    }

    pub(crate) fn give_back(mut self, error: Option<&StoreError>) {
        if error.is_none_or(StoreError::leaves_connection_clean) {
            // Dropping the pool's own guard is what returns a connection.
            drop(self.connection.take());
        }
    }

    #[expect(clippy::expect_used, reason = "only give_back and drop take the connection, and both end the loan")]
    fn counted(&mut self) -> &mut PgConnection {
        self.statements.sent.fetch_add(1, Ordering::Relaxed);
        self.connection.as_mut().expect("the connection is on loan")
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}

impl<'c> Executor<'c> for &'c mut Conn {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.counted().fetch_many(query)
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.counted().fetch_optional(query)
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        self.counted().prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        self.counted().describe(sql)
    }
}
