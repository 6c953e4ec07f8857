//! Merging one cart into another by hand.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, uuid};

use crate::customers::{Customer, codes, contents, new_cart, pieces, rows, shop};
use crate::flows::{Buyer, CREATE};

const MERGE: &str = "mutation($from: CartAccess!, $into: ID!, $policy: CartMergePolicy! = SUM, $key: IdempotencyKey) {
    cartMerge(from: $from, into: $into, policy: $policy, idempotencyKey: $key) {
        revision cart { id totalQuantity }
        errors { __typename code path ... on CartNotOpenError { status orderId mergedIntoId } } } }";

async fn merge(client: &Client, from: &str, into: &str) -> Answer {
    client.send(MERGE, json!({ "from": { "id": from }, "into": into })).await
}

async fn shared(client: &Client) -> (String, String) {
    let lines = crate::flows::lines(client, &[("TOWEL", 2)]).await;
    let answer = client.send(CREATE, json!({ "input": { "shareable": true, "lines": lines } })).await;
    (answer.at("/data/cartCreate/cart/id").to_owned(), answer.at("/data/cartCreate/secret").to_owned())
}

#[tokio::test]
async fn ones_own_cart_goes_into_another_of_ones_own_once() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let from = ada.cart(&[("MUG-R", 1), ("TOWEL", 1)]).await;
    let into = ada.cart(&[("MUG-R", 2)]).await;
    let call = json!({ "from": { "id": from }, "into": into, "key": uuid(1) });

    let first = ada.client.send(MERGE, call.clone()).await;
    let before = rows(&shop).await;
    let second = ada.client.send(MERGE, call).await;

    assert_eq!(
        first.data()["cartMerge"],
        json!({ "revision": 2, "cart": { "id": into, "totalQuantity": 4 }, "errors": [] })
    );
    assert_eq!((second.data(), rows(&shop).await), (first.data(), before));
    assert_eq!(contents(&ada.client).await, pieces(&[("MUG-R", 3), ("TOWEL", 1)]));
    let other = json!({ "from": { "id": from }, "into": into, "policy": "MAXIMUM", "key": uuid(1) });
    assert_eq!(codes(&ada.client.send(MERGE, other).await, "cartMerge"), ["IDEMPOTENCY_MISMATCH"]);
}

#[tokio::test]
async fn a_shared_cart_is_merged_by_whoever_holds_its_secret() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let into = ada.cart(&[("MUG-R", 1)]).await;
    let (from, secret) = shared(&shop.client()).await;
    let before = rows(&shop).await;
    for guessed in [Value::Null, json!(""), json!("tgc_x"), json!(secret.to_uppercase())] {
        let answer = ada.client.send(MERGE, json!({ "from": { "id": from, "secret": guessed }, "into": into })).await;
        assert_eq!(codes(&answer, "cartMerge"), ["NOT_FOUND"], "{guessed}");
    }
    assert_eq!(rows(&shop).await, before);

    let from = json!({ "id": from, "secret": secret });
    let answer = ada.client.send(MERGE, json!({ "from": from, "into": into })).await;

    assert_eq!(codes(&answer, "cartMerge"), Vec::<&str>::new());
    assert_eq!(contents(&ada.client).await, pieces(&[("MUG-R", 1), ("TOWEL", 2)]));
    let mut friend = shop.client();
    friend.set("x-cart-secret", &secret);
    let read = friend.send("query($id: ID!) { cart(id: $id) { id } }", json!({ "id": from["id"] })).await;
    assert_eq!(read.data()["cart"], Value::Null, "the secret is dead");
}

