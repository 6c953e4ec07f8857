//! Checkout: a cart becomes an order.

use crate::id::{CartId, OrderId};
use crate::money::Money;
use crate::order::PaymentMethod;
use crate::refusal::Refusal;

/// What a cart still lacks before it can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckoutRequirement {
    /// At least one line.
    Lines,
    /// The buyer's e-mail address.
    BuyerEmail,
    /// Where to send it.
    ShippingAddress,
    /// Enough stock for every line.
    Stock,
}

/// A request to order a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The cart.
    pub cart: CartId,
    /// How it will be paid.
    pub payment: PaymentMethod,
    /// The buyer's own reference for the payment.
    pub reference: Option<String>,
    /// The total the buyer agreed to.
    pub expected_total: Money,
}

/// What came of it. The same for every repeat of the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutOutcome {
    /// The order, when there is one.
    pub order: Option<OrderId>,
    /// Why there is none.
    pub refusals: Vec<Refusal>,
}
