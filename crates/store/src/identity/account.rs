//! What a signed-in customer changes. Each call finds the customer of the session in its own transaction.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::cart::Address;
use tidegate_model::id::{AddressId, CustomerId, SessionId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::limit::{Columns, Limit};
use crate::outcome::{Claim, Outcome, outcome};
use crate::{Statements, Store, StoreError};

/// What every change of an account brings.
#[derive(Debug, Clone)]
pub struct AccountCall {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The customer's session.
    pub session: SessionId,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// What is verified before a change that a stolen session must not make.
#[derive(Debug, Clone)]
pub struct PasswordFound {
    /// Milliseconds to wait; 0 when the attempt may go on.
    pub wait_ms: i64,
    /// Whether the session stands.
    pub live: bool,
    /// Its customer.
    pub account: Option<PasswordAccount>,
}

/// The account behind a session, as a password is verified against it.
#[derive(Debug, Clone)]
pub struct PasswordAccount {
    /// Whose.
    pub customer: CustomerId,
    /// The canonical e-mail address.
    pub email_key: String,
    /// The password's hash; `None` when there is no password.
    pub password_hash: Option<String>,
    /// The version of the credentials.
    pub credential_version: i32,
    /// When the session began.
    pub begun_at: OffsetDateTime,
}

/// A change for which the password was verified.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The version of the credentials that were verified.
    pub credential_version: i32,
    /// The keys under which the attempt was counted.
    pub counted: Vec<Limit>,
}

/// An address to save.
#[derive(Debug, Clone)]
pub struct AddressSave {
    /// Its id: one of the customer's, or a new one.
    pub id: AddressId,
    /// Whether it is new.
    pub insert: bool,
    /// The address.
    pub address: Address,
    /// Whether it shall be offered first.
    pub make_default: bool,
}

impl Store {
    /// Changes names and telephone number; `changes` holds what changes, null empties.
    pub async fn customer_update(
        &self,
        statements: Arc<Statements>,
        call: AccountCall,
        changes: Value,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(call.claim.as_ref());
                outcome!(
                    conn,
                    r#"select customer_update_v1($1, $2, $3, $4, $5) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    call.session.0,
                    changes,
                    call.now,
                )
            })
        })
        .await
    }

    /// Saves an address.
    pub async fn address_save(
        &self,
        statements: Arc<Statements>,
        call: AccountCall,
        save: AddressSave,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(call.claim.as_ref());
                outcome!(
                    conn,
                    r#"select address_save_v1($1, $2, $3, $4, $5, $6, $7, $8) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    call.session.0,
                    save.id.0,
                    save.insert,
                    Json(save.address) as _,
                    save.make_default,
                    call.now,
                )
            })
        })
        .await
    }

    /// Deletes an address.
    pub async fn address_delete(
        &self,
        statements: Arc<Statements>,
        call: AccountCall,
        address: AddressId,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(call.claim.as_ref());
                outcome!(
                    conn,
                    r#"select address_delete_v1($1, $2, $3, $4, $5) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    call.session.0,
                    address.0,
                    call.now,
                )
            })
        })
        .await
    }

    /// Ends one session, or all but the caller's own. `operation` is the mutation's name.
    pub async fn session_revoke(
        &self,
        statements: Arc<Statements>,
        call: AccountCall,
        operation: &'static str,
        target: Option<SessionId>,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(call.claim.as_ref());
                outcome!(
                    conn,
                    r#"select session_revoke_v1($1, $2, $3, $4, $5, $6) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    operation,
                    call.session.0,
                    target.map(|session| session.0),
                    call.now,
                )
            })
        })
        .await
    }

    /// Counts an attempt at the password of the session's customer, where the session stands, and finds what to verify
    /// it against.
    pub async fn password_attempt(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        limit: Limit,
        now: OffsetDateTime,
    ) -> Result<PasswordFound, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let row = sqlx::query!(
                    r#"select wait_ms as "wait_ms!", live as "live!", customer_id, email_key, password_hash,
                              credential_version, begun_at
                       from password_attempt_v2($1, $2, $3, $4, $5)"#,
                    session.0,
                    limit.key.as_slice(),
                    limit.most,
                    limit.seconds,
                    now,
                )
                .fetch_one(conn)
                .await?;
                let parts = row.customer_id.zip(row.email_key).zip(row.credential_version).zip(row.begun_at);
                let account = parts.map(|(((customer, email_key), credential_version), begun_at)| PasswordAccount {
                    customer: CustomerId(customer),
                    email_key,
                    password_hash: row.password_hash,
                    credential_version,
                    begun_at,
                });
                Ok(PasswordFound { wait_ms: row.wait_ms, live: row.live, account })
            })
        })
        .await
    }

    /// Replaces the password and ends the customer's other sessions.
    pub async fn password_change(
        &self,
        statements: Arc<Statements>,
        call: AccountCall,
        verified: Verified,
        password_hash: String,
        mail: Uuid,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(call.claim.as_ref());
                outcome!(
                    conn,
                    r#"select password_change_v1($1, $2, $3, $4, $5, $6, $7, $8) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    call.session.0,
                    verified.credential_version,
                    password_hash,
                    &Columns::from(verified.counted.as_slice()).keys,
                    mail,
                    call.now,
                )
            })
        })
        .await
    }

    /// Changes the e-mail address to the one that a link was sent to.
    pub async fn email_change_confirm(
        &self,
        statements: Arc<Statements>,
        call: AccountCall,
        token: Uuid,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(call.claim.as_ref());
                outcome!(
                    conn,
                    r#"select email_change_confirm_v1($1, $2, $3, $4, $5) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    call.session.0,
                    token,
                    call.now,
                )
            })
        })
        .await
    }

    /// Erases the customer.
    pub async fn customer_delete(
        &self,
        statements: Arc<Statements>,
        call: AccountCall,
        verified: Verified,
        email_key: String,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(call.claim.as_ref());
                outcome!(
                    conn,
                    r#"select customer_delete_v1($1, $2, $3, $4, $5, $6, $7) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    call.session.0,
                    email_key,
                    verified.credential_version,
                    &Columns::from(verified.counted.as_slice()).keys,
                    call.now,
                )
            })
        })
        .await
    }
}
