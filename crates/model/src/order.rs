//! Orders: what was bought, frozen.

use crate::cart::{Address, Attribute};
use crate::catalog::SelectedOption;
use crate::id::{CartId, OrderId, OrderLineId, PaymentId, ProductId, VariantId};
use crate::money::Money;
use crate::page::Window;
use time::OffsetDateTime;

/// What has been paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentStatus {
    /// Nothing yet.
    Pending,
    /// All of it.
    Paid,
}

/// What has been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FulfilmentStatus {
    /// Nothing yet.
    Unfulfilled,
    /// All of it.
    Fulfilled,
}

/// How an order is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentMethod {
    /// The shop sends an invoice and records the payment by hand.
    Invoice,
}

/// An order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The number people use.
    pub number: i64,
    /// The cart it came from.
    pub cart_id: CartId,
    /// When it was placed.
    pub placed_at: OffsetDateTime,
    /// The sum of the lines.
    pub subtotal: Money,
    /// What is to be paid.
    pub total: Money,
    /// Lines.
    pub line_count: i32,
    /// The buyer's e-mail address.
    pub email: String,
    /// The buyer's telephone number.
    pub phone: Option<String>,
    /// Where it goes.
    pub shipping_address: Address,
    /// Where the bill goes.
    pub billing_address: Address,
    /// The buyer's words.
    pub note: Option<String>,
    /// The front end's own data.
    pub attributes: Vec<Attribute>,
    /// What has been paid.
    pub payment_status: PaymentStatus,
    /// What has been sent.
    pub fulfilment_status: FulfilmentStatus,
    /// Its payments.
    pub payments: Vec<Payment>,
    /// Its first lines, if they were read ahead.
    pub lines: Option<Window<OrderLine>>,
    /// Whether a signed link has shown it, which then shows the rest of its lines, too.
    pub by_link: bool,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderLine {
    /// Its id.
    pub id: OrderLineId,
    /// The product at the time.
    pub product_id: ProductId,
    /// The variant at the time.
    pub variant_id: VariantId,
    /// The stock keeping unit.
    pub sku: String,
    /// The product's title at the time.
    pub title: String,
    /// The variant's title at the time.
    pub variant_title: String,
    /// The variant's options at the time.
    pub selected_options: Vec<SelectedOption>,
    /// The front end's own data.
    pub attributes: Vec<Attribute>,
    /// What one cost.
    pub unit_price: Money,
    /// Pieces.
    pub quantity: i32,
    /// Price times quantity.
    pub total: Money,
}

/// A payment of an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// How.
    pub method: PaymentMethod,
    /// Whether it has come.
    pub status: PaymentStatus,
    /// How much.
    pub amount: Money,
    /// The buyer's own reference.
    pub reference: Option<String>,
}

/// How many lines a selection is going to ask for from the start. Only a hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct OrderHint {
    /// Lines from the start.
    pub lines: Option<u32>,
}
