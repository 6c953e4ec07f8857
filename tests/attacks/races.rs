//! Changes of a cart in parallel with its checkout: whatever happens first, the order holds what the cart held.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Shop, uuid};

use crate::dice::Dice;
use crate::flows::{APPLY, Buyer, CHECKOUT, lines};

/// Checks out with the total that the last answer named until it goes through.
async fn order_whatever_it_costs(buyer: &Buyer, mut total: String) -> Answer {
    for attempt in 0..200 {
        let call = json!({ "cart": buyer.cart, "total": total, "key": uuid(attempt) });
        let answer = buyer.client.send(CHECKOUT, call).await;
        let error = answer.value("/data/checkoutComplete/errors/0").clone();
        match error["code"].as_str() {
            None if answer.body.get("errors").is_none() => return answer,
            Some("TOTAL_CHANGED") => error["actual"]["amount"].as_str().unwrap().clone_into(&mut total),
            // The database was asked to wait too long, and says so.
            None if answer.code() == "TRY_AGAIN" => {}
            _ => panic!("{}", answer.text),
        }
    }
    panic!("the total never held still");
}

/// What was ordered is what the cart held at the revision before the order, and money and stock agree with it.
async fn assert_conserved(shop: &Shop, cart: &str, stock: i64) {
    let database = &shop.database;
    assert_eq!(database.count("select count(*) from customer_order").await, 1, "{cart}");
    let of_cart = "select string_agg(variant_id || ' ' || quantity, ',' order by variant_id) from cart_line";
    let of_order = "select string_agg(variant_id || ' ' || quantity, ',' order by variant_id) from order_line";
    assert_eq!(database.ask(of_order).await, database.ask(of_cart).await);
    let sums = "select (o.total = (select sum(l.quantity * p.amount) from cart_line l join price p using (variant_id)))
        and o.total = (select sum(total) from order_line) and o.total = (select sum(amount) from payment) from customer_order o";
    assert_eq!(database.ask(sums).await, "true");
    assert_eq!(
        database.count("select sum(allocated) from stock").await,
        database.count("select sum(quantity) from order_line").await
    );
    assert_eq!(database.count("select sum(on_hand) from stock").await, stock);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_additions_in_parallel_with_a_checkout() {
    for seed in 1..=3 {
        let mut dice = Dice(seed);
        let shop = Shop::open().await;
        shop.database.run("update stock set on_hand = 10000").await;
        let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
        let choices = [
            lines(&buyer.client, &[("MUG-R", 1)]).await,
            lines(&buyer.client, &[("MUG-B", 2)]).await,
            lines(&buyer.client, &[("TOWEL", 1)]).await,
        ];

        let mut changes = Vec::new();
        for number in 0..50 {
            let (client, cart) = (buyer.client.clone(), buyer.cart.clone());
            let wanted = choices[usize::try_from(dice.below(3)).unwrap()].clone();
            let wait = std::time::Duration::from_micros(dice.below(60_000));
            changes.push(tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                let call =
                    json!({ "cart": cart, "operations": [{ "addLines": wanted }], "key": uuid(10_000 + number) });
                outcome(&client.send(APPLY, call).await)
            }));
        }
        let placed = order_whatever_it_costs(&buyer, buyer.total.clone()).await;
        let mut applied = 0;
        for change in changes {
            let (code, revision) = change.await.unwrap();
            assert!(["", "CART_NOT_OPEN", "TRY_AGAIN"].contains(&code.as_str()), "seed {seed}: {code}");
            applied += i64::from(code.is_empty());
            // An acknowledged change came before the order.
            assert!(revision < placed.value("/data/checkoutComplete/cart/revision").as_i64());
        }

        // Revision 2 made the cart ready; every applied change and the order took one each.
        assert_eq!(shop.database.count("select revision from cart").await, 2 + applied + 1, "seed {seed}");
        assert_conserved(&shop, &buyer.cart, 40_000).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn removals_in_parallel_with_a_checkout() {
    for seed in 1..=6 {
        let mut dice = Dice(seed);
        let shop = Shop::open().await;
        let buyer = Buyer::ready(&shop, &[("MUG-R", 1), ("MUG-B", 1), ("TOWEL", 1)]).await;
        let read = buyer
            .client
            .send("query($id: ID!) { cart(id: $id) { lines { nodes { id } } } }", json!({ "id": buyer.cart }))
            .await;
        let ids: Vec<_> =
            read.value("/data/cart/lines/nodes").as_array().unwrap().iter().map(|line| line["id"].clone()).collect();

        // One line stays, so that there is something to order.
        let mut changes = Vec::new();
        for id in ids.into_iter().skip(1) {
            let (client, cart) = (buyer.client.clone(), buyer.cart.clone());
            let wait = std::time::Duration::from_micros(dice.below(12_000));
            changes.push(tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                outcome(&client.send(APPLY, json!({ "cart": cart, "operations": [{ "removeLines": [id] }] })).await)
            }));
        }
        tokio::time::sleep(std::time::Duration::from_micros(dice.below(12_000))).await;
        order_whatever_it_costs(&buyer, buyer.total.clone()).await;
        let mut removed = 0;
        for change in changes {
            let (code, _) = change.await.unwrap();
            assert!(["", "CART_NOT_OPEN"].contains(&code.as_str()), "seed {seed}: {code}");
            removed += i64::from(code.is_empty());
        }

        assert_eq!(shop.database.count("select count(*) from order_line").await, 3 - removed, "seed {seed}");
        assert_conserved(&shop, &buyer.cart, 25).await;
    }
}

/// The first error's code, and the revision that a change made.
fn outcome(answer: &Answer) -> (String, Option<i64>) {
    let payload = &answer.body["data"]["cartApply"];
    let code = payload["errors"][0]["code"].as_str().unwrap_or_else(|| answer.code()).to_owned();
    (code, payload["revision"].as_i64())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_checkout_without_a_key_does_not_exist() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let query = CHECKOUT.replace("$key: IdempotencyKey!", "$key: IdempotencyKey").replace("idempotencyKey: $key)", ")");

    let answer = buyer.client.send(&query, json!({ "cart": buyer.cart, "total": "2.50", "key": Value::Null })).await;

    assert_eq!((answer.status.as_u16(), answer.code()), (400, "GRAPHQL_VALIDATION_FAILED"));
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 0);
}
