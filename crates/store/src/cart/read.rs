//! Reads a cart for whoever may see it.

use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::cart::{Address, Attribute, Cart, CartLine};
use tidegate_model::catalog::{ProductOption, SelectedOption};
use tidegate_model::id::{CartId, SessionId};
use tidegate_model::identity::{Session, Viewer};
use tidegate_model::page::{CursorKey, Direction, Keyed, Page, Slice};
use time::OffsetDateTime;
use uuid::Uuid;

use super::row::CartRow;
use crate::{Conn, Statements, Store, StoreError};

/// Who asks for a cart, and when.
#[derive(Debug, Clone)]
pub struct CartAccess {
    /// The session of the access token, and the hash of the secret.
    pub viewer: Viewer,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// What a cart statement found.
#[derive(Debug, Clone)]
pub enum CartFound {
    /// The cart with the page of lines that was asked for.
    Found(Box<Cart>, Slice<CartLine>),
    /// None, or not the caller's.
    Missing,
    /// None, and the caller's session has ended.
    SessionRevoked,
}

/// What was found of carts and lines by their ids, in no order.
#[derive(Debug, Clone, Default)]
pub struct CartsFound {
    /// Whether the caller has a session that has not ended.
    pub live: bool,
    /// The carts that the caller may see.
    pub carts: Vec<Cart>,
    /// The lines, of whatever cart that the caller may see.
    pub lines: Vec<CartLine>,
}

/// What the viewer statement found.
#[derive(Debug, Clone)]
pub struct ViewerFound {
    /// The live session.
    pub session: Session,
    /// The open cart made last, with the page of lines that was asked for.
    pub cart: Option<(Box<Cart>, Slice<CartLine>)>,
}

/// The statement: a row with the live session or NULLs, beside it the cart or NULLs, beside it each line of the page or
/// NULLs. `$1` session, `$2` secret hash, `$3` cart, `$4` now, `$5` key of a line, `$6` rows.
macro_rules! cart_rows {
    ([$($cart:tt)+], $than:tt, $order:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            CartRow,
            r#"select s.id as "session_id?", s.customer_id as "session_customer_id?",
                      s.device as "session_device?", s.created_at as "session_created_at?",
                      s.last_seen_at as "session_last_seen_at?", s.expires_at as "session_expires_at?",
                      k.id as "cart_id?", k.revision as "revision?", k.status as "status?", m.currency as "currency?",
                      k.email as "email?", k.phone as "phone?",
                      k.shipping_address as "shipping_address?: Json<Address>",
                      k.billing_address as "billing_address?: Json<Address>", k.note as "note?",
                      k.attributes as "cart_attributes?: Json<Vec<Attribute>>", k.order_id as "order_id?",
                      k.merged_into as "merged_into?",
                      k.created_at as "created_at?", k.updated_at as "updated_at?", k.expires_at as "expires_at?",
                      t.line_count as "line_count?", t.total_quantity as "total_quantity?",
                      t.subtotal as "subtotal?", t.lines_short as "lines_short?",
                      l.id as "line_id?", l.quantity as "quantity?",
                      l.attributes as "line_attributes?: Json<Vec<Attribute>>",
                      v.id as "variant_id?", v.sku as "sku?", v.title as "variant_title?",
                      v.selected_options as "selected_options?: Json<Vec<SelectedOption>>",
                      p.amount as "amount?", p.compare_at as "compare_at?", w.on_hand - w.allocated as "available?",
                      o.url as "own_url?", o.alt as "own_alt?", o.width as "own_width?", o.height as "own_height?",
                      d.product_id as "product_id?", d.handle as "handle?", d.title as "title?",
                      d.description as "description?", d.vendor as "vendor?", d.tags as "tags?",
                      d.options as "options?: Json<Vec<ProductOption>>", d.price_min as "price_min?",
                      d.price_max as "price_max?", d.image_url as "image_url?", d.image_alt as "image_alt?",
                      d.image_width as "image_width?", d.image_height as "image_height?",
                      d.variant_count as "variant_count?", d.variants_available as "variants_available?",
                      d.created_at as "product_created_at?", d.updated_at as "product_updated_at?"
               from (select 1) one
               left join session s on s.id = $1 and s.revoked_at is null and s.expires_at > $4
               left join lateral ("# + $($cart)+ + r#") k on true
               left join market m on m.id = k.market_id
               left join lateral (
                   select count(*) as line_count, sum(q.quantity)::bigint as total_quantity,
                          sum(coalesce(c.amount, 0) * q.quantity)::bigint as subtotal,
                          count(*) filter (where c.amount is null
                                           or coalesce(x.on_hand - x.allocated, 0) < q.quantity) as lines_short
                   from cart_line q
                   left join price c on c.variant_id = q.variant_id and c.market_id = k.market_id
                   left join stock x on x.variant_id = q.variant_id
                   where q.cart_id = k.id
               ) t on k.id is not null
               left join lateral (
                   select i.id, i.quantity, i.attributes, i.variant_id from cart_line i
                   where i.cart_id = k.id and i.id "# + $than + r#" $5
                   order by i.id "# + $order + r#" limit $6
               ) l on true
               left join variant v on v.id = l.variant_id
               left join price p on p.variant_id = l.variant_id and p.market_id = k.market_id
               left join stock w on w.variant_id = l.variant_id
               left join product_listing d on d.market_id = k.market_id and d.product_id = v.product_id
               left join lateral (select url, alt, width, height from product_image
                                  where variant_id = l.variant_id order by position limit 1) o on true
               order by l.id "# + $order,
            $($argument),*
        )
    };
}

