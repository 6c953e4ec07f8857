//! Reads an order for the session that placed it.

use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::cart::{Address, Attribute};
use tidegate_model::catalog::SelectedOption;
use tidegate_model::id::{OrderId, OrderLineId, SessionId};
use tidegate_model::order::{Order, OrderLine};
use tidegate_model::page::{CursorKey, Direction, Keyed, Page, Slice};
use time::OffsetDateTime;

use super::row::OrderRow;
use crate::{Conn, Statements, Store, StoreError};

/// What an order statement found.
#[derive(Debug, Clone)]
pub enum OrderFound {
    /// The order with the page of lines that was asked for.
    Found(Box<Order>, Slice<OrderLine>),
    /// None, or not the caller's.
    Missing,
    /// The caller's session has ended.
    SessionRevoked,
}

/// The statement: the live session or NULLs, beside it the order or NULLs, beside it each line of the page or NULLs.
macro_rules! order_rows {
    ($than:tt, $order:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            OrderRow,
            r#"select s.id as "session_id?", o.id as "order_id?", o.number as "number?", o.cart_id as "cart_id?",
                      o.placed_at as "placed_at?", o.currency as "currency?", o.subtotal as "subtotal?",
                      o.total as "order_total?", o.line_count as "line_count?", o.email as "email?",
                      o.phone as "phone?", o.shipping_address as "shipping_address?: Json<Address>",
                      o.billing_address as "billing_address?: Json<Address>", o.note as "note?",
                      o.attributes as "order_attributes?: Json<Vec<Attribute>>",
                      o.payment_status as "payment_status?", o.fulfilment_status as "fulfilment_status?",
                      p.ids as "payment_ids?", p.amounts as "payment_amounts?", p.states as "payment_states?",
                      p.buyer_references as "payment_references?: Vec<Option<String>>",
                      l.id as "line_id?", l.position as "position?",
                      l.product_id as "product_id?", l.variant_id as "variant_id?", l.sku as "sku?",
                      l.title as "title?", l.variant_title as "variant_title?",
                      l.selected_options as "selected_options?: Json<Vec<SelectedOption>>",
                      l.attributes as "line_attributes?: Json<Vec<Attribute>>",
                      l.unit_price as "unit_price?", l.quantity as "quantity?", l.total as "line_total?"
               from (select 1) one
               left join session s on s.id = $1 and s.revoked_at is null and s.expires_at > $3
               left join customer_order o on o.id = $2 and o.session_id = s.id
               left join lateral (
                   select array_agg(y.id order by y.id) as ids, array_agg(y.amount order by y.id) as amounts,
                          array_agg(y.status order by y.id) as states,
                          array_agg(y.reference order by y.id) as buyer_references
                   from payment y where y.order_id = o.id
               ) p on true
               left join lateral (
                   select i.id, i.position, i.product_id, i.variant_id, i.sku, i.title, i.variant_title,
                          i.selected_options, i.attributes, i.unit_price, i.quantity, i.total
                   from order_line i where i.order_id = o.id and i.position "# + $than + r#" $4
                   order by i.position "# + $order + r#" limit $5
               ) l on true
               order by l.position "# + $order,
            $($argument),*
        )
    };
}

/// One order with a page of its lines; `None` for no lines at all.
async fn order(
    conn: &mut Conn,
    session: SessionId,
    id: OrderId,
    now: OffsetDateTime,
    lines: Option<&Page>,
) -> Result<OrderFound, StoreError> {
    let backward = lines.is_some_and(|page| page.direction == Direction::Backward);
    let start = match lines.and_then(|page| page.cursor.as_ref()) {
        Some(CursorKey::Position(position, _)) => *position,
        Some(_) => return Err(StoreError::BadValue),
        None if backward => i32::MAX,
        None => i32::MIN,
    };
    let rows = lines.map_or(0, Page::fetch);
    let read = if backward {
        order_rows!("< ", "desc", session.0, id.0, now, start, rows).fetch_all(conn).await?
    } else {
        order_rows!("> ", "asc", session.0, id.0, now, start, rows).fetch_all(conn).await?
    };
    let Some(first) = read.first() else { return Ok(OrderFound::Missing) };
    if first.session_id.is_none() {
        return Ok(OrderFound::SessionRevoked);
    }
    let Some(order) = first.order() else { return Ok(OrderFound::Missing) };
    let currency = order.total.currency;
    let keyed: Vec<Keyed<OrderLine>> = read.into_iter().filter_map(|row| row.line(currency)).collect();
    let slice = lines.map_or_else(Slice::empty, |page| Slice::from_rows(page, keyed));
    Ok(OrderFound::Found(Box::new(order), slice))
}

/// The order of a line, and the line's position, for the session that placed it.
async fn order_of_line(
    conn: &mut Conn,
    session: SessionId,
    line: OrderLineId,
    now: OffsetDateTime,
) -> Result<Option<(OrderId, i32)>, StoreError> {
    let found = sqlx::query!(
        "select o.id, l.position from customer_order o join order_line l on l.order_id = o.id and l.id = $2
         where o.session_id = $1 and session_is_live_v1($1, $3)",
        session.0,
        line.0,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map(|row| (OrderId(row.id), row.position)))
}

impl Store {
    /// See [`order_of_line`].
    pub async fn order_of_line(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        line: OrderLineId,
        now: OffsetDateTime,
    ) -> Result<Option<(OrderId, i32)>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { order_of_line(conn, session, line, now).await })).await
    }

    /// See [`order`].
    pub async fn order(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        id: OrderId,
        now: OffsetDateTime,
        lines: Option<Page>,
    ) -> Result<OrderFound, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { order(conn, session, id, now, lines.as_ref()).await }))
            .await
    }
}
