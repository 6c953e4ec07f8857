//! Carts and what can be done to them.

use crate::catalog::Variant;
use crate::id::{CartId, CartLineId, OrderId, VariantId};
use crate::money::{Currency, Money};
use crate::page::Window;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Pieces a line can hold.
pub const MAX_QUANTITY: i32 = 1_000_000;
/// Lines a cart can hold.
pub const MAX_LINES: usize = 2_000;
/// Lines one call can change.
pub const MAX_LINES_PER_CALL: usize = 250;
/// Operations one call can hold.
pub const MAX_OPERATIONS: usize = 50;

/// Whether a cart can still be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CartStatus {
    /// It can.
    Open,
    /// It has become an order.
    Completed,
    /// Its lines are in another cart now.
    Merged,
}

/// A free key and value that the front end keeps with a cart, a line or an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// At most 64 characters.
    pub key: String,
    /// At most 1,000 characters.
    pub value: String,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Address {
    /// Who lives there.
    pub name: String,
    /// A firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Street and number.
    pub line1: String,
    /// Flat, building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    /// Town.
    pub city: String,
    /// State, county, province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ZIP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// For the carrier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A cart.
#[derive(Debug, Clone, PartialEq)]
pub struct Cart {
    /// Its id.
    pub id: CartId,
    /// Grows by one with every change.
    pub revision: i32,
    /// Whether it can be changed.
    pub status: CartStatus,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The buyer's e-mail address.
    pub email: Option<String>,
    /// The buyer's telephone number.
    pub phone: Option<String>,
    /// Where to send it.
    pub shipping_address: Option<Address>,
    /// Where to send the bill; the shipping address unless given.
    pub billing_address: Option<Address>,
    /// The buyer's words to the shop.
    pub note: Option<String>,
    /// The front end's own data.
    pub attributes: Vec<Attribute>,
    /// The order it became.
    pub order_id: Option<OrderId>,
    /// The cart that its lines are in now.
    pub merged_into: Option<CartId>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
    /// When it will be deleted unless it changes.
    pub expires_at: OffsetDateTime,
    /// Lines.
    pub line_count: i64,
    /// Pieces over all lines.
    pub total_quantity: i64,
    /// The sum of the lines at today's prices, in minor units.
    pub subtotal: i64,
    /// Lines that ask for more than can be sold now.
    pub lines_short: i64,
    /// Its first lines, if they were read ahead.
    pub lines: Option<Window<CartLine>>,
}

impl Cart {
    /// The sum of the lines.
    #[must_use]
    pub fn subtotal(&self) -> Money {
        Money::new(self.subtotal, self.currency)
    }
}

/// A line of a cart.
#[derive(Debug, Clone, PartialEq)]
pub struct CartLine {
    /// Its id.
    pub id: CartLineId,
    /// What is bought; `None` when it is no longer sold.
    pub variant: Option<Variant>,
    /// Pieces.
    pub quantity: i32,
    /// The front end's own data.
    pub attributes: Vec<Attribute>,
    /// Today's price of one; zero when it is no longer sold.
    pub unit_price: Money,
    /// Price times quantity.
    pub total: Money,
}

/// A line to add. Adding what is there already raises its quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineAdd {
    /// What to buy.
    pub variant: VariantId,
    /// Pieces, 1 to [`MAX_QUANTITY`].
    pub quantity: i32,
    /// Lines of one variant differ by these.
    pub attributes: Vec<Attribute>,
}

/// A line's quantity, as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineSet {
    /// Which line.
    pub line: CartLineId,
    /// Pieces, 0 (removes the line) to [`MAX_QUANTITY`].
    pub quantity: i32,
}

/// What becomes of an address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub enum AddressChange {
    /// It stays as it is.
    #[default]
    Keep,
    /// It goes.
    Clear,
    /// It is replaced.
    Set(Box<Address>),
}

/// One change of a cart. Several in one call stand or fall together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum CartOperation {
    /// Adds lines.
    AddLines(Vec<LineAdd>),
    /// Sets quantities.
    SetLines(Vec<LineSet>),
    /// Removes lines.
    RemoveLines(Vec<CartLineId>),
    /// Replaces the buyer.
    SetBuyer {
        /// E-mail address.
        email: Option<String>,
        /// Telephone number.
        phone: Option<String>,
    },
    /// Changes addresses.
    SetAddresses {
        /// Where to send it.
        shipping: AddressChange,
        /// Where to send the bill.
        billing: AddressChange,
    },
    /// Replaces the note.
    SetNote(Option<String>),
    /// Replaces the attributes.
    SetAttributes(Vec<Attribute>),
}

/// How many lines a selection is going to ask for from the start; `None` when it asks for none. Only a hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct CartHint {
    /// Lines from the start.
    pub lines: Option<u32>,
}
