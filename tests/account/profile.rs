//! Name and telephone number.

use serde_json::{Value, json};
use tidegate_testkit::uuid;

use crate::customers::{Customer, codes, rows, shop, viewer};

const UPDATE: &str = "mutation($input: CustomerUpdateInput!, $key: IdempotencyKey) {
    customerUpdate(input: $input, idempotencyKey: $key) {
        customer { name { givenName familyName } phone } errors { code path } } }";

fn shown(given: &Value, family: &Value, phone: &Value) -> Value {
    let customer = json!({ "name": { "givenName": given, "familyName": family }, "phone": phone });
    json!({ "customer": customer, "errors": [] })
}

#[tokio::test]
async fn what_is_left_out_stays_and_null_empties() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    for (input, expected) in [
        (
            json!({ "familyName": "Byron", "phone": "+44 20 7946" }),
            shown(&json!("Ada"), &json!("Byron"), &json!("+44 20 7946")),
        ),
        (json!({ "givenName": null }), shown(&Value::Null, &json!("Byron"), &json!("+44 20 7946"))),
        (json!({}), shown(&Value::Null, &json!("Byron"), &json!("+44 20 7946"))),
        (json!({ "givenName": "Augusta", "phone": null }), shown(&json!("Augusta"), &json!("Byron"), &Value::Null)),
        (json!({ "familyName": "  " }), shown(&json!("Augusta"), &Value::Null, &Value::Null)),
    ] {
        let answer = ada.client.send(UPDATE, json!({ "input": input })).await;
        assert_eq!(answer.data()["customerUpdate"], expected, "{input}");
    }
    assert_eq!(viewer(&ada.client).await["customer"]["name"]["givenName"], "Augusta");
}

#[tokio::test]
async fn a_repeat_does_not_undo_what_came_after() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let first = json!({ "input": { "givenName": "One" }, "key": uuid(1) });
    ada.client.send(UPDATE, first.clone()).await;
    ada.client.send(UPDATE, json!({ "input": { "givenName": "Two" }, "key": uuid(2) })).await;

    let again = ada.client.send(UPDATE, first).await;
    let mixed = ada.client.send(UPDATE, json!({ "input": { "givenName": "Three" }, "key": uuid(1) })).await;

    assert_eq!(again.data()["customerUpdate"], shown(&json!("Two"), &Value::Null, &Value::Null));
    assert_eq!(codes(&mixed, "customerUpdate"), ["IDEMPOTENCY_MISMATCH"]);
    assert_eq!(viewer(&ada.client).await["customer"]["name"]["givenName"], "Two");
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let guest = shop.guest().await;
    let before = rows(&shop).await;

    for (client, input, code) in [
        (&ada.client, json!({ "givenName": "x".repeat(101), "phone": "1" }), "INVALID_INPUT"),
        (&ada.client, json!({ "familyName": "new\nline" }), "INVALID_INPUT"),
        (&ada.client, json!({ "phone": "call me" }), "INVALID_INPUT"),
        (&ada.client, json!({ "phone": "1".repeat(33) }), "INVALID_INPUT"),
        (&guest, json!({ "givenName": "Bob" }), "SIGN_IN_REQUIRED"),
        (&shop.client(), json!({ "givenName": "Bob" }), "SIGN_IN_REQUIRED"),
    ] {
        let answer = client.send(UPDATE, json!({ "input": input })).await;
        assert_eq!(codes(&answer, "customerUpdate"), [code], "{input}: {}", answer.text);
        assert_eq!(answer.data()["customerUpdate"]["customer"], Value::Null);
    }

    assert_eq!(rows(&shop).await, before);
}
