//! Attempts in a window, counted in the operation's own statement, over all replicas.

use std::sync::Arc;

use crate::{Statements, Store, StoreError};

/// A limit on attempts. The key is a hash of what is limited and whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Hash of what is limited and whom.
    pub key: [u8; 32],
    /// Attempts in a window.
    pub most: i32,
    /// Seconds that a window lasts.
    pub seconds: i32,
}

/// What a mail is counted under.
#[derive(Debug, Clone, Default)]
pub struct MailLimits {
    /// Its asker's: each of them can refuse it. The first one is also how many a known device may ask for.
    pub asker: Vec<Limit>,
    /// Its recipient's, over all askers: they refuse it only together, and count only what the asker's let through.
    pub recipient: Vec<Limit>,
}

impl MailLimits {
    /// All that a mail was counted under.
    #[must_use]
    pub fn all(&self) -> Vec<Limit> {
        self.asker.iter().chain(&self.recipient).copied().collect()
    }

    pub(crate) fn columns(&self) -> (Columns, Columns) {
        (Columns::from(self.asker.as_slice()), Columns::from(self.recipient.as_slice()))
    }
}

/// Limits as the parallel arrays that the functions take.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) keys: Vec<Vec<u8>>,
    pub(crate) most: Vec<i32>,
    pub(crate) seconds: Vec<i32>,
}

impl From<&[Limit]> for Columns {
    fn from(limits: &[Limit]) -> Self {
        let mut columns = Self::default();
        for limit in limits {
            columns.keys.push(limit.key.to_vec());
            columns.most.push(limit.most);
            columns.seconds.push(limit.seconds);
        }
        columns
    }
}

impl Store {
    /// Takes back an attempt that turned out to be none.
    pub async fn attempt_released(&self, statements: Arc<Statements>, counted: Vec<Limit>) -> Result<(), StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let keys = Columns::from(counted.as_slice()).keys;
                sqlx::query!("select throttle_release_v1($1)", &keys).execute(conn).await?;
                Ok(())
            })
        })
        .await
    }
}
