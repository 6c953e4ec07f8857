//! Signing in: what each proof leads to is one call of a function, in one transaction.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::id::{CustomerId, SessionId};
use tidegate_model::identity::{CartMergePolicy, ExternalClaims, email_key};
use time::OffsetDateTime;
use uuid::Uuid;

use super::limit::{Columns, Limit};
use crate::outcome::{Claim, Outcome, outcome};
use crate::{Statements, Store, StoreError};

/// What every sign-in brings.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The session that the client comes with: it ends, and a guest's carts go into the account.
    pub caller: Option<SessionId>,
    /// The session to begin.
    pub session: SessionId,
    /// The hash of its first refresh token.
    pub refresh_hash: [u8; 32],
    /// What it is begun with.
    pub device: Option<String>,
    /// What becomes of lines that are in both carts.
    pub policy: CartMergePolicy,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// An attempt to sign in with a password, before the password is looked at.
#[derive(Debug, Clone)]
pub struct LoginAttempt {
    /// The canonical e-mail address.
    pub email_key: String,
    /// The customer that a device token names.
    pub device_customer: Option<Uuid>,
    /// Counts attempts at the account.
    pub account: Limit,
    /// Counts those of the account's own device instead.
    pub device_key: [u8; 32],
    /// Counts attempts from the client's address.
    pub address: Option<Limit>,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// What an attempt may be verified against.
#[derive(Debug, Clone)]
pub struct LoginFound {
    /// Milliseconds to wait; 0 when the attempt may go on.
    pub wait_ms: i64,
    /// The account, its password hash, and the version of its credentials.
    pub account: Option<(CustomerId, Option<String>, i32)>,
    /// The keys under which the attempt was counted.
    pub counted: Vec<Vec<u8>>,
}

/// A sign-in whose password was right.
#[derive(Debug, Clone)]
pub struct LoginPassword {
    /// The sign-in.
    pub sign_in: SignIn,
    /// Whose.
    pub customer: CustomerId,
    /// The version of the credentials that were verified.
    pub credential_version: i32,
    /// The same password under better parameters.
    pub upgraded: Option<String>,
    /// The keys under which the attempt was counted.
    pub counted: Vec<Vec<u8>>,
}

/// A live code, after a try at it was counted.
#[derive(Debug, Clone)]
pub struct CodeFound {
    /// Milliseconds to wait; 0 when the try may go on.
    pub wait_ms: i64,
    /// The code's row and the key that derives the code.
    pub code: Option<(Uuid, String)>,
}

/// The name of a policy in the database.
pub(crate) fn policy(policy: CartMergePolicy) -> &'static str {
    match policy {
        CartMergePolicy::Sum => "SUM",
        CartMergePolicy::Maximum => "MAXIMUM",
        CartMergePolicy::KeepInto => "KEEP_INTO",
        CartMergePolicy::KeepFrom => "KEEP_FROM",
    }
}

