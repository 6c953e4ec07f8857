//! API keys of server-side front ends. A key is known by its hash alone.

use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Statements, Store, StoreError};

/// API keys that are in force at once at most: every gateway holds them all.
pub const MOST_API_KEYS: i64 = 1_000;

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// Its id.
    pub id: Uuid,
    /// What its owner calls it; no two keys share one, past ones included.
    pub name: String,
    /// SHA-256 of the key, 32 bytes.
    pub key_hash: Vec<u8>,
    /// What it permits.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was ended.
    pub revoked_at: Option<OffsetDateTime>,
}

/// A new API key.
#[derive(Debug, Clone)]
pub struct ApiKeyCreate {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// SHA-256 of the key.
    pub key_hash: [u8; 32],
    /// What it permits.
    pub scopes: Vec<String>,
    /// Now.
    pub now: OffsetDateTime,
    /// When it is to end.
    pub expires_at: Option<OffsetDateTime>,
}

/// What came of the wish for a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyCreated {
    /// It is in force.
    Done,
    /// A key, perhaps a past one, has the name.
    NameTaken,
    /// [`MOST_API_KEYS`] are in force.
    TooMany,
}

/// What came of the wish to end a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyRevoked {
    /// It has ended.
    Done,
    /// There is none of that name or id.
    Unknown,
    /// It had ended before.
    Already,
}

impl Store {
    /// Every API key, past ones too, oldest first: at most ten thousand.
    pub async fn api_keys(&self, statements: Arc<Statements>) -> Result<Vec<ApiKeyRow>, StoreError> {
        self.work(statements, |conn| {
            Box::pin(async move {
                Ok(sqlx::query_as!(
                    ApiKeyRow,
                    "select id, name, key_hash, scopes, created_at, expires_at, revoked_at from api_key
                     order by created_at, id limit 10000"
                )
                .fetch_all(conn)
                .await?)
            })
        })
        .await
    }

    /// The API keys in force: at most [`MOST_API_KEYS`].
    pub async fn api_keys_in_force(
        &self,
        statements: Arc<Statements>,
        now: OffsetDateTime,
    ) -> Result<Vec<ApiKeyRow>, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                Ok(sqlx::query_as!(
                    ApiKeyRow,
                    "select id, name, key_hash, scopes, created_at, expires_at, revoked_at from api_key
                     where revoked_at is null and (expires_at is null or expires_at > $1)
                     order by created_at, id limit $2",
                    now,
                    MOST_API_KEYS,
                )
                .fetch_all(conn)
                .await?)
            })
        })
        .await
    }

    /// Stores an API key.
    pub async fn api_key_create(
        &self,
        statements: Arc<Statements>,
        key: ApiKeyCreate,
    ) -> Result<ApiKeyCreated, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let step = sqlx::query_scalar!(
                    r#"select api_key_create_v1($1, $2, $3, $4, $5, $6, $7) as "step!""#,
                    key.id,
                    key.name,
                    key.key_hash.as_slice(),
                    &key.scopes,
                    key.now,
                    key.expires_at,
                    MOST_API_KEYS,
                )
                .fetch_one(conn)
                .await?;
                Ok(match step.as_str() {
                    "OK" => ApiKeyCreated::Done,
                    "TOO_MANY" => ApiKeyCreated::TooMany,
                    _ => ApiKeyCreated::NameTaken,
                })
            })
        })
        .await
    }

    /// Ends an API key, by its name or its id.
    pub async fn api_key_revoke(
        &self,
        statements: Arc<Statements>,
        name_or_id: String,
        now: OffsetDateTime,
    ) -> Result<ApiKeyRevoked, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let step = sqlx::query_scalar!(r#"select api_key_revoke_v1($1, $2) as "step!""#, name_or_id, now)
                    .fetch_one(conn)
                    .await?;
                Ok(match step.as_str() {
                    "OK" => ApiKeyRevoked::Done,
                    "REVOKED" => ApiKeyRevoked::Already,
                    _ => ApiKeyRevoked::Unknown,
                })
            })
        })
        .await
    }
}
