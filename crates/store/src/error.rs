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
    #[error("a lock was not free in time (on the idempotency key: {on_key})")]
    Busy {
        /// Whether the wait was for another call that holds the same idempotency key.
        on_key: bool,
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
                    "40001" | "40P01" | "55P03" => Self::Busy { on_key: waited_on_key(&**database) },
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

/// The table of the row that a call waits for while another one holds the same idempotency key.
const KEY_TABLE: &str = "idempotency";

/// Whether a lock wait was for an idempotency key.
fn waited_on_key(error: &dyn sqlx::error::DatabaseError) -> bool {
    let context = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().and_then(|error| error.r#where());
    context.is_some_and(begins_with_key)
}

/// The first line of an error's context is about what was waited for, as in
/// `while inserting index tuple (0,1) in relation "idempotency"`; callers follow. Its words and quotation marks are in
/// the server's language (`lc_messages`, which only a superuser may set), the table's name is not.
fn begins_with_key(context: &str) -> bool {
    context.lines().next().is_some_and(|line| line.contains(KEY_TABLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_for_a_key_is_known_in_any_language_of_the_server() {
        let callers =
            "SQL statement \"insert into idempotency (key_hash)\"\nPL/pgSQL function idempotency_open_v1(bytea)";
        // As PostgreSQL 15's own catalogues of messages have it.
        for words in [
            "while inserting index tuple (0,1) in relation \"idempotency\"",
            "beim Einfügen von Indextupel (0,1) in Relation »idempotency«",
            "lors de l'insertion de l'enregistrement (0, 1) de l'index dans la relation « idempotency »",
            "リレーション\"idempotency\"のインデックスタプル(0,1)の挿入中",
        ] {
            assert!(begins_with_key(&format!("{words}\n{callers}")), "{words}");
        }
        for words in
            ["while locking tuple (0,1) in relation \"cart\"", "beim Aktualisieren von Tupel (0,1) in Relation »stock«"]
        {
            assert!(!begins_with_key(&format!("{words}\n{callers}")), "{words}");
        }
    }
}
