//! Links and codes that are mailed: the row and the mail are written in one transaction.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::id::SessionId;
use time::OffsetDateTime;
use uuid::Uuid;

use super::limit::{Columns, Limit, MailLimits};
use crate::outcome::{Claim, Outcome, outcome};
use crate::{Statements, Store, StoreError};

/// What a mailed secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneTimePurpose {
    /// Confirms a registration.
    VerifyEmail,
    /// Replaces a forgotten password.
    PasswordReset,
    /// Signs in.
    LoginCode,
}

impl OneTimePurpose {
    fn name(self) -> &'static str {
        match self {
            Self::VerifyEmail => "VERIFY_EMAIL",
            Self::PasswordReset => "PASSWORD_RESET",
            Self::LoginCode => "LOGIN_CODE",
        }
    }
}

/// A mail with a link or a code to be sent.
#[derive(Debug, Clone)]
pub struct OneTimeSend {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The mutation's name.
    pub operation: &'static str,
    /// What for.
    pub purpose: OneTimePurpose,
    /// The row to make, and the key that derives its secret.
    pub token: (Uuid, String),
    /// The mail to make.
    pub mail: Uuid,
    /// The address as it was typed, and its canonical form.
    pub email: (String, String),
    /// Seconds that the secret is good for.
    pub lifetime: i32,
    /// The customer that a device token names, and the key that counts what such a device asks for.
    pub device: (Option<Uuid>, [u8; 32]),
    /// What is counted.
    pub limits: MailLimits,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// A registration.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The row to make.
    pub id: Uuid,
    /// The address as it was typed, and its canonical form.
    pub email: (String, String),
    /// The password's hash.
    pub password_hash: String,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// The row of the link, and the key that derives its secret.
    pub token: (Uuid, String),
    /// The mail to make.
    pub mail: Uuid,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// A change of the e-mail address that was asked for.
#[derive(Debug, Clone)]
pub struct EmailChange {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The customer's session.
    pub session: SessionId,
    /// The version of the credentials that were verified.
    pub credential_version: i32,
    /// The new address as it was typed, and its canonical form.
    pub email: (String, String),
    /// The row of the link, and the key that derives its secret.
    pub token: (Uuid, String),
    /// The mails to make: to the new address, to the old one.
    pub mails: [Uuid; 2],
    /// The keys under which the attempt at the password was counted.
    pub counted: Vec<Limit>,
    /// What is counted.
    pub limits: MailLimits,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// A link to replace a password, after a try at it was counted.
#[derive(Debug, Clone)]
pub struct ResetFound {
    /// Milliseconds to wait; 0 when the try may go on.
    pub wait_ms: i64,
    /// The canonical address that it went to; `None` when it is not, or no longer, good.
    pub email_key: Option<String>,
}

impl Store {
    /// Sends a link or a code.
    pub async fn one_time_send(&self, statements: Arc<Statements>, send: OneTimeSend) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(send.claim.as_ref());
                let (asker, recipient) = send.limits.columns();
                outcome!(
                    conn,
                    r#"select one_time_send_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                                               $17, $18, $19)
                       as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    send.operation,
                    send.purpose.name(),
                    send.token.0,
                    send.token.1,
                    send.mail,
                    send.email.0,
                    send.email.1,
                    send.lifetime,
                    send.device.0,
                    send.device.1.as_slice(),
                    &asker.keys,
                    &asker.most,
                    &asker.seconds,
                    &recipient.keys,
                    &recipient.most,
                    &recipient.seconds,
                    send.now,
                )
            })
        })
        .await
    }

    /// Counts the mail of a registration, before its password is hashed. `None` when it may go on; else what to answer.
    pub async fn customer_register_attempt(
        &self,
        statements: Arc<Statements>,
        claim: Option<Claim>,
        limits: MailLimits,
        now: OffsetDateTime,
    ) -> Result<Option<Outcome>, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(claim.as_ref());
                let (asker, recipient) = limits.columns();
                let value = sqlx::query_scalar!(
                    r#"select customer_register_attempt_v1($1, $2, $3, $4, $5, $6, $7, $8, $9)
                       as "outcome: Json<Value>""#,
                    key_hash,
                    input_hash,
                    &asker.keys,
                    &asker.most,
                    &asker.seconds,
                    &recipient.keys,
                    &recipient.most,
                    &recipient.seconds,
                    now,
                )
                .fetch_one(conn)
                .await?;
                value.map(|value| Outcome::read(value.0)).transpose()
            })
        })
        .await
    }

    /// Keeps a registration until its e-mail address is confirmed. Its mail has been counted.
    pub async fn customer_register(
        &self,
        statements: Arc<Statements>,
        new: Registration,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(new.claim.as_ref());
                outcome!(
                    conn,
                    r#"select customer_register_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                       as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    new.id,
                    new.email.0,
                    new.email.1,
                    new.password_hash,
                    new.given_name,
                    new.family_name,
                    new.token.0,
                    new.token.1,
                    new.mail,
                    new.now,
                )
            })
        })
        .await
    }

    /// Sends a link to a new address.
    pub async fn email_change_request(
        &self,
        statements: Arc<Statements>,
        change: EmailChange,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(change.claim.as_ref());
                let (asker, recipient) = change.limits.columns();
                outcome!(
                    conn,
                    r#"select email_change_request_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                                                      $16, $17)
                       as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    change.session.0,
                    change.credential_version,
                    change.email.0,
                    change.email.1,
                    change.token.0,
                    change.token.1,
                    &change.mails,
                    &Columns::from(change.counted.as_slice()).keys,
                    &asker.keys,
                    &asker.most,
                    &asker.seconds,
                    &recipient.keys,
                    &recipient.most,
                    &recipient.seconds,
                    change.now,
                )
            })
        })
        .await
    }

    /// Counts a try at a link to replace a password and finds the address that it went to, before the new password is
    /// hashed.
    pub async fn password_reset_attempt(
        &self,
        statements: Arc<Statements>,
        token: Uuid,
        limit: Limit,
        now: OffsetDateTime,
    ) -> Result<ResetFound, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let row = sqlx::query!(
                    r#"select wait_ms as "wait_ms!", email_key from password_reset_attempt_v1($1, $2, $3, $4, $5)"#,
                    token,
                    limit.key.as_slice(),
                    limit.most,
                    limit.seconds,
                    now,
                )
                .fetch_one(conn)
                .await?;
                Ok(ResetFound { wait_ms: row.wait_ms, email_key: row.email_key })
            })
        })
        .await
    }

    /// The outcome of a call that was already done under its key; `None` when there is none. For calls whose proof is
    /// good once.
    pub async fn call_done(
        &self,
        statements: Arc<Statements>,
        claim: Option<Claim>,
        now: OffsetDateTime,
    ) -> Result<Option<Outcome>, StoreError> {
        let Some(claim) = claim else { return Ok(None) };
        self.work(statements, move |conn| {
            Box::pin(async move {
                let value = sqlx::query_scalar!(
                    r#"select idempotency_done_v1($1, $2, $3) as "outcome: Json<Value>""#,
                    claim.key_hash.as_slice(),
                    claim.input_hash.as_slice(),
                    now,
                )
                .fetch_one(conn)
                .await?;
                value.map(|value| Outcome::read(value.0)).transpose()
            })
        })
        .await
    }
}
