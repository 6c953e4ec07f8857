//! What can go wrong with the database, by what the caller can do about it.

/// A failure of the store. Its text is for our logs; `model::Failure`, which has none, is what goes on to a client.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection came free in time.
    #[error("no connection came free in time")]
    NoConnection,
    /// The database cannot be reached, is starting, stopping, or read-only.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The address of the database cannot be read.
    #[error("the database address cannot be read: {0}")]
    Address(#[source] sqlx::Error),
    /// A lock was not free within `lock_timeout`, or two transactions collided. Nothing was written.
    #[error("a lock was not free in time (on {relation:?})")]
    Busy {
        /// The relation the wait was on, when PostgreSQL named it.
        relation: Option<String>,
    },
    /// A statement ran into `statement_timeout`.
    #[error("a statement took too long")]
    Timeout,
    /// A value that PostgreSQL cannot hold, such as a NUL in a text.
    #[error("a value cannot be stored")]
    BadValue,
    /// A row that the rules of the schema exclude.
    #[error("{table}.{column} is not what the schema promises (row {row})")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The key of the row.
        row: uuid::Uuid,
    },
    /// The unit of work panicked.
    #[error("a unit of work panicked")]
    Panicked,
    /// Anything else: a fault of ours.
    #[error("unexpected database error: {0}")]
    Unexpected(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default().into_owned();
                match code.as_str() {
                    "40001" | "40P01" | "55P03" => Self::Busy { relation: waited_on(&**database) },
                    "57014" => Self::Timeout,
                    "22021" | "22P02" | "22003" | "22P05" => Self::BadValue,
                    "25006" | "53300" => Self::Unavailable(error),
                    _ if code.starts_with("57P") || code.starts_with("08") => Self::Unavailable(error),
                    _ => Self::Unexpected(error),
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error)
            }
            _ => Self::Unexpected(error),
        }
    }
}

impl StoreError {
    /// Logs what is our fault, once: what a client may know of it has no text.
    pub(crate) fn log(&self, request_id: uuid::Uuid) {
        match self {
            Self::NoConnection | Self::Unavailable(_) => {
                tracing::warn!(%request_id, error = %self, "the database did not answer");
            }
            Self::Timeout => tracing::warn!(%request_id, "a statement ran into its timeout"),
            Self::Address(_) | Self::Inconsistent { .. } | Self::Panicked | Self::Unexpected(_) => {
                tracing::error!(%request_id, error = %self, "unexpected failure of the store");
            }
            Self::Busy { .. } | Self::BadValue => {}
        }
    }

    /// Whether the connection it happened on may serve another unit of work: PostgreSQL answered, and the statement was
    /// a transaction of its own.
    pub(crate) fn leaves_connection_clean(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Timeout | Self::BadValue | Self::Inconsistent { .. })
    }
}

/// The relation of the row that a lock wait was on. PostgreSQL names it in the error's context, as in
/// `while inserting index tuple (0,1) in relation "idempotency_pkey"`.
fn waited_on(error: &dyn sqlx::error::DatabaseError) -> Option<String> {
    let context = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?.r#where()?;
    let (_, rest) = context.split_once("in relation \"")?;
    rest.split_once('"').map(|(relation, _)| relation.to_owned())
}
