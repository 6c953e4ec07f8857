//! What belongs to somebody else is not there.

use serde_json::{Value, json};
use tidegate_testkit::Shop;

use super::refusal::{refusal, state};
use crate::flows::{APPLY, Buyer, CHECKOUT, CREATE, lines};

/// Ids of everything private that a buyer has.
async fn private_ids(buyer: &Buyer) -> Vec<String> {
    let placed = buyer.checkout(1).await;
    let order = placed.at("/data/checkoutComplete/order/id").to_owned();
    let read = "query($id: ID!) { viewer { session { id } } cart(id: $id) { id lines { nodes { id } } }
        order(by: { id: \"ORDER\" }) { id lines { nodes { id } } payments { id } } }";
    let answer = buyer.client.send(&read.replace("ORDER", &order), json!({ "id": buyer.cart })).await;
    [
        "/data/viewer/session/id",
        "/data/cart/id",
        "/data/cart/lines/nodes/0/id",
        "/data/order/id",
        "/data/order/lines/nodes/0/id",
        "/data/order/payments/0/id",
    ]
    .map(|pointer| answer.at(pointer).to_owned())
    .to_vec()
}

/// An id of the same kind next to another one, as a guesser would make it.
fn next(id: &str) -> String {
    let (head, last) = id.split_at(id.len() - 1);
    format!("{head}{}", if last == "0" { "4" } else { "0" })
}

#[tokio::test]
async fn foreign_ids_answer_as_ids_of_nothing_do() {
    let shop = Shop::open().await;
    let owner = Buyer::ready(&shop, &[("MUG-R", 1), ("TOWEL", 1)]).await;
    let ids = private_ids(&owner).await;
    let stranger = shop.guest().await;
    let nobody = shop.client();
    let before = state(&shop).await;

    for id in &ids {
        for (client, who) in [(&stranger, "a stranger"), (&nobody, "nobody")] {
            for wanted in [id.clone(), next(id)] {
                let answer = client.send("query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } cart(id: $id) { id } order(by: { id: $id }) { id } }", json!({ "id": wanted })).await;
                assert_eq!(
                    answer.data(),
                    &json!({ "node": null, "nodes": [null], "cart": null, "order": null }),
                    "{who} {wanted}"
                );
            }
        }
    }
    let cart = &owner.cart;
    for (key, wanted) in (9_u128..).zip([cart.clone(), next(cart), ids[3].clone(), "cart_".to_owned(), String::new()]) {
        let change = stranger.send(APPLY, json!({ "cart": wanted, "operations": [{ "setNote": "mine" }] })).await;
        let order = stranger
            .send(CHECKOUT, json!({ "cart": wanted, "total": "6.50", "key": tidegate_testkit::uuid(key) }))
            .await;
        assert_eq!((refusal(&change).as_str(), refusal(&order).as_str()), ("NOT_FOUND", "NOT_FOUND"), "{wanted}");
        assert_eq!(change.data()["cartApply"]["errors"][0]["path"], json!(["cartId"]));
        assert_eq!(
            (&change.data()["cartApply"]["cart"], &order.data()["checkoutComplete"]["cart"]),
            (&Value::Null, &Value::Null)
        );
    }
    assert_eq!(state(&shop).await, before);
}

#[tokio::test]
async fn what_is_ones_own_is_found_by_its_id() {
    let shop = Shop::open().await;
    let owner = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let ids = private_ids(&owner).await;

    let answer =
        owner.client.send("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": ids })).await;

    let kinds = ["Session", "Cart", "CartLine", "Order", "OrderLine"];
    let mut expected: Vec<_> =
        kinds.iter().zip(&ids).map(|(kind, id)| json!({ "__typename": kind, "id": id })).collect();
    // A payment is no node: it is read through its order.
    expected.push(json!(null));
    assert_eq!(answer.data()["nodes"], json!(expected));
}

#[tokio::test]
async fn lines_of_another_cart_are_not_there_to_change() {
    let shop = Shop::open().await;
    let one = Buyer::ready(&shop, &[("MUG-R", 2)]).await;
    let other = Buyer::ready(&shop, &[("MUG-B", 3)]).await;
    let read = "query($id: ID!) { cart(id: $id) { lines { nodes { id } } } }";
    let foreign = one.client.send(read, json!({ "id": one.cart })).await.at("/data/cart/lines/nodes/0/id").to_owned();
    let before = state(&shop).await;

    for operation in
        [json!({ "setLines": [{ "lineId": foreign, "quantity": 9 }] }), json!({ "removeLines": [foreign] })]
    {
        let answer = other.client.send(APPLY, json!({ "cart": other.cart, "operations": [operation] })).await;
        assert_eq!(refusal(&answer), "NOT_FOUND");
        let path = answer.data()["cartApply"]["errors"][0]["path"].as_array().unwrap().clone();
        let expected = if operation.get("removeLines").is_some() {
            json!(["operations", "0", "removeLines", "0"])
        } else {
            json!(["operations", "0", "setLines", "0", "lineId"])
        };
        assert_eq!(json!(path), expected);
    }
    assert_eq!(state(&shop).await, before);
}

