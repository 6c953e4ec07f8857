//! Objects by their ids, and the shop itself.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use tidegate_testkit::{Answer, Shop};

use crate::attacks::refusal;
use crate::flows::Buyer;

#[tokio::test]
async fn every_kind_of_node_is_found_again_in_the_order_asked() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("TOWEL", 1)]).await;
    let placed = buyer.checkout(1).await;
    let order = placed.at("/data/checkoutComplete/order/id").to_owned();
    let read = "query($cart: ID!, $order: ID!) { viewer { session { id } } cart(id: $cart) { lines { nodes { id } } } order(by: { id: $order }) { lines { nodes { id } } }
        product(by: { handle: \"mug\" }) { id variants { nodes { id } } collections { nodes { id } } } }";
    let ids = buyer.client.send(read, json!({ "cart": buyer.cart, "order": order })).await;
    let id = |pointer: &str| ids.at(pointer).to_owned();
    let wanted: BTreeMap<_, _> = [
        ("Cart", buyer.cart.clone()),
        ("CartLine", id("/data/cart/lines/nodes/0/id")),
        ("Collection", id("/data/product/collections/nodes/0/id")),
        ("Order", order.clone()),
        ("OrderLine", id("/data/order/lines/nodes/0/id")),
        ("Product", id("/data/product/id")),
        ("Session", id("/data/viewer/session/id")),
        ("Variant", id("/data/product/variants/nodes/1/id")),
    ]
    .into();

    let private = ["Cart", "CartLine", "Order", "OrderLine", "Session"];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let asked: Vec<_> = wanted
        .values()
        .cloned()
        .chain(["nonsense".to_owned(), "var_00000000000000000000000000".to_owned()])
        .chain(wanted.values().rev().cloned())
        .collect();
    let found = |mine: bool| {
        let one = |(kind, id): (&&str, &String)| {
            if mine || !private.contains(kind) { json!({ "__typename": kind, "id": id }) } else { Value::Null }
        };
        let forward: Vec<_> = wanted.iter().map(one).collect();
        let backward: Vec<_> = wanted.iter().rev().map(one).collect();
        json!([forward, vec![Value::Null; 2], backward].concat())
    };
    assert_eq!(buyer.client.send(query, json!({ "ids": asked })).await.data()["nodes"], found(true));
    assert_eq!(shop.guest().await.send(query, json!({ "ids": asked })).await.data()["nodes"], found(false));
    assert_eq!(shop.client().send(query, json!({ "ids": asked })).await.data()["nodes"], found(false));

    let single = |answer: &Answer| answer.data()["node"].clone();
    for (kind, id) in &wanted {
        let answer =
            buyer.client.send("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
        assert_eq!(single(&answer), json!({ "__typename": kind, "id": id }));
    }
    let too_many = vec![json!("x"); 101];
    assert_eq!(refusal(&buyer.client.send(query, json!({ "ids": too_many })).await), "BAD_USER_INPUT");
    assert_eq!(buyer.client.send(query, json!({ "ids": [] })).await.data()["nodes"], json!([]));
    // What a node is asked for beyond its id is that of the object itself.
    let title = "query($id: ID!) { node(id: $id) { ... on Product { title variants { nodes { sku } } } ... on Order { number } } }";
    let answer = buyer.client.send(title, json!({ "id": wanted["Product"] })).await;
    assert_eq!(
        single(&answer),
        json!({ "title": "Enamel Mug", "variants": { "nodes": [{ "sku": "MUG-R" }, { "sku": "MUG-B" }] } })
    );
}

#[tokio::test]
async fn the_shop_tells_its_market_and_bounds() {
    let shop = Shop::open().await;
    let query = "{ shop { markets { handle country language currency } market { handle } paymentMethods limits { pageSize cartLines cartLinesPerCall lineQuantity } } }";
    let market = json!({ "handle": "gb", "country": "GB", "language": "en", "currency": "GBP" });
    assert_eq!(
        shop.client().send(query, json!({})).await.data()["shop"],
        json!({ "markets": [market], "market": { "handle": "gb" }, "paymentMethods": ["INVOICE"],
                "limits": { "pageSize": 250, "cartLines": 2_000, "cartLinesPerCall": 250, "lineQuantity": 1_000_000 } })
    );
}