impl Store {
    /// Counts an attempt to sign in and finds what to verify the password against.
    pub async fn login_attempt(
        &self,
        statements: Arc<Statements>,
        attempt: LoginAttempt,
    ) -> Result<LoginFound, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let row = sqlx::query!(
                    r#"select wait_ms as "wait_ms!", customer_id, password_hash, credential_version, counted as "counted!"
                       from login_attempt_v2($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
                    attempt.email_key,
                    attempt.device_customer,
                    attempt.account.key.as_slice(),
                    attempt.device_key.as_slice(),
                    attempt.account.most,
                    attempt.address.map(|limit| limit.key.to_vec()),
                    attempt.address.map(|limit| limit.most),
                    attempt.account.seconds,
                    attempt.now,
                )
                .fetch_one(conn)
                .await?;
                let account = row.customer_id.zip(row.credential_version);
                Ok(LoginFound {
                    wait_ms: row.wait_ms,
                    account: account.map(|(id, version)| (CustomerId(id), row.password_hash, version)),
                    counted: row.counted,
                })
            })
        })
        .await
    }

    /// Signs in after the password was verified.
    pub async fn login_password(
        &self,
        statements: Arc<Statements>,
        login: LoginPassword,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let sign_in = login.sign_in;
                let (key_hash, input_hash) = Claim::hashes(sign_in.claim.as_ref());
                outcome!(
                    conn,
                    r#"select login_password_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    login.customer.0,
                    login.credential_version,
                    login.upgraded,
                    &login.counted,
                    sign_in.caller.map(|session| session.0),
                    sign_in.session.0,
                    sign_in.refresh_hash.as_slice(),
                    sign_in.device,
                    policy(sign_in.policy),
                    sign_in.now,
                )
            })
        })
        .await
    }

    /// Counts a try at a code that was sent to an address and finds its row: by `code`, or the newest.
    pub async fn login_code_attempt(
        &self,
        statements: Arc<Statements>,
        email_key: String,
        code: Option<Uuid>,
        limits: Vec<Limit>,
        now: OffsetDateTime,
    ) -> Result<CodeFound, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let limits = Columns::from(limits.as_slice());
                let row = sqlx::query!(
                    r#"select wait_ms as "wait_ms!", id, kid from login_code_attempt_v2($1, $2, $3, $4, $5, $6)"#,
                    email_key,
                    code,
                    &limits.keys,
                    &limits.most,
                    &limits.seconds,
                    now,
                )
                .fetch_one(conn)
                .await?;
                Ok(CodeFound { wait_ms: row.wait_ms, code: row.id.zip(row.kid) })
            })
        })
        .await
    }

    /// Signs in after the code was verified.
    pub async fn login_code(
        &self,
        statements: Arc<Statements>,
        sign_in: SignIn,
        token: Uuid,
        counted: Vec<Limit>,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(sign_in.claim.as_ref());
                outcome!(
                    conn,
                    r#"select login_code_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    token,
                    &Columns::from(counted.as_slice()).keys,
                    sign_in.caller.map(|session| session.0),
                    sign_in.session.0,
                    sign_in.refresh_hash.as_slice(),
                    sign_in.device,
                    policy(sign_in.policy),
                    sign_in.now,
                )
            })
        })
        .await
    }

    /// Makes the customer of a confirmed registration and signs in.
    pub async fn customer_verify_email(
        &self,
        statements: Arc<Statements>,
        sign_in: SignIn,
        token: Uuid,
        customer: CustomerId,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(sign_in.claim.as_ref());
                outcome!(
                    conn,
                    r#"select customer_verify_email_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    token,
                    customer.0,
                    sign_in.caller.map(|session| session.0),
                    sign_in.session.0,
                    sign_in.refresh_hash.as_slice(),
                    sign_in.device,
                    policy(sign_in.policy),
                    sign_in.now,
                )
            })
        })
        .await
    }

    /// Replaces a forgotten password, ends the customer's sessions and signs in.
    pub async fn password_reset(
        &self,
        statements: Arc<Statements>,
        sign_in: SignIn,
        token: Uuid,
        password_hash: String,
        mail: Uuid,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(sign_in.claim.as_ref());
                outcome!(
                    conn,
                    r#"select password_reset_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    token,
                    password_hash,
                    mail,
                    sign_in.caller.map(|session| session.0),
                    sign_in.session.0,
                    sign_in.refresh_hash.as_slice(),
                    sign_in.device,
                    policy(sign_in.policy),
                    sign_in.now,
                )
            })
        })
        .await
    }

    /// Signs in whom a provider vouches for.
    pub async fn login_oidc(
        &self,
        statements: Arc<Statements>,
        sign_in: SignIn,
        claims: ExternalClaims,
        identity: Uuid,
        customer: CustomerId,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(sign_in.claim.as_ref());
                let email_key = claims.email.as_deref().map(email_key);
                outcome!(
                    conn,
                    r#"select login_oidc_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
                       as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    identity,
                    claims.issuer,
                    claims.subject,
                    claims.email,
                    email_key,
                    claims.email_verified,
                    claims.given_name,
                    claims.family_name,
                    customer.0,
                    sign_in.caller.map(|session| session.0),
                    sign_in.session.0,
                    sign_in.refresh_hash.as_slice(),
                    sign_in.device,
                    policy(sign_in.policy),
                    sign_in.now,
                )
            })
        })
        .await
    }

    /// The outcome of a sign-in that was already done under this key; `None` when there is none. For sign-ins whose
    /// proof can be used once.
    pub async fn sign_in_done(
        &self,
        statements: Arc<Statements>,
        sign_in: SignIn,
    ) -> Result<Option<Outcome>, StoreError> {
        let Some(claim) = sign_in.claim else { return Ok(None) };
        self.work(statements, move |conn| {
            Box::pin(async move {
                let value = sqlx::query_scalar!(
                    r#"select sign_in_done_v1($1, $2, $3, $4) as "outcome: Json<Value>""#,
                    claim.key_hash.as_slice(),
                    claim.input_hash.as_slice(),
                    sign_in.refresh_hash.as_slice(),
                    sign_in.now,
                )
                .fetch_one(conn)
                .await?;
                value.map(|value| Outcome::read(value.0)).transpose()
            })
        })
        .await
    }
}
