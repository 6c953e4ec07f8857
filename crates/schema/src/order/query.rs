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
    /// By its id; the access token's session must have placed it.
    Id(ID),
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
        let OrderRef::Id(id) = by;
        let id = OrderId::decode(&id).ok()?;
        let hint = OrderHint { lines: rows_ahead(&ctx.look_ahead(), "lines") };
        nullable(ctx.ports().order(id, hint).await, Order::from)
    }
}
