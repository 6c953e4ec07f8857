//! Reads orders: for the session or the customer that placed them, or whoever holds a link.

use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::cart::{Address, Attribute};
use tidegate_model::catalog::SelectedOption;
use tidegate_model::id::{OrderId, SessionId};
use tidegate_model::order::{Order, OrderLine};
use tidegate_model::page::{CursorKey, Direction, Keyed, Page, Slice};
use time::OffsetDateTime;
use uuid::Uuid;

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

/// What was found of orders and lines by their ids, in no order.
#[derive(Debug, Clone, Default)]
pub struct OrdersFound {
    /// The orders that the caller placed.
    pub orders: Vec<Order>,
    /// The lines, of whatever order that the caller placed.
    pub lines: Vec<OrderLine>,
}

/// The statement: the live session or NULLs, beside it the order or NULLs, beside it each line of the page or NULLs.
macro_rules! order_rows {
    ([$($orders:tt)+], $than:tt, $order:tt, [$($sorted:tt)+], $($argument:expr),*) => {
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
               left join lateral ("# + $($orders)+ + r#") o on true
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
               order by "# + $($sorted)+,
            $($argument),*
        )
    };
}

/// Who asks for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderAccess {
    /// A session: its own orders, and its customer's.
    Session(SessionId),
    /// Whoever holds a verified link to this order.
    Link,
}

