//! Sign-ins that go to a provider, and sessions of other issuers' tokens.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::id::{CustomerId, SessionId};
use tidegate_model::identity::{ExternalToken, email_key};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::outcome::{Claim, Outcome, outcome};
use crate::{Statements, Store, StoreError};

/// A sign-in that goes to a provider.
#[derive(Debug, Clone)]
pub struct OidcStart {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The caller's session, where there is one.
    pub caller: Option<SessionId>,
    /// The session to make otherwise.
    pub new_session: SessionId,
    /// The hash of its first refresh token.
    pub refresh_hash: [u8; 32],
    /// The row to make.
    pub id: Uuid,
    /// The key that derives its state, nonce and verifier.
    pub kid: String,
    /// The provider's name.
    pub provider: String,
    /// Where the provider sends the shopper back to.
    pub redirect_uri: String,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// A sign-in that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcTaken {
    /// The key that derives its secrets.
    pub kid: String,
    /// The provider's name.
    pub provider: String,
    /// Where the provider sent the shopper back to.
    pub redirect_uri: String,
}

/// The session of another issuer's token.
#[derive(Debug, Clone)]
pub struct ExternalSession {
    /// The token.
    pub token: ExternalToken,
    /// Its session.
    pub session: SessionId,
    /// The identity to make, where the issuer's subject is new here.
    pub identity: Uuid,
    /// The customer to make, where there is none.
    pub customer: CustomerId,
    /// What it is begun with.
    pub device: Option<String>,
    /// The claim of the write that found no session.
    pub claim: Option<Claim>,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

impl Store {
    /// Keeps a sign-in that goes to a provider.
    pub async fn oidc_start(&self, statements: Arc<Statements>, start: OidcStart) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(start.claim.as_ref());
                outcome!(
                    conn,
                    r#"select oidc_start_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    start.caller.map(|session| session.0),
                    start.new_session.0,
                    start.refresh_hash.as_slice(),
                    start.id,
                    start.kid,
                    start.provider,
                    start.redirect_uri,
                    start.now,
                )
            })
        })
        .await
    }

    /// Takes a sign-in that came back: once, for the session that began it.
    pub async fn oidc_take(
        &self,
        statements: Arc<Statements>,
        id: Uuid,
        caller: SessionId,
        now: OffsetDateTime,
    ) -> Result<Option<OidcTaken>, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let row =
                    sqlx::query!("select kid, provider, redirect_uri from oidc_take_v1($1, $2, $3)", id, caller.0, now)
                        .fetch_one(conn)
                        .await?;
                let parts = row.kid.zip(row.provider).zip(row.redirect_uri);
                Ok(parts.map(|((kid, provider), redirect_uri)| OidcTaken { kid, provider, redirect_uri }))
            })
        })
        .await
    }

    /// Makes the session of another issuer's token, unless the identity's tokens of that time are void. Answers whether
    /// the session stands: a write that was refused for want of it may then be made again under its claim.
    pub async fn external_session(
        &self,
        statements: Arc<Statements>,
        make: ExternalSession,
    ) -> Result<bool, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, _) = Claim::hashes(make.claim.as_ref());
                let claims = make.token.claims;
                let email_key = claims.email.as_deref().map(email_key);
                let stands = sqlx::query_scalar!(
                    r#"select external_session_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                       as "stands!""#,
                    make.session.0,
                    make.identity,
                    claims.issuer,
                    claims.subject,
                    claims.email,
                    email_key,
                    claims.email_verified,
                    claims.given_name,
                    claims.family_name,
                    make.customer.0,
                    make.device,
                    make.token.issued_at,
                    make.token.expires_at,
                    make.now,
                    key_hash,
                )
                .fetch_one(conn)
                .await?;
                Ok(stands)
            })
        })
        .await
    }
}
