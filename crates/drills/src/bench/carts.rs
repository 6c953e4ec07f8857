//! Carts with sessions, written by the thousand: a shop that has been busy for a while.

use sqlx::PgConnection;
use tidegate_auth::keys::KeySet;
use time::OffsetDateTime;
use uuid::{Builder, Uuid};

use super::keys;
use crate::seeded::Seeded;

/// Carts per statement.
const BATCH: usize = 5_000;
/// Lines per cart.
const LINES: usize = 3;

/// A shopper with a cart.
#[derive(Debug, Clone)]
pub(super) struct Buyer {
    pub(super) cart: Uuid,
    pub(super) session: Uuid,
    pub(super) token: String,
    /// What the cart costs, in pence.
    pub(super) total: i64,
}

/// What to put into carts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Filling<'a> {
    /// Three variants out of these, with their prices, one to three pieces of each.
    Any(&'a [(Uuid, i64)]),
    /// One piece of this one.
    One((Uuid, i64)),
}

#[derive(Debug, Default)]
struct Columns {
    carts: Vec<Uuid>,
    sessions: Vec<Uuid>,
    line_carts: Vec<Uuid>,
    lines: Vec<Uuid>,
    variants: Vec<Uuid>,
    quantities: Vec<i32>,
}

/// Makes carts that can be checked out, each with a session of its own.
pub(super) async fn make(
    connection: &mut PgConnection,
    count: usize,
    filling: Filling<'_>,
    keys: &KeySet,
    random: &mut Seeded,
    now: OffsetDateTime,
) -> anyhow::Result<Vec<Buyer>> {
    let mut buyers = Vec::with_capacity(count);
    while buyers.len() < count {
        let mut columns = Columns::default();
        for _ in 0..BATCH.min(count - buyers.len()) {
            let (cart, session) = (id(random, now), id(random, now));
            let total = fill(&mut columns, cart, filling, random, now);
            columns.carts.push(cart);
            columns.sessions.push(session);
            buyers.push(Buyer { cart, session, token: keys::token(keys, session, now)?, total });
        }
        write(connection, &columns, now).await?;
    }
    Ok(buyers)
}

/// Signs everybody's token anew: one lives for a quarter of an hour.
pub(super) fn renew(buyers: &mut [Buyer], keys: &KeySet, now: OffsetDateTime) -> anyhow::Result<()> {
    for buyer in buyers {
        buyer.token = keys::token(keys, buyer.session, now)?;
    }
    Ok(())
}

/// A UUIDv7, as the gateway makes them.
pub(super) fn id(random: &mut Seeded, now: OffsetDateTime) -> Uuid {
    let millis = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let mut bits = [0; 10];
    bits.copy_from_slice(&random.uuid().as_bytes()[..10]);
    Builder::from_unix_timestamp_millis(millis, &bits).into_uuid()
}

/// Fills one cart; what it costs.
fn fill(columns: &mut Columns, cart: Uuid, filling: Filling<'_>, random: &mut Seeded, now: OffsetDateTime) -> i64 {
    let mut total = 0;
    let mut line = |(variant, price): (Uuid, i64), quantity: i32, random: &mut Seeded| {
        columns.line_carts.push(cart);
        columns.lines.push(id(random, now));
        columns.variants.push(variant);
        columns.quantities.push(quantity);
        total += price * i64::from(quantity);
    };
    match filling {
        Filling::One(variant) => line(variant, 1, random),
        Filling::Any(variants) => {
            let start = random.below(variants.len());
            for step in 0..LINES {
                // A stride that no catalogue's size divides, so that the three differ.
                let variant = variants[(start + step * 1_009) % variants.len()];
                let quantity = i32::try_from(random.below(3)).unwrap_or(0) + 1;
                line(variant, quantity, random);
            }
        }
    }
    total
}

async fn write(connection: &mut PgConnection, columns: &Columns, now: OffsetDateTime) -> anyhow::Result<()> {
    sqlx::query(
        "insert into session (id, kind, created_at, last_seen_at, expires_at)
         select s.id, 'GUEST', $2, $2, $2 + interval '30 days' from unnest($1::uuid[]) s (id)",
    )
    .bind(&columns.sessions)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        r#"insert into cart (id, session_id, market_id, email, shipping_address, created_at, updated_at, expires_at)
           select c.id, c.session_id, 1, 'buyer@example.com',
                  '{"name": "A. Buyer", "line1": "1 High Street", "city": "London", "country": "GB"}',
                  $3, $3, $3 + interval '30 days'
           from unnest($1::uuid[], $2::uuid[]) c (id, session_id)"#,
    )
    .bind(&columns.carts)
    .bind(&columns.sessions)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into cart_line (cart_id, id, variant_id, quantity)
         select l.cart_id, l.id, l.variant_id, l.quantity
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[]) l (cart_id, id, variant_id, quantity)",
    )
    .bind(&columns.line_carts)
    .bind(&columns.lines)
    .bind(&columns.variants)
    .bind(&columns.quantities)
    .execute(connection)
    .await?;
    Ok(())
}
