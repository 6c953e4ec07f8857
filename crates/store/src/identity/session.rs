//! Guest sessions and their refresh tokens.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::id::{CustomerId, SessionId};
use time::OffsetDateTime;

use crate::outcome::{Claim, Outcome};
use crate::{Statements, Store, StoreError};

/// A new guest session.
#[derive(Debug, Clone)]
pub struct SessionStart {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The session to make.
    pub session: SessionId,
    /// The hash of its first refresh token.
    pub refresh_hash: [u8; 32],
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// What is known of a refresh token before it is traded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshState {
    /// The session it belongs to.
    pub session: SessionId,
    /// The customer, when signed in.
    pub customer: Option<CustomerId>,
    /// Its live child: the key that derived it, its generation, and when it was issued.
    pub child: Option<(String, u32, OffsetDateTime)>,
}

/// A trade of a refresh token for the child that was derived for it.
#[derive(Debug, Clone)]
pub struct SessionRefresh {
    /// Hash of the token that was sent.
    pub parent_hash: [u8; 32],
    /// Hash of the child.
    pub child_hash: [u8; 32],
    /// The key that derived the child.
    pub kid: String,
    /// The child's generation.
    pub generation: u32,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// What a trade came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshStep {
    /// The child is live.
    Done,
    /// The token is not, or no longer, good.
    Invalid,
    /// A token whose successor was used came again: the session has been revoked.
    Reused,
    /// The state moved meanwhile: read it again.
    Stale,
}

impl Store {
    /// Starts a guest session.
    pub async fn session_start(&self, statements: Arc<Statements>, start: SessionStart) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(start.claim.as_ref());
                let value = sqlx::query_scalar!(
                    r#"select session_start_v1($1, $2, $3, $4, $5) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    start.session.0,
                    start.refresh_hash.as_slice(),
                    start.now,
                )
                .fetch_one(conn)
                .await?;
                Outcome::read(value.0)
            })
        })
        .await
    }

    /// Looks a refresh token up by its hash.
    pub async fn refresh_state(
        &self,
        statements: Arc<Statements>,
        hash: [u8; 32],
    ) -> Result<Option<RefreshState>, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let row = sqlx::query!(
                    r#"select t.session_id, s.customer_id, c.kid as "kid?", c.generation as "generation?", c.issued_at as "issued_at?"
                       from refresh_token t
                       join session s on s.id = t.session_id
                       left join refresh_token c on c.parent_hash = t.token_hash and c.dead_at is null
                       where t.token_hash = $1"#,
                    hash.as_slice(),
                )
                .fetch_optional(conn)
                .await?;
                Ok(row.map(|row| RefreshState {
                    session: SessionId(row.session_id),
                    customer: row.customer_id.map(CustomerId),
                    child: row
                        .kid
                        .zip(row.generation)
                        .zip(row.issued_at)
                        .map(|((kid, generation), issued)| (kid, generation.cast_unsigned(), issued)),
                }))
            })
        })
        .await
    }

    /// Trades a refresh token.
    pub async fn session_refresh(
        &self,
        statements: Arc<Statements>,
        refresh: SessionRefresh,
    ) -> Result<RefreshStep, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let step = sqlx::query_scalar!(
                    r#"select session_refresh_v1($1, $2, $3, $4, $5) as "step!""#,
                    refresh.parent_hash.as_slice(),
                    refresh.generation.cast_signed(),
                    refresh.child_hash.as_slice(),
                    refresh.kid,
                    refresh.now,
                )
                .fetch_one(conn)
                .await?;
                Ok(match step.as_str() {
                    "OK" => RefreshStep::Done,
                    "REUSED" => RefreshStep::Reused,
                    "STALE" => RefreshStep::Stale,
                    _ => RefreshStep::Invalid,
                })
            })
        })
        .await
    }
}
