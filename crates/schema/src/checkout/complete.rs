//! `checkoutComplete`: what it takes, what it answers.

use async_graphql::{Context, Enum, ID, Object, OneofObject, SimpleObject};
use tidegate_model::checkout::{Checkout, CheckoutOutcome};
use tidegate_model::id::CartId;
use tidegate_model::order::{self, PaymentMethod};
use tidegate_model::refusal::RefusalKind;
use tidegate_model::validate::Check;
use tidegate_model::{Failure, Refusal};

use crate::cart::{Cart, cart_hint};
use crate::context::{ContextExt as _, rows_ahead};
use crate::error::Result;
use crate::money::MoneyInput;
use crate::order::Order;
use crate::ports::{CheckoutCompleted, CheckoutRead};
use crate::scalar::{DateTime, IdempotencyKey};
use crate::user_error::{UserError, user_errors};

/// What a cart needs before it can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::checkout::CheckoutRequirement")]
pub enum CheckoutRequirement {
    /// At least one line.
    Lines,
    /// The buyer's e-mail address: `cartBuyerSet`.
    BuyerEmail,
    /// Where to send it: `cartAddressesSet`.
    ShippingAddress,
    /// Enough stock for every line: see the lines' `problems`.
    Stock,
}

/// How the order will be paid: exactly one of the fields.
#[derive(Debug, Clone, OneofObject)]
pub enum PaymentInput {
    /// The shop sends an invoice. The order's payment is `PENDING` until the shop records it.
    Invoice(InvoicePaymentInput),
}

/// What goes on the invoice.
#[derive(Debug, Clone, async_graphql::InputObject)]
pub struct InvoicePaymentInput {
    /// The buyer's own reference, such as the number of a purchase order: at most 100 characters.
    reference: Option<String>,
}

/// What came of a checkout.
#[derive(Debug, SimpleObject)]
pub struct CheckoutCompletePayload {
    /// The order. Every repeat of the call answers the same one.
    order: Option<Order>,
    /// The cart as it is now. Null when it was not found or is not yours.
    cart: Option<Cart>,
    /// A link to the order that needs no session: `order(by: {link: …})`. Null when there is no order.
    order_link: Option<OrderLink>,
    /// Why there is no order. Nothing was taken or charged.
    errors: Vec<UserError>,
}

/// A link to an order, for guests who come back. Whoever holds it sees the order.
#[derive(Debug, SimpleObject)]
pub struct OrderLink {
    /// For `order(by: {link: …})`.
    token: String,
    /// When it ends.
    expires_at: DateTime,
}

impl From<CheckoutCompleted> for CheckoutCompletePayload {
    fn from(completed: CheckoutCompleted) -> Self {
        Self {
            order: completed.order.map(Order::from),
            cart: completed.cart.map(Cart::from),
            order_link: completed.order_link.map(|(token, expires)| OrderLink { token, expires_at: DateTime(expires) }),
            errors: user_errors(completed.outcome.refusals),
        }
    }
}

/// Checkout.
#[derive(Debug, Default)]
pub struct CheckoutMutation;

#[Object]
impl CheckoutMutation {
    /// Makes the cart an order: exactly one per cart and per key, whatever is lost on the way. Send the same call
    /// again, with the same key, until it is answered. It must be the only mutation of its operation.
    async fn checkout_complete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which cart.")] cart_id: ID,
        #[graphql(desc = "How it will be paid.")] payment: PaymentInput,
        #[graphql(desc = "The `cost.total` that the buyer agreed to. Another total is refused, with both amounts.")]
        expected_total: MoneyInput,
        #[graphql(desc = "Make one when the buyer presses the button, and keep it for every retry.")]
        idempotency_key: IdempotencyKey,
    ) -> Result<CheckoutCompletePayload> {
        let PaymentInput::Invoice(invoice) = payment;
        let key = ctx.idempotency_key(Some(idempotency_key))?.ok_or(Failure::Internal)?;
        let expected_total = expected_total.to_model("expectedTotal")?;
        let mut check = Check::default();
        check.optional(invoice.reference.as_ref(), 100, "payment.invoice.reference");
        let refusals = check.finish();
        if !refusals.is_empty() {
            let outcome = CheckoutOutcome { order: None, refusals };
            return Ok(CheckoutCompleted { order: None, cart: None, order_link: None, outcome }.into());
        }
        let Ok(cart) = CartId::decode(&cart_id) else {
            let refusal = Refusal::at(RefusalKind::NotFound { id: None }, "cartId");
            let outcome = CheckoutOutcome { order: None, refusals: vec![refusal] };
            return Ok(CheckoutCompleted { order: None, cart: None, order_link: None, outcome }.into());
        };
        let selection = ctx.look_ahead();
        let (order, of_cart) = (selection.field("order"), selection.field("cart"));
        let read = CheckoutRead {
            order: order.exists().then(|| order::OrderHint { lines: rows_ahead(&order, "lines") }),
            cart: of_cart.exists().then(|| cart_hint(&of_cart)),
        };
        let checkout = Checkout { cart, payment: PaymentMethod::Invoice, reference: invoice.reference, expected_total };
        Ok(ctx.ports().checkout_complete(checkout, key, read).await?.into())
    }
}
