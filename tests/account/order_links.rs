//! A guest's order by a signed link.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop, uuid};
use time::Duration;

use crate::customers::{codes, rows, shop};
use crate::flows::{Buyer, CHECKOUT};

const READ: &str = "query($link: String!) { order(by: { link: $link }) { id number lines { nodes { sku } } } }";
const SEND: &str = "mutation($number: String!, $email: String!, $key: IdempotencyKey) {
    orderLinkSend(number: $number, email: $email, idempotencyKey: $key) { accepted errors { code path } } }";

struct Placed {
    id: String,
    number: String,
    link: String,
}

async fn place(shop: &Shop) -> Placed {
    let buyer = Buyer::ready(shop, &[("MUG-R", 1), ("MUG-B", 1), ("TOWEL", 1)]).await;
    let document = CHECKOUT.replace("cart { status revision }", "cart { status } orderLink { token expiresAt }");
    let variables = json!({ "cart": buyer.cart, "total": buyer.total, "key": uuid(1) });
    let answer = buyer.client.send(&document, variables).await;
    let at = |pointer: &str| answer.at(&format!("/data/checkoutComplete/{pointer}")).to_owned();
    Placed { id: at("order/id"), number: at("order/number"), link: at("orderLink/token") }
}

async fn read(client: &Client, link: &str) -> Answer {
    client.send(READ, json!({ "link": link })).await
}

async fn send(shop: &Shop, number: &str, email: &str) -> Answer {
    shop.client().send(SEND, json!({ "number": number, "email": email })).await
}

fn linked(text: &str) -> String {
    let start = text.find("tgo_").unwrap_or_else(|| panic!("no link in {text}"));
    let is_token = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    text[start..].chars().take_while(|character| is_token(*character)).collect()
}

#[tokio::test]
async fn a_link_shows_the_order_without_a_session_for_thirty_days() {
    let shop = shop().await;
    let placed = place(&shop).await;
    let skus = json!([{ "sku": "MUG-R" }, { "sku": "MUG-B" }, { "sku": "TOWEL" }]);
    let expected = json!({ "id": placed.id, "number": placed.number, "lines": { "nodes": skus } });
    for client in [shop.client(), shop.client(), shop.guest().await] {
        assert_eq!(read(&client, &placed.link).await.data()["order"], expected);
    }
    let by_id =
        shop.client().send("query($id: ID!) { order(by: { id: $id }) { id } }", json!({ "id": placed.id })).await;
    assert_eq!(by_id.data()["order"], Value::Null);

    shop.clock.advance(Duration::days(30) - Duration::seconds(10));
    assert_eq!(read(&shop.client(), &placed.link).await.data()["order"], expected);
    shop.clock.advance(Duration::seconds(10));
    assert_eq!(read(&shop.client(), &placed.link).await.data()["order"], Value::Null);
}

#[tokio::test]
async fn a_link_shows_every_page_of_lines() {
    let shop = shop().await;
    let placed = place(&shop).await;
    let pages = "query($link: String!, $after: Cursor) { order(by: { link: $link }) {
        lines(first: 1, after: $after) { nodes { sku } pageInfo { hasNextPage endCursor } } last: lines(last: 1) { nodes { sku } } } }";

    let (mut after, mut seen) = (Value::Null, Vec::new());
    loop {
        let answer = shop.client().send(pages, json!({ "link": placed.link, "after": after })).await;
        let order = answer.data()["order"].clone();
        assert_eq!(order["last"]["nodes"], json!([{ "sku": "TOWEL" }]));
        seen.extend(order["lines"]["nodes"].as_array().cloned().unwrap_or_default());
        after = order["lines"]["pageInfo"]["endCursor"].clone();
        if order["lines"]["pageInfo"]["hasNextPage"] != json!(true) {
            break;
        }
    }

    assert_eq!(json!(seen), json!([{ "sku": "MUG-R" }, { "sku": "MUG-B" }, { "sku": "TOWEL" }]));
}

#[tokio::test]
async fn a_link_that_was_tampered_with_shows_nothing() {
    let shop = shop().await;
    let placed = place(&shop).await;
    for place in 0..placed.link.len() {
        let mut bytes = placed.link.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        let answer = read(&shop.client(), &changed).await;
        assert_eq!(answer.data()["order"], Value::Null, "{changed}");
    }
    for link in [
        "",
        "tgo_",
        &placed.link[..placed.link.len() - 1],
        &format!("{}A", placed.link),
        &"x".repeat(2_000),
        &placed.id,
    ] {
        assert_eq!(read(&shop.client(), link).await.data()["order"], Value::Null, "{link}");
    }
}

#[tokio::test]
async fn a_link_is_mailed_to_the_address_of_the_order_alone() {
    let shop = shop().await;
    let placed = place(&shop).await;

    let right = send(&shop, &placed.number, "ADA@example.com").await;
    let wrong = send(&shop, &placed.number, "mallory@example.com").await;
    let unknown = send(&shop, "99999", "bob@example.com").await;

    assert_eq!(right.data()["orderLinkSend"], json!({ "accepted": true, "errors": [] }));
    assert_eq!((wrong.data(), unknown.data()), (right.data(), right.data()));
    let mail = &shop.mails("ADA@example.com").await[0];
    assert_eq!(mail.template, "ORDER_LINK");
    assert_eq!(read(&shop.client(), &linked(&mail.text)).await.data()["order"]["id"], json!(placed.id));
    for stranger in ["mallory@example.com", "bob@example.com"] {
        let mail = &shop.mails(stranger).await[0];
        assert_eq!(mail.template, "NO_ORDER");
        assert!(!mail.text.contains("tgo_"), "{}", mail.text);
    }
}

#[tokio::test]
async fn an_order_has_five_links_an_hour_and_a_repeat_none_of_its_own() {
    let shop = shop().await;
    let placed = place(&shop).await;
    let call = json!({ "number": placed.number, "email": "ada@example.com", "key": uuid(1) });
    let first = shop.client().send(SEND, call.clone()).await;
    let before = rows(&shop).await;
    assert_eq!(shop.client().send(SEND, call).await.data(), first.data());
    assert_eq!(rows(&shop).await, before);
    for number in 0..4 {
        let answer = send(&shop, &placed.number, &format!("user{number}@example.com")).await;
        assert_eq!(codes(&answer, "orderLinkSend"), Vec::<&str>::new());
    }
    let before = rows(&shop).await;

    let sixth = send(&shop, &placed.number, "user9@example.com").await;

    assert_eq!(codes(&sixth, "orderLinkSend"), ["RATE_LIMITED"]);
    assert_eq!(rows(&shop).await, before);
    shop.clock.advance(Duration::hours(1));
    assert_eq!(codes(&send(&shop, &placed.number, "ada@example.com").await, "orderLinkSend"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_malformed_number_or_address_is_refused() {
    let shop = shop().await;
    let before = rows(&shop).await;
    for (number, email) in [
        ("", "ada@example.com"),
        ("-1", "ada@example.com"),
        ("1e3", "ada@example.com"),
        ("10001 or 1=1", "ada@example.com"),
        ("1234567890123456789", "ada@example.com"),
        ("10001", "nowhere"),
    ] {
        assert_eq!(codes(&send(&shop, number, email).await, "orderLinkSend"), ["INVALID_INPUT"], "{number} {email}");
    }
    assert_eq!(rows(&shop).await, before);
}
