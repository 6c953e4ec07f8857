//! Texts that are odd but texts: stored to the byte, or refused by their length, and never anything but data.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Shop};

use super::refusal::{refusal, state};
use crate::flows::Buyer;

const SET: &str = "mutation($cart: ID!, $operations: [CartOperation!]!) {
    cartApply(cartId: $cart, operations: $operations) { errors { code path ... on InvalidInputError { reason } }
    cart { note buyer { email phone } attributes { key value } shippingAddress { name company line1 line2 city region postalCode } } } }";

/// Right-to-left override, zero-width characters, a joined family, a flag, stacked accents, text of both directions.
const ODD: &[&str] = &[
    "\u{202e}drawkcab\u{202c}",
    "zero\u{200b}\u{200d}\u{feff}width",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466} \u{1f1ec}\u{1f1e7}",
    "Z\u{0336}\u{0301}\u{0302}a\u{0337}\u{0489}lgo",
    "O\u{2019}Brien-\u{5d0}\u{5d1} \u{627}\u{644}",
    "e\u{301} \u{e9}",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; drop table cart;--",
    "{{7*7}} ${7*7} %s%n",
];

fn address(text: &str) -> Value {
    json!({ "name": text, "company": text, "line1": text, "line2": text, "city": text, "region": text,
            "postalCode": text.chars().take(32).collect::<String>(), "country": "GB" })
}

async fn apply(buyer: &Buyer, operations: Value) -> Answer {
    buyer.client.send(SET, json!({ "cart": buyer.cart, "operations": operations })).await
}

