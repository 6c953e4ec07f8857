//! The root field for one order.

use async_graphql::{Context, ID, Object, OneofObject};
use tidegate_model::id::OrderId;
use tidegate_model::order::OrderHint;

use super::object::Order;
use crate::context::{ContextExt as _, rows_ahead};
use crate::error::{Nullable, nullable};

/// How to find one order.
#[derive(Debug, OneofObject)]
pub enum OrderRef {
    /// By its id; the access token's session or customer must have placed it.
    Id(ID),
    /// By a signed link, as `checkoutComplete` and `orderLinkSend` hand it out: for guests who come back.
    Link(String),
}

/// Orders.
#[derive(Debug, Default)]
pub struct OrderQuery;

#[Object]
impl OrderQuery {
    /// One order; null when there is none, or it is not yours.
    async fn order(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to find it: exactly one of the fields.")] by: OrderRef,
    ) -> Nullable<Order> {
        let hint = OrderHint { lines: rows_ahead(&ctx.look_ahead(), "lines") };
        let found = match by {
            OrderRef::Id(id) => ctx.ports().order(OrderId::decode(&id).ok()?, hint).await,
            OrderRef::Link(link) => ctx.ports().order_by_link(link, hint).await,
        };
        nullable(found, Order::from)
    }
}