#[tokio::test]
async fn what_cannot_be_merged_is_named_and_left_alone() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let (open, merged, into) = (ada.cart(&[("MUG-R", 1)]).await, ada.cart(&[]).await, ada.cart(&[]).await);
    merge(&ada.client, &merged, &into).await;
    let foreign = new_cart(&Customer::new(&shop, "bob@example.com").await.client, &[("TOWEL", 1)]).await;
    let before = rows(&shop).await;

    let unknown = "cart_00000000000000000000000000";
    for (from, into, code, path) in [
        (open.as_str(), open.as_str(), "INVALID_INPUT", json!(["from", "id"])),
        (&foreign, &into, "NOT_FOUND", json!(["from", "id"])),
        (&open, &foreign, "NOT_FOUND", json!(["into"])),
        (unknown, &into, "NOT_FOUND", json!(["from", "id"])),
        (&open, "nonsense", "NOT_FOUND", json!(["into"])),
        (&merged, &open, "CART_NOT_OPEN", json!(["from", "id"])),
        (&open, &merged, "CART_NOT_OPEN", json!(["into"])),
    ] {
        let answer = merge(&ada.client, from, into).await;
        assert_eq!(
            (codes(&answer, "cartMerge"), answer.value("/data/cartMerge/errors/0/path")),
            (vec![code], &path),
            "{}",
            answer.text
        );
        if code == "CART_NOT_OPEN" {
            let error = answer.value("/data/cartMerge/errors/0");
            assert_eq!((&error["status"], &error["orderId"]), (&json!("MERGED"), &Value::Null));
            assert!(error["mergedIntoId"].is_string());
        }
    }

    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn a_completed_cart_names_its_order() {
    let shop = shop().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let placed = buyer.checkout(1).await;
    let order = placed.at("/data/checkoutComplete/order/id");
    let open = new_cart(&buyer.client, &[("TOWEL", 1)]).await;
    let before = rows(&shop).await;

    for (from, into) in [(&buyer.cart, &open), (&open, &buyer.cart)] {
        let answer = merge(&buyer.client, from, into).await;
        let error = answer.value("/data/cartMerge/errors/0");
        assert_eq!((&error["code"], &error["status"]), (&json!("CART_NOT_OPEN"), &json!("COMPLETED")));
        assert_eq!((&error["orderId"], &error["mergedIntoId"]), (&json!(order), &Value::Null));
    }

    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn more_than_two_thousand_lines_are_refused_and_fewer_are_not() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let (from, into) = (ada.cart(&[("MUG-R", 1)]).await, ada.cart(&[("MUG-R", 1)]).await);
    // Lines that differ by an attribute: 1,000 and 1,001 with the same 500 and the plain one in both.
    let fill = |newest: bool, count: i32, shift: i32| {
        let order = if newest { "desc" } else { "asc" };
        format!(
            "insert into cart_line (cart_id, id, variant_id, quantity, attributes)
             select l.cart_id, gen_random_uuid(), l.variant_id, 1,
                    jsonb_build_array(jsonb_build_object('key', 'n', 'value', (g + {shift})::text))
             from (select * from cart_line order by cart_id {order} limit 1) l, generate_series(1, {count}) g"
        )
    };
    shop.database.run(&fill(false, 1_000, 0)).await;
    shop.database.run(&fill(true, 999, 1_000)).await;
    assert_eq!(shop.database.count("select count(*) from cart_line").await, 2_001);
    let merged = merge(&ada.client, &from, &into).await;
    assert_eq!(codes(&merged, "cartMerge"), Vec::<&str>::new(), "2,000 different ones: {}", merged.text);

    let more = ada.cart(&[("TOWEL", 1)]).await;
    let before = rows(&shop).await;
    let refused = merge(&ada.client, &more, &into).await;

    assert_eq!(codes(&refused, "cartMerge"), ["INVALID_INPUT"]);
    assert_eq!(rows(&shop).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_carts_merged_into_each_other_at_once_end_as_one() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    for round in 0..10 {
        let (one, two) = (ada.cart(&[("MUG-R", 1)]).await, ada.cart(&[("TOWEL", 1)]).await);
        let into = |client: Client, from: String, into: String| {
            tokio::spawn(async move { merge(&client, &from, &into).await })
        };
        let there = into(ada.client.clone(), one.clone(), two.clone());
        let back = into(ada.client.clone(), two, one);

        let answers = [there.await.unwrap(), back.await.unwrap()];

        let mut seen: Vec<_> = answers.iter().flat_map(|answer| codes(answer, "cartMerge")).collect();
        seen.sort_unstable();
        assert_eq!(seen, ["CART_NOT_OPEN"], "round {round}");
    }
    assert_eq!(shop.database.count("select sum(quantity) from cart_line").await, 20);
    assert_eq!(shop.database.count("select count(*) from cart where status = 'OPEN'").await, 10);
}
