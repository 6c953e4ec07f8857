//! Each rule of the ledger finds what it is there for, in a database with one order that has nothing wrong.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection};

use super::ledger;
use crate::database::Database;

/// One session, one cart, one order of 6 pieces at £2.55, and 4 pieces left.
const ONE_ORDER: &str = "
    insert into product (id, handle, title, rank, created_at, updated_at)
    values ('00000000-0000-0000-0000-000000000001', 'mug', 'Mug', 1, now(), now());
    insert into variant (id, product_id, sku, position)
    values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', '85123A', 1);
    insert into price (variant_id, market_id, amount) values ('00000000-0000-0000-0000-000000000002', 1, 255);
    insert into stock (variant_id, on_hand, allocated) values ('00000000-0000-0000-0000-000000000002', 10, 6);
    insert into product_listing (market_id, product_id, handle, title, description, tags, options, rank, price_min,
        price_max, currency, variant_count, variants_available, created_at, updated_at, search)
    values (1, '00000000-0000-0000-0000-000000000001', 'mug', 'Mug', '', '{}', '[]', 1, 255, 255, 'GBP', 1, 1, now(),
        now(), '');
    insert into session (id, kind, created_at, last_seen_at, expires_at)
    values ('00000000-0000-0000-0000-000000000003', 'GUEST', now(), now(), now());
    insert into cart (id, session_id, market_id, status, order_id, created_at, updated_at, expires_at)
    values ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000003', 1, 'COMPLETED',
        '00000000-0000-0000-0000-000000000005', now(), now(), now());
    insert into customer_order (id, cart_id, session_id, number, market_id, currency, subtotal, total, line_count, email,
        shipping_address, billing_address, note, attributes, payment_status, fulfilment_status, placed_at)
    values ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000004',
        '00000000-0000-0000-0000-000000000003', 10001, 1, 'GBP', 1530, 1530, 1, 'a@example.com', '{\"country\": \"IE\"}',
        '{}', '536365', '[{\"key\": \"replay\", \"value\": \"7\"}]', 'PENDING', 'UNFULFILLED', now());
    insert into order_line (order_id, id, position, product_id, variant_id, sku, title, variant_title, selected_options,
        attributes, unit_price, quantity, total)
    values ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000006', 1,
        '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', '85123A', 'Mug', '', '[]', '[]',
        255, 6, 1530);
    insert into payment (order_id, id, method, status, amount, created_at)
    values ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000007', 'INVOICE', 'PENDING', 1530,
        now())";

/// What is done to the database, and the beginning of what is then found.
const BREAKS: [(&str, &str); 9] = [
    ("update stock set allocated = 5", "stock is allocated beyond what orders hold, or less: 85123A"),
    ("delete from stock", "an order line has no stock row: 85123A"),
    ("update product_listing set variants_available = 0", "a listing row's variants_available differs"),
    ("update product_listing set price_max = 256", "a listing row's prices differ"),
    ("update order_line set quantity = 5, total = 1275", "an order's total is not the sum of its lines: 10001"),
    ("update cart set status = 'OPEN', order_id = null", "a cart was left open"),
    ("update cart set order_id = gen_random_uuid()", "a cart has no order of its own"),
    ("delete from cart", "a session has not exactly one cart"),
    ("delete from order_line", "an order's total is not the sum of its lines"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_finds_what_breaks_it() {
    let database = Database::start().await.unwrap();
    let mut connection = database.connect().await.unwrap();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    Migrator::new(migrations).await.unwrap().run(&mut connection).await.unwrap();
    sqlx::raw_sql(ONE_ORDER).execute(&mut connection).await.unwrap();

    assert_eq!(ledger::broken_rules(&mut connection).await.unwrap(), Vec::<String>::new());
    for (change, expected) in BREAKS {
        let mut transaction = connection.begin().await.unwrap();
        sqlx::raw_sql(change).execute(&mut *transaction).await.unwrap();
        let found = ledger::broken_rules(&mut transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        assert!(found.iter().any(|words| words.starts_with(expected)), "{change}: {found:?}");
    }
    finds_a_session_that_is_idle_in_transaction(&database, &mut connection).await;
    reads_the_order(&mut connection).await;
}

async fn finds_a_session_that_is_idle_in_transaction(database: &Database, connection: &mut PgConnection) {
    let mut other = database.connect().await.unwrap();
    sqlx::raw_sql("begin; select 1").execute(&mut other).await.unwrap();

    let found = ledger::broken_rules(connection).await.unwrap();

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("a database session is idle in transaction"), "{found:?}");
    other.close().await.unwrap();
}

async fn reads_the_order(connection: &mut PgConnection) {
    let orders = ledger::orders(connection).await.unwrap();

    let expected = ledger::Stored {
        place: Some(7),
        number: 10_001,
        total: 1_530,
        note: Some("536365".to_owned()),
        country: Some("IE".to_owned()),
        payments: 1_530,
        lines: vec![("85123A".to_owned(), 255, 6, 1_530)],
    };
    assert_eq!(orders, [expected]);
    assert_eq!(ledger::on_hand(connection).await.unwrap()["85123A"], 10);
}