/// One cart with a page of its lines; `None` for no lines at all.
async fn cart(conn: &mut Conn, access: &CartAccess, id: CartId, lines: Option<&Page>) -> Result<CartFound, StoreError> {
    let session = access.viewer.session.map(|session| session.0);
    let secret = access.viewer.cart_secret.as_ref().map(<[u8; 32]>::as_slice);
    let (cursor, rows) = bounds(lines)?;
    let read = if lines.is_some_and(|page| page.direction == Direction::Backward) {
        cart_rows!(["select c.id, c.market_id, c.status, c.revision, c.email, c.phone, c.shipping_address, c.billing_address, c.note,
                     c.attributes, c.order_id, c.merged_into, c.created_at, c.updated_at, c.expires_at
                     from cart c where c.id = $3 and c.expires_at > $4
                     and (c.session_id = s.id or c.customer_id = s.customer_id or c.secret_hash = $2)"],
                   "<", "desc", session, secret, id.0, access.now, cursor, rows)
        .fetch_all(conn)
        .await?
    } else {
        cart_rows!(["select c.id, c.market_id, c.status, c.revision, c.email, c.phone, c.shipping_address, c.billing_address, c.note,
                     c.attributes, c.order_id, c.merged_into, c.created_at, c.updated_at, c.expires_at
                     from cart c where c.id = $3 and c.expires_at > $4
                     and (c.session_id = s.id or c.customer_id = s.customer_id or c.secret_hash = $2)"],
                   "> ", "asc", session, secret, id.0, access.now, cursor, rows)
        .fetch_all(conn)
        .await?
    };
    let revoked = session.is_some() && read.first().is_none_or(|row| row.session_id.is_none());
    Ok(match assemble(read, lines) {
        (_, Some((cart, lines))) => CartFound::Found(cart, lines),
        (_, None) if revoked => CartFound::SessionRevoked,
        (_, None) => CartFound::Missing,
    })
}

/// The viewer's session, with the open cart made last when lines are asked for. `None` when the session has ended.
async fn viewer(
    conn: &mut Conn,
    session: SessionId,
    now: OffsetDateTime,
    lines: Option<&Page>,
) -> Result<Option<ViewerFound>, StoreError> {
    let (cursor, rows) = bounds(lines)?;
    let no_secret: Option<&[u8]> = None;
    let read = cart_rows!(["select c.id, c.market_id, c.status, c.revision, c.email, c.phone, c.shipping_address, c.billing_address, c.note,
                     c.attributes, c.order_id, c.merged_into, c.created_at, c.updated_at, c.expires_at
                     from cart c
                     where c.id = (select o.id from (
                                       (select i.id from cart i where i.session_id = s.id and i.status = 'OPEN'
                                        and i.expires_at > $4 order by i.id desc limit 1)
                                       union all
                                       (select i.id from cart i where i.customer_id = s.customer_id
                                        and i.status = 'OPEN' and i.expires_at > $4 order by i.id desc limit 1)
                                   ) o order by o.id desc limit 1)
                       and $2::bytea is null and $3::uuid is null"],
                          "> ", "asc", Some(session.0), no_secret, None::<Uuid>, now, cursor, rows)
    .fetch_all(conn)
    .await?;
    let (session, cart) = assemble(read, lines);
    Ok(session.map(|session| ViewerFound { session, cart }))
}

/// Carts and lines by their ids, those that the caller may see.
async fn carts_by_id(
    conn: &mut Conn,
    access: &CartAccess,
    carts: &[Uuid],
    lines: &[Uuid],
) -> Result<CartsFound, StoreError> {
    let session = access.viewer.session.map(|session| session.0);
    let secret = access.viewer.cart_secret.as_ref().map(<[u8; 32]>::as_slice);
    let read = cart_rows!(["select c.id, c.market_id, c.status, c.revision, c.email, c.phone, c.shipping_address, c.billing_address, c.note,
                     c.attributes, c.order_id, c.merged_into, c.created_at, c.updated_at, c.expires_at
                     from cart c
                     where c.id = any($3::uuid[] || array(
                         select q.cart_id from cart_line q
                         where q.id = any($7) and q.cart_id in (
                             select a.id from cart a where a.session_id = s.id
                             union all select a.id from cart a where a.customer_id = s.customer_id
                             union all select a.id from cart a where a.secret_hash = $2)))
                     and c.expires_at > $4
                     and (c.session_id = s.id or c.customer_id = s.customer_id or c.secret_hash = $2)"],
                          "= any($7) and i.id > ", "asc", session, secret, carts, access.now, Uuid::nil(), i64::MAX, lines)
    .fetch_all(conn)
    .await?;
    let mut found =
        CartsFound { live: read.first().is_some_and(|row| row.session_id.is_some()), ..CartsFound::default() };
    for row in read {
        let known = |cart: &Cart| found.carts.iter().any(|known| known.id == cart.id);
        found.carts.extend(row.cart().filter(|cart| carts.contains(&cart.id.0) && !known(cart)));
        found.lines.extend(row.line());
    }
    Ok(found)
}

/// The key to start behind and the rows to fetch.
fn bounds(lines: Option<&Page>) -> Result<(Uuid, i64), StoreError> {
    let Some(page) = lines else { return Ok((Uuid::max(), 0)) };
    let cursor = match (&page.cursor, page.direction) {
        (Some(CursorKey::Id(id)), _) => *id,
        (Some(_), _) => return Err(StoreError::BadValue),
        (None, Direction::Forward) => Uuid::nil(),
        (None, Direction::Backward) => Uuid::max(),
    };
    Ok((cursor, page.fetch()))
}

type Assembled = (Option<Session>, Option<(Box<Cart>, Slice<CartLine>)>);

fn assemble(rows: Vec<CartRow>, page: Option<&Page>) -> Assembled {
    let Some(first) = rows.first() else { return (None, None) };
    let session = first.session();
    let Some(cart) = first.cart() else { return (session, None) };
    let keyed = |line: CartLine| Keyed { key: CursorKey::Id(line.id.0), item: line };
    let lines = rows.into_iter().filter_map(CartRow::line).map(keyed).collect();
    let slice = page.map_or_else(Slice::empty, |page| Slice::from_rows(page, lines));
    (session, Some((Box::new(cart), slice)))
}

impl Store {
    /// See [`cart`].
    pub async fn cart(
        &self,
        statements: Arc<Statements>,
        access: CartAccess,
        id: CartId,
        lines: Option<Page>,
    ) -> Result<CartFound, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { cart(conn, &access, id, lines.as_ref()).await })).await
    }

    /// See [`carts_by_id`].
    pub async fn carts_by_id(
        &self,
        statements: Arc<Statements>,
        access: CartAccess,
        carts: Vec<Uuid>,
        lines: Vec<Uuid>,
    ) -> Result<CartsFound, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { carts_by_id(conn, &access, &carts, &lines).await }))
            .await
    }

    /// See [`viewer`].
    pub async fn viewer(
        &self,
        statements: Arc<Statements>,
        session: SessionId,
        now: OffsetDateTime,
        lines: Option<Page>,
    ) -> Result<Option<ViewerFound>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { viewer(conn, session, now, lines.as_ref()).await }))
            .await
    }
}