/// One unknown id spoils the call, and only it is named.
#[tokio::test]
async fn a_line_that_is_not_there_is_the_one_that_is_named() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 2), ("MUG-B", 1)]).await;
    let read = "query($id: ID!) { cart(id: $id) { lines { nodes { id } } } }";
    let line = buyer.client.send(read, json!({ "id": buyer.cart })).await.at("/data/cart/lines/nodes/0/id").to_owned();
    let before = state(&shop).await;

    let remove = json!({ "cart": buyer.cart, "operations": [{ "removeLines": [line, next(&line)] }] });
    let answer = buyer.client.send(APPLY, remove).await;

    assert_eq!(state(&shop).await, before);
    let errors = answer.data()["cartApply"]["errors"].as_array().unwrap().clone();
    let paths: Vec<_> = errors.iter().map(|error| error["path"][3].clone()).collect();
    assert_eq!(paths, [json!("1")], "{errors:?}");
}

/// Two quantities for one line in one list contradict each other.
#[tokio::test]
async fn a_line_set_twice_in_a_list_has_one_outcome() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 2)]).await;
    let read = "query($id: ID!) { cart(id: $id) { lines { nodes { id } } } }";
    let line = buyer.client.send(read, json!({ "id": buyer.cart })).await.at("/data/cart/lines/nodes/0/id").to_owned();

    let set = json!({ "cart": buyer.cart, "operations": [{ "setLines": [{ "lineId": line, "quantity": 3 }, { "lineId": line, "quantity": 4 }] }] });
    let answer = buyer.client.send(APPLY, set).await;

    let quantity = shop.database.count("select quantity from cart_line").await;
    let refused = !answer.data()["cartApply"]["errors"].as_array().unwrap().is_empty();
    assert_eq!((refused, quantity), if refused { (true, 2) } else { (false, 4) }, "{}", answer.text);
}

#[tokio::test]
async fn a_cart_opens_to_its_own_secret_only() {
    let shop = Shop::open().await;
    let shared = |note: &str| json!({ "input": { "shareable": true, "note": note } });
    let (one, other) =
        (shop.client().send(CREATE, shared("one")).await, shop.client().send(CREATE, shared("other")).await);
    let cart = one.at("/data/cartCreate/cart/id").to_owned();
    let before = state(&shop).await;

    for secret in [None, Some(other.at("/data/cartCreate/secret")), Some(""), Some(cart.as_str())] {
        let mut friend = shop.client();
        if let Some(secret) = secret {
            friend.set("x-cart-secret", secret);
        }
        let read =
            friend.send("query($id: ID!) { cart(id: $id) { note } node(id: $id) { id } }", json!({ "id": cart })).await;
        assert_eq!(read.data(), &json!({ "cart": null, "node": null }));
        let change = friend.send(APPLY, json!({ "cart": cart, "operations": [{ "setNote": "mine" }] })).await;
        assert_eq!(refusal(&change), "NOT_FOUND");
    }
    assert_eq!(state(&shop).await, before);

    let mut twice = shop.client();
    twice.set("x-cart-secret", one.at("/data/cartCreate/secret"));
    assert_eq!(
        twice.send("query($id: ID!) { cart(id: $id) { note } }", json!({ "id": cart })).await.data()["cart"]["note"],
        json!("one")
    );
}

#[tokio::test]
async fn ids_of_other_kinds_are_not_found() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let product =
        buyer.client.send("{ product(by: { handle: \"mug\" }) { id defaultVariant { id } } }", json!({})).await;
    let (product, variant) = (product.at("/data/product/id"), product.at("/data/product/defaultVariant/id"));
    let disguised = product.replace("prod_", "cart_");

    for id in [
        product,
        variant,
        buyer.cart.as_str(),
        disguised.as_str(),
        "prod_",
        "_",
        "x",
        "prod_zzzzzzzzzzzzzzzzzzzzzzzzzz",
    ] {
        let answer = buyer
            .client
            .send(
                "query($id: ID!) { order(by: { id: $id }) { id } collection(by: { id: $id }) { id } }",
                json!({ "id": id }),
            )
            .await;
        assert_eq!(answer.data(), &json!({ "order": null, "collection": null }), "{id}");
    }
    let add = json!({ "cart": buyer.cart, "operations": [{ "addLines": [{ "variantId": product }] }] });
    assert_eq!(refusal(&buyer.client.send(APPLY, add).await), "NOT_FOUND");
}

#[tokio::test]
async fn an_ordered_cart_refuses_every_change() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let more = lines(&buyer.client, &[("MUG-B", 1)]).await;
    buyer.checkout(1).await.data();
    let before = state(&shop).await;

    for operation in [
        json!({ "addLines": more }),
        json!({ "removeLines": [] }),
        json!({ "setNote": "late" }),
        json!({ "setBuyer": { "email": "eve@example.com" } }),
        json!({ "setAddresses": { "shipping": null } }),
        json!({ "setAttributes": [] }),
    ] {
        let answer = buyer.client.send(APPLY, json!({ "cart": buyer.cart, "operations": [operation] })).await;
        assert_eq!(refusal(&answer), "CART_NOT_OPEN", "{operation}");
        assert_eq!(answer.data()["cartApply"]["errors"][0]["status"], json!("COMPLETED"));
    }
    assert_eq!(state(&shop).await, before);
}
