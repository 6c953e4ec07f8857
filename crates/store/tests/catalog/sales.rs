//! Sales while an import runs.

use sqlx::Connection as _;
use tidegate_store::catalog::import::ImportOptions;
use uuid::Uuid;

use crate::csv::{LATER, NOW, rows, shop, try_load};
use crate::database::Database;

/// Buys all pieces of a variant that are left, with the checkout's own functions, in one transaction.
async fn buy(connection: &mut sqlx::PgConnection, sku: &str) {
    let mut transaction = connection.begin().await.unwrap();
    let order = Uuid::new_v5(&Uuid::nil(), sku.as_bytes());
    sqlx::query(
        "insert into customer_order (id, cart_id, session_id, market_id, currency, subtotal, total, line_count, email,
             shipping_address, billing_address, attributes, payment_status, fulfilment_status, placed_at)
         values ($1, $1, $1, 1, 'GBP', 1, 1, 1, 'a@b.c', '{}', '{}', '[]', 'PENDING', 'UNFULFILLED', $2)",
    )
    .bind(order)
    .bind(NOW)
    .execute(&mut *transaction)
    .await
    .unwrap();
    sqlx::query(
        "insert into order_line (order_id, id, position, product_id, variant_id, sku, title, variant_title,
             selected_options, attributes, unit_price, quantity, total)
         select $1, $1, 1, v.product_id, v.id, v.sku, '', '', '[]', '[]', 1, 1, 1 from variant v where v.sku = $2",
    )
    .bind(order)
    .bind(sku)
    .execute(&mut *transaction)
    .await
    .unwrap();
    sqlx::query("select stock_take_v1($1)").bind(order).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Listing rows whose count of available variants is not what stock says.
const WRONG: &str = "select count(*) from product_listing l where variants_available <> (
    select count(*) from variant v join price p on p.variant_id = v.id and p.market_id = l.market_id
    join stock s on s.variant_id = v.id and s.on_hand > s.allocated where v.product_id = l.product_id)";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn availability_stays_exact_while_products_sell_out_under_an_import() {
    let database = shop().await;
    let skus: Vec<String> = (0..40).map(|n| format!("T{n}")).collect();
    let variants = rows(skus.iter().enumerate(), |(n, sku)| format!("tray-{},{sku},,{sku},{n}\n", n % 8));
    let prices = |amount: u32, from: usize| {
        let rows = rows(&skus[from..], |sku| format!("{sku},gb,GBP,{amount},\n"));
        format!("sku,market,currency,amount,compare_at\n{rows}")
    };
    let stock = |pieces: u32| format!("sku,on_hand\n{}", rows(&skus, |sku| format!("{sku},{pieces}\n")));
    let products = rows(0..8, |n| format!("tray-{n},Tray {n},,,,Kind\n"));
    let products = format!("handle,title,description,vendor,tags,options\n{products}");
    let variants = format!("product,sku,title,option_values,position\n{variants}");
    // Half of the variants get their price, and so their place in the listing, only later.
    let files = [("p", products.as_str()), ("v", &variants), ("s", &stock(1)), ("r", &prices(1, 20))];
    try_load(&database, &files, ImportOptions::default(), NOW).await.unwrap();

    let buyers = skus.chunks(10).map(|skus| {
        let (url, skus) = (database.url.clone(), skus.to_vec());
        tokio::spawn(async move {
            let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
            for sku in &skus {
                buy(&mut connection, sku).await;
                tokio::time::sleep(std::time::Duration::from_millis(15)).await;
            }
        })
    });
    let buyers: Vec<_> = buyers.collect();
    for round in 2..6 {
        let files = [("s", &*stock(round)), ("r", &*prices(round, 0))];
        let options = ImportOptions { stock: round % 2 == 0, ..ImportOptions::default() };
        try_load(&database, &files, options, LATER).await.unwrap();
        assert_eq!(database.ask(WRONG).await, "0", "round {round}");
    }
    for buyer in buyers {
        buyer.await.unwrap();
    }

    assert_eq!(database.ask("select sum(allocated) from stock").await, "40");
    assert_eq!(database.ask(WRONG).await, "0");
}

#[tokio::test]
async fn nobody_waits_for_an_import_that_changes_no_stock_and_no_variant() {
    let database = shop().await;
    let mut shopper = database.connect().await;
    let mut sale = shopper.begin().await.unwrap();
    sqlx::query("select * from stock for update").execute(&mut *sale).await.unwrap();

    let prices = [("r", "sku,market,currency,amount,compare_at\nL1,gb,GBP,4,\n")];
    let import = try_load(&database, &prices, ImportOptions::default(), LATER);
    let report = tokio::time::timeout(std::time::Duration::from_mins(1), import).await.unwrap().unwrap();

    assert!(report.changed);
    sale.rollback().await.unwrap();
    assert_eq!(database.ask("select price_min from product_listing where handle = 'lamp'").await, "400");
}

#[tokio::test]
async fn two_imports_at_once_take_turns() {
    let database = Database::new().await;
    let all = crate::csv::all();
    let (first, second) = tokio::join!(
        try_load(&database, &all, ImportOptions::default(), NOW),
        try_load(&database, &all, ImportOptions::default(), NOW)
    );
    assert_ne!(first.unwrap().changed, second.unwrap().changed);
}
