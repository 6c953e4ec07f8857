//! Checkout.

use async_trait::async_trait;
use serde_json::json;
use tidegate_auth::link;
use tidegate_model::Failure;
use tidegate_model::checkout::{Checkout, CheckoutOutcome};
use tidegate_model::id::{OrderId, PaymentId};
use tidegate_schema::ports::{Answer, CheckoutCompleted, CheckoutPort, CheckoutRead, OrderPort as _};
use tidegate_store::checkout::CheckoutCall;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::account::ORDER_LINK_LIFE;
use crate::refusals::refusals;
use crate::{RequestResolvers, idempotency, mint};

impl RequestResolvers {
    /// A link that shows the order without a session. It is signed, not stored.
    fn order_link(&self, order: OrderId) -> Option<(String, OffsetDateTime)> {
        let expires = self.request.now + ORDER_LINK_LIFE;
        let token = link::order_link(&self.request.keys, self.request.now, order.0, expires).ok()?;
        Some((token, expires))
    }

    async fn complete(&self, checkout: &Checkout, key: Uuid) -> Answer<CheckoutOutcome> {
        let viewer = &self.request.viewer;
        let total = checkout.expected_total;
        let input = json!({
            "cart": checkout.cart,
            "payment": format!("{:?}", checkout.payment),
            "reference": checkout.reference,
            "expectedTotal": [total.amount.to_string(), total.currency.code()],
        });
        let call = CheckoutCall {
            claim: idempotency::claim(viewer, key, "checkoutComplete", &input),
            checkout: checkout.clone(),
            viewer: viewer.clone(),
            order: OrderId(mint::id(self.request.now)?),
            payment: PaymentId(mint::id(self.request.now)?),
            now: self.request.now,
        };
        let write = || self.store().checkout(self.statements(), call.clone());
        match self.writing(Some(&call.claim), write).await? {
            Ok(outcome) => Ok(CheckoutOutcome {
                order: outcome.order.map(OrderId),
                refusals: refusals(&outcome, &|_, _, field| field.to_owned())?,
            }),
            Err(error) => {
                let refusal = idempotency::in_progress(error)?;
                Ok(CheckoutOutcome { order: None, refusals: vec![refusal] })
            }
        }
    }
}

#[async_trait]
impl CheckoutPort for RequestResolvers {
    async fn checkout_complete(&self, checkout: Checkout, key: Uuid, read: CheckoutRead) -> Answer<CheckoutCompleted> {
        let outcome = self.complete(&checkout, key).await?;
        let order_link = outcome.order.and_then(|order| self.order_link(order));
        let mut completed = CheckoutCompleted { order: None, cart: None, order_link, outcome };
        if let (Some(id), Some(hint)) = (completed.outcome.order, read.order) {
            completed.order = match self.order(id, hint).await {
                // Whoever checks out with a shared cart's secret is not the session that owns the order.
                Err(Failure::SessionRevoked) => None,
                order => order?,
            };
        }
        if let Some(hint) = read.cart {
            completed.cart = match self.read_cart(self.request.viewer.clone(), checkout.cart, hint).await {
                Err(Failure::SessionRevoked) => None,
                cart => cart?,
            };
        }
        Ok(completed)
    }
}