/// One order with a page of its lines; `None` for no lines at all.
async fn order(
    conn: &mut Conn,
    access: OrderAccess,
    id: OrderId,
    now: OffsetDateTime,
    lines: Option<&Page>,
) -> Result<OrderFound, StoreError> {
    let (session, link) = match access {
        OrderAccess::Session(session) => (Some(session.0), false),
        OrderAccess::Link => (None, true),
    };
    let backward = lines.is_some_and(|page| page.direction == Direction::Backward);
    let start = match lines.and_then(|page| page.cursor.as_ref()) {
        Some(CursorKey::Position(position, _)) => *position,
        Some(_) => return Err(StoreError::BadValue),
        None if backward => i32::MAX,
        None => i32::MIN,
    };
    let rows = lines.map_or(0, Page::fetch);
    let read = if backward {
        order_rows!(["select c.id, c.number, c.cart_id, c.placed_at, c.currency, c.subtotal, c.total, c.line_count, c.email, c.phone,
                            c.shipping_address, c.billing_address, c.note, c.attributes, c.payment_status, c.fulfilment_status
                     from customer_order c
                     where c.id = $2 and ($6 or c.session_id = s.id or c.customer_id = s.customer_id)"],
                    "< ", "desc", ["l.position desc"], session, id.0, now, start, rows, link)
        .fetch_all(conn)
        .await?
    } else {
        order_rows!(["select c.id, c.number, c.cart_id, c.placed_at, c.currency, c.subtotal, c.total, c.line_count, c.email, c.phone,
                            c.shipping_address, c.billing_address, c.note, c.attributes, c.payment_status, c.fulfilment_status
                     from customer_order c
                     where c.id = $2 and ($6 or c.session_id = s.id or c.customer_id = s.customer_id)"],
                    "> ", "asc", ["l.position asc"], session, id.0, now, start, rows, link)
        .fetch_all(conn)
        .await?
    };
    let Some(first) = read.first() else { return Ok(OrderFound::Missing) };
    if first.session_id.is_none() && !link {
        return Ok(OrderFound::SessionRevoked);
    }
    let Some(order) = first.order() else { return Ok(OrderFound::Missing) };
    let currency = order.total.currency;
    let keyed: Vec<Keyed<OrderLine>> = read.into_iter().filter_map(|row| row.line(currency)).collect();
    let slice = lines.map_or_else(Slice::empty, |page| Slice::from_rows(page, keyed));
    Ok(OrderFound::Found(Box::new(order), slice))
}

/// A page of the orders of a session's customer, newest first; `None` when the session has ended.
async fn customer_orders(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
    page: &Page,
) -> Result<Option<Slice<Order>>, StoreError> {
    let forward = page.direction == Direction::Forward;
    let cursor = match &page.cursor {
        Some(CursorKey::Id(id)) => *id,
        Some(_) => return Err(StoreError::BadValue),
        None if forward => Uuid::max(),
        None => Uuid::nil(),
    };
    // No lines: the position starts behind the last.
    let read = if forward {
        order_rows!(["select c.id, c.number, c.cart_id, c.placed_at, c.currency, c.subtotal, c.total, c.line_count, c.email, c.phone,
                            c.shipping_address, c.billing_address, c.note, c.attributes, c.payment_status, c.fulfilment_status
                     from customer_order c where c.customer_id = s.customer_id and c.id < $2
                     order by c.id desc limit $6"],
                    "> ", "asc", ["o.id desc"], session.0, cursor, now, i32::MAX, 0_i64, page.fetch())
        .fetch_all(conn)
        .await?
    } else {
        order_rows!(["select c.id, c.number, c.cart_id, c.placed_at, c.currency, c.subtotal, c.total, c.line_count, c.email, c.phone,
                            c.shipping_address, c.billing_address, c.note, c.attributes, c.payment_status, c.fulfilment_status
                     from customer_order c where c.customer_id = s.customer_id and c.id > $2
                     order by c.id asc limit $6"],
                    "> ", "asc", ["o.id asc"], session.0, cursor, now, i32::MAX, 0_i64, page.fetch())
        .fetch_all(conn)
        .await?
    };
    if read.first().is_none_or(|row| row.session_id.is_none()) {
        return Ok(None);
    }
    let keyed = |order: Order| Keyed { key: CursorKey::Id(order.id.0), item: order };
    Ok(Some(Slice::from_rows(page, read.iter().filter_map(OrderRow::order).map(keyed).collect())))
}

/// Orders and lines by their ids, those that the session or its customer placed; `None` when the session has ended.
async fn orders_by_id(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
    orders: &[Uuid],
    lines: &[Uuid],
) -> Result<Option<OrdersFound>, StoreError> {
    let read = order_rows!(["select c.id, c.number, c.cart_id, c.placed_at, c.currency, c.subtotal, c.total, c.line_count, c.email, c.phone,
                            c.shipping_address, c.billing_address, c.note, c.attributes, c.payment_status, c.fulfilment_status
                     from customer_order c
                     where (c.session_id = s.id or c.customer_id = s.customer_id)
                     and (c.id = any($2)
                          or exists (select 1 from order_line q where q.order_id = c.id and q.id = any($6)))"],
                           "is not null and i.id = any($6) and i.position > ", "asc", ["l.position asc"],
                           session.0, orders, now, i32::MIN, i64::MAX, lines)
    .fetch_all(conn)
    .await?;
    if read.first().is_none_or(|row| row.session_id.is_none()) {
        return Ok(None);
    }
    let mut found = OrdersFound::default();
    for row in read {
        let Some(order) = row.order() else { continue };
        found.lines.extend(row.line(order.total.currency).map(|keyed| keyed.item));
        if orders.contains(&order.id.0) && !found.orders.iter().any(|known| known.id == order.id) {
            found.orders.push(order);
        }
    }
    Ok(Some(found))
}

impl Store {
    /// See [`orders_by_id`].
    pub async fn orders_by_id(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
        orders: Vec<Uuid>,
        lines: Vec<Uuid>,
    ) -> Result<Option<OrdersFound>, StoreError> {
        self.read(statements, move |conn| {
            Box::pin(async move { orders_by_id(conn, session, now, &orders, &lines).await })
        })
        .await
    }

    /// See [`customer_orders`].
    pub async fn customer_orders(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
        page: Page,
    ) -> Result<Option<Slice<Order>>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { customer_orders(conn, session, now, &page).await }))
            .await
    }

    /// See [`order`].
    pub async fn order(
        &self,
        statements: Arc<Statements>,
        access: OrderAccess,
        id: OrderId,
        now: OffsetDateTime,
        lines: Option<Page>,
    ) -> Result<OrderFound, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { order(conn, access, id, now, lines.as_ref()).await }))
            .await
    }
}
