//! Cursors that nobody was given, or that belong elsewhere.

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use tidegate_testkit::{Client, Shop};

use super::refusal::refusal;
use crate::flows::Buyer;

const PAGE: &str = "query($c: Cursor!) { products(first: 1, after: $c, sort: TITLE) { nodes { handle } } }";

async fn cursor(client: &Client, list: &str) -> String {
    let answer = client.send(&format!("{{ {list} {{ pageInfo {{ endCursor }} }} }}"), json!({})).await;
    let field = list.split('(').next().unwrap();
    answer.at(&format!("/data/{field}/pageInfo/endCursor")).to_owned()
}

#[tokio::test]
async fn a_cursor_that_was_changed_or_made_up_is_refused() {
    let shop = Shop::open().await;
    let client = shop.client();
    let genuine = cursor(&client, "products(first: 1, sort: TITLE)").await;
    assert_eq!(
        client.send(PAGE, json!({ "c": genuine })).await.data()["products"]["nodes"].as_array().unwrap().len(),
        1
    );

    let mut forged = Vec::new();
    let bytes = BASE64URL_NOPAD.decode(genuine.as_bytes()).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        forged.push(BASE64URL_NOPAD.encode(&changed));
    }
    for length in 0..bytes.len() {
        forged.push(BASE64URL_NOPAD.encode(&bytes[..length]));
    }
    forged.extend(["AAAA", "!!!!", "null", "' OR 1=1--", "0", "MTIz", "=="].map(str::to_owned));
    forged.extend([
        format!("{genuine}="),
        format!("{genuine}A"),
        format!(" {genuine}"),
        "A".repeat(1_024),
        "A".repeat(1_025),
    ]);
    for text in forged {
        let answer = client.send(PAGE, json!({ "c": text })).await;
        assert_eq!(refusal(&answer), "BAD_USER_INPUT", "{text}");
        assert!(answer.body["data"]["products"].is_null());
    }
    // A megabyte of it does not fit into a request; most of one does.
    let large = client.send(PAGE, json!({ "c": "A".repeat(1024 * 1024) })).await;
    assert_eq!((large.status.as_u16(), refusal(&large).as_str()), (413, "BODY_TOO_LARGE"));
    let large = client.send(PAGE, json!({ "c": "A".repeat(1_000_000) })).await;
    assert_eq!((large.status.as_u16(), refusal(&large).as_str()), (400, "BAD_USER_INPUT"));
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let shop = Shop::open().await;
    let client = shop.client();
    let orders = ["RELEVANCE", "TITLE", "PRICE_LOW_TO_HIGH", "NEWEST"];
    for from in orders {
        let cursor = cursor(&client, &format!("products(first: 1, sort: {from})")).await;
        for to in orders.into_iter().filter(|to| *to != from) {
            let query = PAGE.replace("TITLE", to);
            let answer = client.send(&query, json!({ "c": cursor })).await;
            assert_eq!(refusal(&answer), "BAD_USER_INPUT", "{from} in {to}");
        }
        let search = "query($c: Cursor!) { search(query: \"mug\", after: $c) { nodes { id } } }";
        assert_eq!(refusal(&client.send(search, json!({ "c": cursor })).await), "BAD_USER_INPUT", "{from} in search");
    }
}

#[tokio::test]
async fn a_cursor_of_another_shop_is_refused() {
    let shop = Shop::open().await;
    let elsewhere = cursor(&Shop::open().await.client(), "products(first: 1, sort: TITLE)").await;

    assert_eq!(refusal(&shop.client().send(PAGE, json!({ "c": elsewhere })).await), "BAD_USER_INPUT");
}

/// A cursor is a place, not a right: in a list of the same kind it begins behind the same key, and shows no row that
/// the list itself would not.
#[tokio::test]
async fn a_cursor_of_another_buyers_cart_shows_nothing_of_it() {
    let shop = Shop::open().await;
    let one = Buyer::ready(&shop, &[("MUG-R", 1), ("TOWEL", 2)]).await;
    let other = Buyer::ready(&shop, &[("MUG-B", 3)]).await;
    let read = "query($id: ID!, $c: Cursor) { cart(id: $id) { lines(first: 1, after: $c) { nodes { quantity variant { sku } } pageInfo { endCursor } } } }";
    let first = one.client.send(read, json!({ "id": one.cart })).await;
    let cursor = first.at("/data/cart/lines/pageInfo/endCursor");

    let own = other.client.send(read, json!({ "id": other.cart, "c": cursor })).await;
    let foreign = other.client.send(read, json!({ "id": one.cart, "c": cursor })).await;

    assert_eq!(own.data()["cart"]["lines"]["nodes"], json!([{ "quantity": 3, "variant": { "sku": "MUG-B" } }]));
    assert_eq!(foreign.data()["cart"], json!(null));
}

/// The longest title makes a cursor that a client can send back.
#[tokio::test]
async fn the_longest_title_has_a_cursor() {
    let shop = Shop::open().await;
    shop.database.run("update product_listing set title = repeat('\u{1f600}', 300) || '' where handle <> 'mug'").await;
    shop.database.run("update product_listing set title = repeat('a', 300) where handle = 'mug'").await;
    let client = shop.client();
    let query = "query($c: Cursor) { products(first: 1, after: $c, sort: TITLE) { nodes { handle } pageInfo { hasNextPage endCursor } } }";

    let mut seen = Vec::new();
    let mut after = json!(null);
    loop {
        let answer = client.send(query, json!({ "c": after })).await;
        seen.push(answer.at("/data/products/nodes/0/handle").to_owned());
        if answer.value("/data/products/pageInfo/hasNextPage") == &json!(false) {
            break;
        }
        after = answer.value("/data/products/pageInfo/endCursor").clone();
    }

    seen.sort_unstable();
    assert_eq!(seen, ["candle", "mug", "tea-towel"]);
}
