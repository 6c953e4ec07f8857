//! What is abandoned expires. Any replica may delete; they skip each other's rows.

use std::sync::Arc;
use time::OffsetDateTime;

use crate::{Statements, Store, StoreError};

impl Store {
    /// Deletes at most `batch` rows of each kind that has expired: empty carts and sessions without a cart or a fresh
    /// visit after six hours, carts after thirty days without a change, idempotency rows after thirty days. Orders
    /// stay. Returns the rows deleted; zero means that nothing is left to do.
    pub async fn expire(
        &self,
        statements: Arc<Statements>,
        now: OffsetDateTime,
        batch: i64,
    ) -> Result<i64, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let deleted = sqlx::query_scalar!(r#"select expire_v1($1, $2) as "deleted!""#, now, batch)
                    .fetch_one(conn)
                    .await?;
                Ok(deleted)
            })
        })
        .await
    }
}
