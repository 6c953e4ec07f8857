//! The limit: the statements that the gateway sends for an operation, sent by the driver and nothing else.

use anyhow::Context as _;
use serde_json::{Value, json};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Row as _, query};
use time::OffsetDateTime;
use uuid::Uuid;

use super::operations::Ask;
use super::statements::Statements;

/// One row more than a page of 24 tells whether there is another page.
const ROWS: i64 = 25;
const NO_SECRET: Option<&[u8]> = None;

/// Sends an ask and reads what comes; `key` stands for whatever has to be new.
pub(super) async fn send(
    connection: &mut PgConnection,
    statements: &Statements,
    ask: Ask<'_>,
    key: Uuid,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let rows = match ask {
        Ask::Page(page) => {
            let list = query(statements.list.clone()).bind(1_i16).bind(page.rank).bind(page.product).bind(ROWS);
            list.fetch_all(connection).await?
        }
        Ask::Product(handle) => {
            let product = query(statements.product.clone()).bind(1_i16).bind(handle).bind(51_i64).bind(11_i64);
            product.fetch_all(connection).await?
        }
        Ask::Search(text) => search(connection, statements, text).await?,
        Ask::Cart(buyer) => cart(connection, statements, buyer.session, buyer.cart, ROWS, now).await?,
        Ask::Add(buyer, variant) => {
            let lines = json!([{ "id": key, "variant": variant, "quantity": 1, "attributes": [] }]);
            let hash = hash(key);
            let applied = query(statements.cart_apply.clone())
                .bind(hash)
                .bind(hash)
                .bind("cartLinesAdd")
                .bind(buyer.cart)
                .bind(buyer.session)
                .bind(NO_SECRET)
                .bind(None::<i32>)
                .bind(json!([{ "op": "ADD", "lines": lines }]))
                .bind(now);
            done(&applied.fetch_one(&mut *connection).await?)?;
            cart(connection, statements, buyer.session, buyer.cart, 0, now).await?
        }
        Ask::Checkout(buyer) => {
            let hash = hash(key);
            let complete = query(statements.checkout.clone())
                .bind(hash)
                .bind(hash)
                .bind(buyer.cart)
                .bind(buyer.session)
                .bind(NO_SECRET)
                .bind(key)
                .bind(key)
                .bind("INVOICE")
                .bind(None::<&str>)
                .bind(buyer.total)
                .bind("GBP")
                .bind(now);
            done(&complete.fetch_one(&mut *connection).await?)?;
            let order = query(statements.order.clone()).bind(buyer.session).bind(key).bind(now);
            order.bind(i32::MIN).bind(0_i64).bind(false).fetch_all(connection).await?
        }
        Ask::Typename => anyhow::bail!("no statement stands behind __typename"),
    };
    anyhow::ensure!(!rows.is_empty(), "{ask:?} found nothing");
    Ok(())
}

async fn search(connection: &mut PgConnection, statements: &Statements, text: &str) -> anyhow::Result<Vec<PgRow>> {
    let search = query(statements.search.clone())
        .bind(1_i16)
        .bind(text)
        .bind(f32::INFINITY)
        .bind(Uuid::max())
        .bind(ROWS)
        .bind(None::<i64>)
        .bind(None::<i64>)
        .bind(None::<bool>)
        .bind(None::<Vec<String>>)
        .bind(None::<Uuid>);
    Ok(search.fetch_all(connection).await?)
}

async fn cart(
    connection: &mut PgConnection,
    statements: &Statements,
    session: Uuid,
    cart: Uuid,
    rows: i64,
    now: OffsetDateTime,
) -> anyhow::Result<Vec<PgRow>> {
    let start = if rows == 0 { Uuid::max() } else { Uuid::nil() };
    let read = query(statements.cart.clone()).bind(session).bind(NO_SECRET).bind(cart).bind(now).bind(start).bind(rows);
    Ok(read.fetch_all(connection).await?)
}

/// Fails unless a function did what it was asked for.
fn done(row: &PgRow) -> anyhow::Result<()> {
    let outcome: Value = row.try_get(0)?;
    let errors = outcome["errors"].as_array().with_context(|| format!("refused: {outcome}"))?;
    anyhow::ensure!(errors.is_empty(), "refused: {outcome}");
    Ok(())
}

/// 32 bytes in the place of a digest.
fn hash(key: Uuid) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(key.as_bytes());
    hash
}
