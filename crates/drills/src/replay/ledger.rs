//! What the database says came of a replay.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};

/// One order as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stored {
    /// The invoice's place in the plan, which the shopper noted on the order.
    pub(super) place: Option<usize>,
    /// Its number.
    pub(super) number: i64,
    /// Its total in pence.
    pub(super) total: i64,
    /// Its note: the invoice's number.
    pub(super) note: Option<String>,
    /// Where it goes.
    pub(super) country: Option<String>,
    /// What is to be paid, over its payments, in pence.
    pub(super) payments: i64,
    /// By position: code, unit price, pieces and total.
    pub(super) lines: Vec<(String, i64, i64, i64)>,
}

/// What is wrong in the database whatever the orders are, in words.
const RULES: [(&str, &str); 9] = [
    (
        "stock is allocated beyond what orders hold, or less",
        "select format('%s: allocated %s, ordered %s', v.sku, s.allocated, coalesce(o.pieces, 0))
         from stock s join variant v on v.id = s.variant_id
         left join (select variant_id, sum(quantity) as pieces from order_line group by 1) o using (variant_id)
         where s.allocated <> coalesce(o.pieces, 0)",
    ),
    (
        "an order line has no stock row",
        "select distinct l.sku from order_line l left join stock s using (variant_id) where s.variant_id is null",
    ),
    (
        "a listing row's variants_available differs from the stock",
        "select format('%s: says %s, is %s', l.handle, l.variants_available, t.available)
         from product_listing l
         join (select p.market_id, v.product_id, count(*) filter (where s.on_hand > s.allocated) as available
               from variant v join price p on p.variant_id = v.id left join stock s on s.variant_id = v.id
               group by 1, 2) t using (market_id, product_id)
         where l.variants_available <> t.available",
    ),
    (
        "a listing row's prices differ from the variants'",
        "select format('%s: says %s to %s, is %s to %s', l.handle, l.price_min, l.price_max, t.low, t.high)
         from product_listing l
         join (select p.market_id, v.product_id, min(p.amount) as low, max(p.amount) as high
               from variant v join price p on p.variant_id = v.id group by 1, 2) t using (market_id, product_id)
         where (l.price_min, l.price_max) <> (t.low, t.high)",
    ),
    (
        "an order's total is not the sum of its lines",
        "select format('%s: %s, lines %s', o.number, o.total, sum(l.total))
         from customer_order o left join order_line l on l.order_id = o.id
         group by o.id having o.total <> coalesce(sum(l.total), 0) or o.line_count <> count(l.id)",
    ),
    ("a cart was left open: an effect without its answer", "select id::text from cart where status = 'OPEN'"),
    (
        "a cart has no order of its own",
        "select c.id::text from cart c left join customer_order o on o.cart_id = c.id and o.id = c.order_id
         where c.status = 'COMPLETED' and o.id is null",
    ),
    (
        "a session has not exactly one cart",
        "select s.id::text from session s left join cart c on c.session_id = s.id group by s.id having count(c.id) <> 1",
    ),
    (
        "a database session is idle in transaction",
        "select format('%s for %s: %s', pid, now() - state_change, left(query, 100)) from pg_stat_activity
         where datname = current_database() and state like 'idle in transaction%'",
    ),
];

/// The orders with their lines.
pub(super) async fn orders(connection: &mut PgConnection) -> anyhow::Result<Vec<Stored>> {
    let mut orders = BTreeMap::new();
    let rows = sqlx::query(
        "select o.id::text as id, o.number, o.total, o.note, o.shipping_address ->> 'country' as country
              , (select a ->> 'value' from jsonb_array_elements(o.attributes) a where a ->> 'key' = 'replay') as place
              , (select coalesce(sum(p.amount), 0)::bigint from payment p where p.order_id = o.id) as payments
         from customer_order o",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let place: Option<String> = row.try_get("place")?;
        let stored = Stored {
            place: place.and_then(|place| place.parse().ok()),
            number: row.try_get("number")?,
            total: row.try_get("total")?,
            note: row.try_get("note")?,
            country: row.try_get("country")?,
            payments: row.try_get("payments")?,
            lines: Vec::new(),
        };
        orders.insert(row.try_get::<String, _>("id")?, stored);
    }
    let lines = sqlx::query(
        "select order_id::text as id, sku, unit_price, quantity::bigint as quantity, total
         from order_line order by order_id, position",
    )
    .fetch_all(connection)
    .await?;
    for row in lines {
        let line = (row.try_get("sku")?, row.try_get("unit_price")?, row.try_get("quantity")?, row.try_get("total")?);
        if let Some(order) = orders.get_mut(&row.try_get::<String, _>("id")?) {
            order.lines.push(line);
        }
    }
    Ok(orders.into_values().collect())
}

/// Deadlocks that PostgreSQL has broken. A session tells its count at the latest when it ends.
pub(super) async fn deadlocks(connection: &mut PgConnection) -> anyhow::Result<i64> {
    let count = "select deadlocks from pg_stat_database where datname = current_database()";
    Ok(sqlx::query_scalar(count).fetch_one(connection).await?)
}

/// On-hand figures by code.
pub(super) async fn on_hand(connection: &mut PgConnection) -> anyhow::Result<BTreeMap<String, i64>> {
    let rows = sqlx::query("select v.sku, s.on_hand from stock s join variant v on v.id = s.variant_id")
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get("sku")?, row.try_get("on_hand")?))).collect()
}

/// What breaks the rules that hold whatever the orders are.
pub(super) async fn broken_rules(connection: &mut PgConnection) -> anyhow::Result<Vec<String>> {
    let mut broken = Vec::new();
    for (rule, question) in RULES {
        let found: Vec<String> = sqlx::query_scalar(question).fetch_all(&mut *connection).await?;
        broken.extend(found.into_iter().map(|what| format!("{rule}: {what}")));
    }
    Ok(broken)
}
