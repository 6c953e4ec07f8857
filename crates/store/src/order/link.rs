//! Mails a link to a guest's order.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::identity::MailLimits;
use crate::outcome::{Claim, Outcome, outcome};
use crate::{Statements, Store, StoreError};

/// A link to a guest's order that was asked for.
#[derive(Debug, Clone)]
pub struct OrderLinkSend {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The order's number.
    pub number: i64,
    /// The address as it was typed, and its canonical form.
    pub email: (String, String),
    /// The mail to make.
    pub mail: Uuid,
    /// The key that signs the link.
    pub kid: String,
    /// When the link ends.
    pub expires_at: OffsetDateTime,
    /// What is counted.
    pub limits: MailLimits,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

impl Store {
    /// Mails a link to an order to the address that it was placed with.
    pub async fn order_link_send(
        &self,
        statements: Arc<Statements>,
        send: OrderLinkSend,
    ) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(send.claim.as_ref());
                let (asker, recipient) = send.limits.columns();
                outcome!(
                    conn,
                    r#"select order_link_send_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                       as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    send.number,
                    send.email.0,
                    send.email.1,
                    send.mail,
                    send.kid,
                    send.expires_at,
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
}