#[tokio::test]
async fn odd_texts_come_back_to_the_byte() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;

    for text in ODD {
        let operations = json!([{ "setNote": text }, { "setAddresses": { "shipping": address(text) } },
                                { "setAttributes": [{ "key": text, "value": text }] }]);
        let answer = apply(&buyer, operations).await;

        assert_eq!(answer.data()["cartApply"]["errors"], json!([]), "{text}");
        let cart = &answer.data()["cartApply"]["cart"];
        assert_eq!((&cart["note"], &cart["attributes"]), (&json!(text), &json!([{ "key": text, "value": text }])));
        let mut sent = address(text);
        sent.as_object_mut().unwrap().remove("country");
        assert_eq!(cart["shippingAddress"], sent);
        assert_eq!(shop.database.ask("select encode(note::bytea, 'hex') from cart").await.len(), text.len() * 2);
    }

    // What a browser gets can be taken for nothing but JSON.
    let last = apply(&buyer, json!([{ "setNote": "<script>" }])).await;
    assert_eq!(last.headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(last.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn an_order_keeps_odd_texts_to_the_byte() {
    let shop = Shop::open().await;
    for (number, text) in (1_u128..).zip(ODD) {
        let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
        apply(&buyer, json!([{ "setNote": text }, { "setAddresses": { "shipping": address(text) } }])).await.data();
        let placed = buyer.checkout(number).await;
        let order = placed.at("/data/checkoutComplete/order/id");
        let read = "query($id: ID!) { order(by: { id: $id }) { note shippingAddress { name city } } }";
        let kept = buyer.client.send(read, json!({ "id": order })).await;
        assert_eq!(kept.data()["order"], json!({ "note": text, "shippingAddress": { "name": text, "city": text } }));
    }
}

#[tokio::test]
async fn long_texts_are_refused_by_characters_and_bytes() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    let zalgo = "e".to_owned() + &"\u{301}".repeat(10_000);
    let emoji = |count: usize| "\u{1f600}".repeat(count);
    let base = || json!({ "name": "a", "line1": "b", "city": "c", "country": "GB" });

    for (field, most) in [
        ("name", 200),
        ("company", 200),
        ("line1", 200),
        ("line2", 200),
        ("city", 100),
        ("region", 100),
        ("postalCode", 32),
    ] {
        for text in [&zalgo, &emoji(most + 1)] {
            let mut address = base();
            address[field] = json!(text);
            let answer = apply(&buyer, json!([{ "setAddresses": { "shipping": address } }])).await;
            assert_eq!(refusal(&answer), "INVALID_INPUT", "{field}");
            assert_eq!(answer.value("/data/cartApply/errors/0/reason"), &json!("TOO_LONG"), "{field}");
            let path = json!(["operations", "0", "setAddresses", "shipping", field]);
            assert_eq!(answer.value("/data/cartApply/errors/0/path"), &path);
        }
    }
    for operation in [
        json!({ "setNote": emoji(5_001) }),
        json!({ "setAttributes": [{ "key": emoji(65), "value": "x" }] }),
        json!({ "setAttributes": [{ "key": "x", "value": emoji(1_001) }] }),
        json!({ "setBuyer": { "email": format!("{}@example.com", "a".repeat(300)) } }),
    ] {
        let answer = apply(&buyer, json!([operation])).await;
        assert_eq!(answer.value("/data/cartApply/errors/0/reason"), &json!("TOO_LONG"), "{}", answer.text);
    }
    assert_eq!(state(&shop).await, before);

    // The most that is allowed is stored.
    let mut address = base();
    address["name"] = json!(emoji(200));
    let answer = apply(&buyer, json!([{ "setNote": emoji(5_000) }, { "setAddresses": { "shipping": address } }])).await;
    assert_eq!(answer.data()["cartApply"]["errors"], json!([]));
}

#[tokio::test]
async fn line_breaks_stay_out_of_what_becomes_a_header() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    let name = |text: &str| json!({ "setAddresses": { "shipping": { "name": text, "line1": "b", "city": "c", "country": "GB" } } });
    for operation in [
        json!({ "setNote": "Hello\r\nBcc: eve@example.com" }),
        json!({ "setNote": "bell \u{7}, escape \u{1b}[31m, next line \u{85}" }),
        name("Ada\r\nBcc: eve@example.com"),
        name("Ada\nX: y"),
        json!({ "setBuyer": { "email": "ada@example.com\r\nBcc: eve@example.com" } }),
        json!({ "setBuyer": { "email": "ada@example.com\nBcc:eve@example.com" } }),
        json!({ "setBuyer": { "phone": "+44\r\n1" } }),
        json!({ "setAttributes": [{ "key": "a\nb", "value": "" }] }),
    ] {
        let answer = apply(&buyer, json!([operation])).await;
        assert_eq!(refusal(&answer), "INVALID_INPUT", "{operation}");
    }
    let reference = "mutation($cart: ID!) { checkoutComplete(cartId: $cart, payment: { invoice: { reference: \"PO-7\\r\\nBcc: eve\" } },
        expectedTotal: { amount: \"2.50\", currency: \"GBP\" }, idempotencyKey: \"0198c7a0-1b2c-7d3e-8f40-512233445566\") { errors { code } } }";
    let answer = buyer.client.send(reference, json!({ "cart": buyer.cart })).await;
    assert_eq!(refusal(&answer), "INVALID_INPUT");
    assert_eq!(state(&shop).await, before);

    // A note has lines.
    let note = apply(&buyer, json!([{ "setNote": "Ring twice.\nThen wait." }])).await;
    assert_eq!(note.data()["cartApply"]["cart"]["note"], json!("Ring twice.\nThen wait."));
}

/// The rule: an address is kept as it was typed, belongs to one cart, and identifies nobody, so no two are ever merged.
#[tokio::test]
async fn twins_of_an_address_stay_two_buyers() {
    let shop = Shop::open().await;
    let twins = [
        "ada@example.com",
        "Ada@Example.com",
        "a.da@example.com",
        "ada+shop@example.com",
        "\u{61}da\u{301}@example.com",
        "ad\u{e1}@example.com",
        "\u{130}da@example.com",
        "ada@xn--e1aybc.com",
        "ada@\u{442}\u{435}\u{441}\u{442}.com",
    ];
    let mut orders = Vec::new();
    for (number, email) in (1_u128..).zip(twins) {
        let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
        let set = apply(&buyer, json!([{ "setBuyer": { "email": email } }])).await;
        assert_eq!(set.data()["cartApply"]["cart"]["buyer"]["email"], json!(email));
        let placed = buyer.checkout(number).await;
        orders.push((placed.at("/data/checkoutComplete/order/id").to_owned(), buyer, email));
    }
    let read = "query($id: ID!) { order(by: { id: $id }) { buyer { email } } }";
    for (of, buyer, email) in &orders {
        for (order, ..) in &orders {
            let answer = buyer.client.send(read, json!({ "id": order })).await;
            let expected = if order == of { json!({ "buyer": { "email": email } }) } else { json!(null) };
            assert_eq!(answer.data()["order"], expected);
        }
    }
    for malformed in [
        "ada",
        "@example.com",
        "ada@",
        "ada@localhost",
        "a@b@example.com",
        "ada @example.com",
        "ada@.com",
        "ada@example..com",
    ] {
        let answer = apply(&orders[0].1, json!([{ "setBuyer": { "email": malformed } }])).await;
        assert_eq!(refusal(&answer), "INVALID_INPUT", "{malformed}");
    }
}
