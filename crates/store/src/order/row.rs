//! What the order statement reads: the session, the order and one line a row; each may be absent.

use sqlx::types::Json;
use tidegate_model::cart::{Address, Attribute};
use tidegate_model::catalog::SelectedOption;
use tidegate_model::id::{CartId, OrderId, OrderLineId, PaymentId, ProductId, VariantId};
use tidegate_model::money::{Currency, Money};
use tidegate_model::order::{FulfilmentStatus, Order, OrderLine, Payment, PaymentMethod, PaymentStatus};
use tidegate_model::page::{CursorKey, Keyed};
use time::OffsetDateTime;
use uuid::Uuid;

/// One row. Columns of a part that is absent are NULL together.
#[derive(Debug)]
pub(super) struct OrderRow {
    pub(super) session_id: Option<Uuid>,
    pub(super) order_id: Option<Uuid>,
    pub(super) number: Option<i64>,
    pub(super) cart_id: Option<Uuid>,
    pub(super) placed_at: Option<OffsetDateTime>,
    pub(super) currency: Option<String>,
    pub(super) subtotal: Option<i64>,
    pub(super) order_total: Option<i64>,
    pub(super) line_count: Option<i32>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) shipping_address: Option<Json<Address>>,
    pub(super) billing_address: Option<Json<Address>>,
    pub(super) note: Option<String>,
    pub(super) order_attributes: Option<Json<Vec<Attribute>>>,
    pub(super) payment_status: Option<String>,
    pub(super) fulfilment_status: Option<String>,
    pub(super) payment_ids: Option<Vec<Uuid>>,
    pub(super) payment_amounts: Option<Vec<i64>>,
    pub(super) payment_states: Option<Vec<String>>,
    pub(super) payment_references: Option<Vec<Option<String>>>,
    pub(super) line_id: Option<Uuid>,
    pub(super) position: Option<i32>,
    pub(super) product_id: Option<Uuid>,
    pub(super) variant_id: Option<Uuid>,
    pub(super) sku: Option<String>,
    pub(super) title: Option<String>,
    pub(super) variant_title: Option<String>,
    pub(super) selected_options: Option<Json<Vec<SelectedOption>>>,
    pub(super) line_attributes: Option<Json<Vec<Attribute>>>,
    pub(super) unit_price: Option<i64>,
    pub(super) quantity: Option<i32>,
    pub(super) line_total: Option<i64>,
}

impl OrderRow {
    /// The order, when there is one that the caller may see.
    pub(super) fn order(&self) -> Option<Order> {
        let currency = Currency::parse(self.currency.as_deref()?)?;
        let fulfilled = self.fulfilment_status.as_deref() == Some("FULFILLED");
        Some(Order {
            id: OrderId(self.order_id?),
            number: self.number?,
            cart_id: CartId(self.cart_id?),
            placed_at: self.placed_at?,
            subtotal: Money::new(self.subtotal?, currency),
            total: Money::new(self.order_total?, currency),
            line_count: self.line_count?,
            email: self.email.clone()?,
            phone: self.phone.clone(),
            shipping_address: self.shipping_address.clone()?.0,
            billing_address: self.billing_address.clone()?.0,
            note: self.note.clone(),
            attributes: self.order_attributes.clone().map(|attributes| attributes.0).unwrap_or_default(),
            payment_status: payment_status(self.payment_status.as_deref()?),
            fulfilment_status: if fulfilled { FulfilmentStatus::Fulfilled } else { FulfilmentStatus::Unfulfilled },
            payments: self.payments(currency),
            lines: None,
            by_link: false,
        })
    }

    fn payments(&self, currency: Currency) -> Vec<Payment> {
        let ids = self.payment_ids.iter().flatten();
        let amounts = self.payment_amounts.iter().flatten();
        let states = self.payment_states.iter().flatten();
        let references = self.payment_references.iter().flatten();
        ids.zip(amounts)
            .zip(states.zip(references))
            .map(|((id, amount), (status, reference))| Payment {
                id: PaymentId(*id),
                method: PaymentMethod::Invoice,
                status: payment_status(status),
                amount: Money::new(*amount, currency),
                reference: reference.clone(),
            })
            .collect()
    }

    /// The line of this row.
    pub(super) fn line(self, currency: Currency) -> Option<Keyed<OrderLine>> {
        let id = self.line_id?;
        let line = OrderLine {
            id: OrderLineId(id),
            product_id: ProductId(self.product_id?),
            variant_id: VariantId(self.variant_id?),
            sku: self.sku?,
            title: self.title?,
            variant_title: self.variant_title?,
            selected_options: self.selected_options?.0,
            attributes: self.line_attributes?.0,
            unit_price: Money::new(self.unit_price?, currency),
            quantity: self.quantity?,
            total: Money::new(self.line_total?, currency),
        };
        Some(Keyed { item: line, key: CursorKey::Position(self.position?, id) })
    }
}

fn payment_status(status: &str) -> PaymentStatus {
    if status == "PAID" { PaymentStatus::Paid } else { PaymentStatus::Pending }
}
