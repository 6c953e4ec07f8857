//! The order.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use std::sync::Arc;
use tidegate_model::order;

use super::line::{OrderLine, OrderLineConnection};
use crate::cart::{Address, Attribute};
use crate::connection::PageArgs;
use crate::connection::connection;
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::money::Money;
use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};
use crate::scalar::{Cursor, DateTime};

/// What has been paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::order::PaymentStatus")]
pub enum PaymentStatus {
    /// Nothing yet.
    Pending,
    /// All of it.
    Paid,
}

/// What has been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::order::FulfilmentStatus")]
pub enum FulfilmentStatus {
    /// Nothing yet.
    Unfulfilled,
    /// All of it.
    Fulfilled,
}

/// How an order is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::order::PaymentMethod")]
pub enum PaymentMethod {
    /// The shop sends an invoice and records the payment by hand.
    Invoice,
}

/// An order. It keeps what was bought as it was, whatever becomes of the catalogue.
#[derive(Debug, Clone)]
pub struct Order(pub Arc<order::Order>);

impl From<order::Order> for Order {
    fn from(order: order::Order) -> Self {
        Self(Arc::new(order))
    }
}

/// An order. It keeps what was bought as it was, whatever becomes of the catalogue.
#[Object]
impl Order {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// The number that people use.
    async fn number(&self) -> String {
        self.0.number.to_string()
    }

    /// When it was placed.
    async fn placed_at(&self) -> DateTime {
        DateTime(self.0.placed_at)
    }

    /// The cart it came from.
    async fn cart_id(&self) -> ID {
        ID(self.0.cart_id.encode())
    }

    /// What has been paid.
    async fn payment_status(&self) -> PaymentStatus {
        self.0.payment_status.into()
    }

    /// What has been sent.
    async fn fulfilment_status(&self) -> FulfilmentStatus {
        self.0.fulfilment_status.into()
    }

    /// Its lines in the order they were added to the cart.
    async fn lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<OrderLineConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let ahead = self.0.lines.as_ref().and_then(|window| window.page(&page));
        let slice = match ahead {
            Some(slice) => slice,
            None => ctx.ports().order_lines(self.0.id, self.0.by_link, page).await?,
        };
        Ok(OrderLineConnection(slice.map(OrderLine::from)))
    }

    /// How many lines it has.
    async fn line_count(&self) -> i32 {
        self.0.line_count
    }

    /// What it cost.
    async fn cost(&self) -> OrderCost {
        OrderCost { subtotal: Money(self.0.subtotal), total: Money(self.0.total) }
    }

    /// Who bought.
    async fn buyer(&self) -> OrderBuyer {
        OrderBuyer { email: self.0.email.clone(), phone: self.0.phone.clone() }
    }

    /// Where it goes.
    async fn shipping_address(&self) -> Address {
        self.0.shipping_address.clone().into()
    }

    /// Where the bill goes.
    async fn billing_address(&self) -> Address {
        self.0.billing_address.clone().into()
    }

    /// The buyer's words to the shop.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Your front end's own data.
    async fn attributes(&self) -> Vec<Attribute> {
        self.0.attributes.iter().cloned().map(Attribute::from).collect()
    }

    /// Its payments.
    async fn payments(&self) -> Vec<Payment> {
        let payment = |payment: &order::Payment| Payment {
            id: ID(payment.id.encode()),
            method: payment.method.into(),
            status: payment.status.into(),
            amount: Money(payment.amount),
            reference: payment.reference.clone(),
        };
        self.0.payments.iter().map(payment).collect()
    }
}

/// What an order cost.
#[derive(Debug, SimpleObject)]
pub struct OrderCost {
    /// The sum of the lines.
    subtotal: Money,
    /// What is to be paid.
    total: Money,
}

/// Who bought.
#[derive(Debug, SimpleObject)]
pub struct OrderBuyer {
    /// E-mail address.
    email: String,
    /// Telephone number.
    phone: Option<String>,
}

/// A payment of an order.
#[derive(Debug, SimpleObject)]
pub struct Payment {
    /// Opaque.
    id: ID,
    /// How.
    method: PaymentMethod,
    /// Whether it has come.
    status: PaymentStatus,
    /// How much.
    amount: Money,
    /// The buyer's own reference.
    reference: Option<String>,
}

connection!(OrderConnection, OrderEdge, Order, "orders");

/// Read too seldom to be written at once: the engine resolves it.
impl Plain for Order {
    const NAME: &'static str = "Order";

    fn field<'a>(&self, _: &'a Asked, _: &mut Json<'a>) -> Wrote {
        Err(NotPlain)
    }
}
