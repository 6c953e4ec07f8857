//! What must hold when everybody comes at once.

use serde_json::{Value, json};
use std::collections::HashSet;
use tidegate_testkit::{Replica, Shop, post, uuid};

use crate::flows::{APPLY, Buyer, CHECKOUT, lines};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_buyers_of_ten_units_buy_ten() {
    let shop = Shop::open().await;
    let mut buyers = Vec::new();
    for _ in 0..50 {
        buyers.push(Buyer::ready(&shop, &[("MUG-R", 1)]).await);
    }

    let mut tasks = Vec::new();
    for (number, buyer) in buyers.into_iter().enumerate() {
        tasks.push(tokio::spawn(async move { buyer.checkout(number as u128).await }));
    }
    let mut outcomes = Vec::new();
    for task in tasks {
        let answer = task.await.unwrap();
        let payload = answer.data()["checkoutComplete"].clone();
        outcomes.push(if payload["order"].is_null() { payload["errors"][0]["code"].clone() } else { json!("ORDERED") });
    }

    let count = |what: &str| outcomes.iter().filter(|outcome| **outcome == json!(what)).count();
    assert_eq!((count("ORDERED"), count("OUT_OF_STOCK")), (10, 40), "{outcomes:?}");
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 10);
    assert_eq!(
        shop.database
            .ask("select on_hand || '-' || allocated from stock join variant on id = variant_id where sku = 'MUG-R'")
            .await,
        "10-10"
    );
    assert_eq!(shop.database.ask("select variants_available from product_listing where handle = 'mug'").await, "1");
    assert_eq!(shop.database.deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn carts_with_their_lines_in_opposite_order_are_ordered_without_a_deadlock() {
    let shop = Shop::open().await;
    shop.database.run("update stock set on_hand = 30 where on_hand > 0").await;
    let mut buyers = Vec::new();
    for number in 0..30 {
        let lines = if number % 2 == 0 { [("MUG-R", 1), ("TOWEL", 1)] } else { [("TOWEL", 1), ("MUG-R", 1)] };
        buyers.push(Buyer::ready(&shop, &lines).await);
    }

    let mut tasks = Vec::new();
    for buyer in buyers {
        tasks.push(tokio::spawn(async move { buyer.checkout(1).await }));
    }
    for task in tasks {
        let answer = task.await.unwrap();
        assert_eq!(answer.data()["checkoutComplete"]["errors"], json!([]), "{}", answer.text);
    }

    // The last of them sold both out, which takes the listing rows as well.
    let left = "select string_agg(on_hand || '-' || allocated, ' ') from stock where on_hand > 0 and allocated > 0";
    assert_eq!(shop.database.ask(left).await, "30-30 30-30");
    assert_eq!(shop.database.deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_duplicates_make_one_order_and_get_it() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1), ("TOWEL", 2)]).await;
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(Replica::start(PROGRAM, &shop.database.url).await);
    }
    let token = buyer.client.access_token().unwrap();

    let mut tasks = Vec::new();
    for number in 0..100 {
        // Half under one key, half each under its own.
        let key = uuid(if number % 2 == 0 { 1_000 } else { number as u128 });
        let variables = json!({ "cart": buyer.cart, "total": buyer.total, "key": key });
        let body = json!({ "query": CHECKOUT, "variables": variables });
        let (address, token) = (replicas[number % 3].address.clone(), token.clone());
        tasks.push(tokio::spawn(async move { settled(&address, &body, &token).await }));
    }
    let mut orders = HashSet::new();
    for task in tasks {
        let payload = task.await.unwrap();
        // Whichever comes first makes the order, also one under a key of its own.
        let order =
            if payload["errors"] == json!([]) { &payload["order"]["id"] } else { &payload["errors"][0]["orderId"] };
        orders.insert(order.as_str().unwrap_or_else(|| panic!("{payload}")).to_owned());
    }

    assert_eq!(orders.len(), 1);
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 1);
    assert_eq!(shop.database.count("select sum(allocated) from stock").await, 3);
    assert_eq!(shop.database.deadlocks().await, 0);
}

