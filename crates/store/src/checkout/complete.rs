//! Checkout: one call of a function makes a cart an order.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::checkout::Checkout;
use tidegate_model::id::{OrderId, PaymentId};
use tidegate_model::identity::Viewer;
use tidegate_model::order::PaymentMethod;
use time::OffsetDateTime;

use crate::outcome::{Claim, Outcome};
use crate::{Conn, Statements, Store, StoreError};

/// A checkout as the function takes it.
#[derive(Debug, Clone)]
pub struct CheckoutCall {
    /// The idempotency key.
    pub claim: Claim,
    /// What was asked.
    pub checkout: Checkout,
    /// Who asks.
    pub viewer: Viewer,
    /// The order to make.
    pub order: OrderId,
    /// Its payment.
    pub payment: PaymentId,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// Makes the cart an order.
async fn checkout(conn: &mut Conn, call: &CheckoutCall) -> Result<Outcome, StoreError> {
    let method = match call.checkout.payment {
        PaymentMethod::Invoice => "INVOICE",
    };
    let value = sqlx::query_scalar!(
        r#"select checkout_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as "outcome!: Json<Value>""#,
        call.claim.key_hash.as_slice(),
        call.claim.input_hash.as_slice(),
        call.checkout.cart.0,
        call.viewer.session.map(|session| session.0),
        call.viewer.cart_secret.as_ref().map(<[u8; 32]>::as_slice),
        call.order.0,
        call.payment.0,
        method,
        call.checkout.reference,
        call.checkout.expected_total.amount,
        call.checkout.expected_total.currency.code(),
        call.now,
    )
    .fetch_one(conn)
    .await?;
    Outcome::read(value.0)
}

impl Store {
    /// See [`checkout`].
    pub async fn checkout(&self, statements: Arc<Statements>, call: CheckoutCall) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| Box::pin(async move { checkout(conn, &call).await })).await
    }
}
