//! The signing keys, sealed.

use std::sync::Arc;
use time::OffsetDateTime;

use crate::{Statements, Store, StoreError};

/// A key as it is stored: its master is sealed under the key-encryption key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// Its id.
    pub kid: String,
    /// `HS256`, `EdDSA` or `ES256`.
    pub algorithm: String,
    /// Nonce and ciphertext.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it begins to sign.
    pub active_from: OffsetDateTime,
    /// When it stops to sign and to verify.
    pub retired_at: Option<OffsetDateTime>,
}

impl Store {
    /// All keys that are not yet long retired.
    pub async fn signing_keys(&self, statements: Arc<Statements>) -> Result<Vec<SigningKeyRow>, StoreError> {
        self.work(statements, |conn| {
            Box::pin(async move {
                Ok(sqlx::query_as!(
                    SigningKeyRow,
                    "select kid, algorithm, sealed, created_at, active_from, retired_at from signing_key order by kid"
                )
                .fetch_all(conn)
                .await?)
            })
        })
        .await
    }

    /// Stores a shop's first key, unless there is one. Replicas that start together agree on one: the lock lets one of
    /// them look at a time.
    pub async fn signing_key_insert_first(
        &self,
        statements: Arc<Statements>,
        key: SigningKeyRow,
    ) -> Result<bool, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let stored = sqlx::query_scalar!(
                    r#"select signing_key_first_v1($1, $2, $3, $4, $5) as "stored!""#,
                    key.kid,
                    key.algorithm,
                    key.sealed,
                    key.created_at,
                    key.active_from,
                )
                .fetch_one(conn)
                .await?;
                Ok(stored)
            })
        })
        .await
    }
}
