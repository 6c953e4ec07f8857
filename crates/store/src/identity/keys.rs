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

/// What came of the wish to retire a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retirement {
    /// It ends at the instant that was asked for.
    Done,
    /// There is no such key.
    Unknown,
    /// It ends at that instant or has ended before it anyway.
    Already,
    /// No other key signs, or goes on to.
    NoSuccessor,
    /// It is the one that signs, and was to end later than at once.
    Signs,
}

impl Store {
    /// All keys, retired ones too: their tokens are to be known as such.
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

    /// Adds a key. Answers the id of a key that waits for its turn already, and adds nothing then.
    pub async fn signing_key_add(
        &self,
        statements: Arc<Statements>,
        key: SigningKeyRow,
    ) -> Result<Option<String>, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let waiting = sqlx::query_scalar!(
                    r#"select signing_key_add_v1($1, $2, $3, $4, $5) as "waiting?""#,
                    key.kid,
                    key.algorithm,
                    key.sealed,
                    key.created_at,
                    key.active_from,
                )
                .fetch_one(conn)
                .await?;
                Ok(waiting)
            })
        })
        .await
    }

    /// Ends a key at an instant.
    pub async fn signing_key_retire(
        &self,
        statements: Arc<Statements>,
        kid: String,
        at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<Retirement, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let step = sqlx::query_scalar!(r#"select signing_key_retire_v1($1, $2, $3) as "step!""#, kid, at, now)
                    .fetch_one(conn)
                    .await?;
                Ok(match step.as_str() {
                    "OK" => Retirement::Done,
                    "RETIRED" => Retirement::Already,
                    "NO_SUCCESSOR" => Retirement::NoSuccessor,
                    "SIGNS" => Retirement::Signs,
                    _ => Retirement::Unknown,
                })
            })
        })
        .await
    }
}