/// Sends a checkout until it is answered for good.
async fn settled(address: &str, body: &Value, token: &str) -> Value {
    for _ in 0..200 {
        let (_, answer) = post(address, body, Some(token)).await.unwrap();
        let payload = &answer["data"]["checkoutComplete"];
        if payload.is_object() && payload["errors"][0]["code"] != json!("IDEMPOTENCY_IN_PROGRESS") {
            return payload.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("never answered for good");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_changes_of_one_cart_lose_nothing() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("TOWEL", 1)]).await;
    let red = lines(&buyer.client, &[("MUG-R", 1)]).await;
    let blue = lines(&buyer.client, &[("MUG-B", 2)]).await;

    let mut tasks = Vec::new();
    for number in 0..40 {
        let (client, cart) = (buyer.client.clone(), buyer.cart.clone());
        let lines = if number % 2 == 0 { red.clone() } else { blue.clone() };
        tasks.push(tokio::spawn(async move {
            let answer = client.send(APPLY, json!({ "cart": cart, "operations": [{ "addLines": lines }] })).await;
            answer.data()["cartApply"]["revision"].as_i64().unwrap()
        }));
    }
    let mut revisions = HashSet::new();
    for task in tasks {
        revisions.insert(task.await.unwrap());
    }

    assert_eq!(revisions, (3..43).collect());
    assert_eq!(
        shop.database.ask("select string_agg(quantity::text, ' ' order by quantity) from cart_line").await,
        "1 20 40"
    );
    assert_eq!(shop.database.deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_line_that_was_acknowledged_before_checkout_is_ordered() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let mut holder = shop.database.connect().await;
    run(&mut holder, "begin").await;
    run(&mut holder, "update cart set revision = revision + 1").await;
    run(
        &mut holder,
        "insert into cart_line (cart_id, id, variant_id, quantity)
        select c.id, '0f000000-0000-7000-8000-000000000001', v.id, 1 from cart c, variant v where v.sku = 'TOWEL'",
    )
    .await;

    let checkout = tokio::spawn(async move {
        let total = "6.50".to_owned();
        Buyer { total, ..buyer }.checkout(1).await
    });
    shop.database.until_locked().await;
    run(&mut holder, "commit").await;
    let placed = checkout.await.unwrap();

    assert_eq!(placed.data()["checkoutComplete"]["errors"], json!([]), "{}", placed.text);
    assert_eq!(placed.data()["checkoutComplete"]["order"]["lineCount"], json!(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_repeat_of_a_running_call_waits_for_its_outcome() {
    let shop = Shop::open().await;
    let buyer = std::sync::Arc::new(Buyer::ready(&shop, &[("MUG-R", 1)]).await);
    let mut holder = shop.database.connect().await;
    run(&mut holder, "begin").await;
    // The first call waits for the stock, holding its key and the cart.
    run(&mut holder, "update stock set on_hand = on_hand").await;
    let first = {
        let buyer = std::sync::Arc::clone(&buyer);
        tokio::spawn(async move { buyer.checkout(1).await })
    };
    shop.database.until_locked().await;

    let repeat = {
        let buyer = std::sync::Arc::clone(&buyer);
        tokio::spawn(async move { buyer.checkout(1).await })
    };
    wait_for_locks(&shop, 2).await;
    run(&mut holder, "commit").await;
    let (first, repeat) = (first.await.unwrap(), repeat.await.unwrap());

    assert_eq!(first.data()["checkoutComplete"]["errors"], json!([]), "{}", first.text);
    assert_eq!(repeat.value("/data/checkoutComplete/order/id"), first.value("/data/checkoutComplete/order/id"));
}

/// The first call runs on for longer than a repeat waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_repeat_that_has_waited_long_is_told_when_to_come_back() {
    let shop = Shop::open().await;
    let buyer = std::sync::Arc::new(Buyer::ready(&shop, &[("MUG-R", 1)]).await);
    // An order is held up by a gate and not by a lock, which the first call would not wait for long enough.
    shop.database
        .run(
            "create function wait_at_gate() returns trigger language plpgsql as $$ begin
                while not pg_try_advisory_xact_lock_shared(42) loop perform pg_sleep(0.01); end loop;
                return new;
             end $$;
             create trigger gate before insert on customer_order for each row execute function wait_at_gate()",
        )
        .await;
    let mut holder = shop.database.connect().await;
    run(&mut holder, "select pg_advisory_lock(42)").await;
    let first = {
        let buyer = std::sync::Arc::clone(&buyer);
        tokio::spawn(async move { buyer.checkout(1).await })
    };
    let at_gate = "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
    shop.database.until(at_gate).await;

    let repeat = buyer.checkout(1).await;
    run(&mut holder, "select pg_advisory_unlock(42)").await;
    let first = first.await.unwrap();
    let later = buyer.checkout(1).await;

    let payload = &repeat.data()["checkoutComplete"];
    assert_eq!(payload["order"], json!(null));
    assert_eq!(
        payload["errors"],
        json!([{ "__typename": "IdempotencyInProgressError", "code": "IDEMPOTENCY_IN_PROGRESS",
                 "path": null, "retryAfterMs": 500 }])
    );
    assert_eq!(first.data()["checkoutComplete"]["errors"], json!([]), "{}", first.text);
    assert_eq!(later.value("/data/checkoutComplete/order/id"), first.value("/data/checkoutComplete/order/id"));
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 1);
}

async fn run(connection: &mut sqlx::PgConnection, sql: &'static str) {
    use sqlx::Executor as _;
    connection.execute(sql).await.unwrap();
}

/// Waits until as many statements wait for locks. A lock is waited for two seconds at most, so looking must be quick.
async fn wait_for_locks(shop: &Shop, statements: i64) {
    let waiting =
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    for _ in 0..2_000 {
        if shop.database.count(waiting).await >= statements {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("nothing waits for a lock");
}
