//! Where the engine reads a document or its variables otherwise than the specification.

use serde_json::{Value, json};

use super::stock::Reference;

/// The specification merges fields with one response key; the engine runs a root field once per occurrence.
#[tokio::test]
async fn deviation_a_mutation_selected_twice_runs_once() {
    let reference = Reference::new().await;
    let note = "cartNoteSet(cartId: $cart, note: \"x\") { revision }";
    let body = json!({ "query": format!("mutation($cart: ID!) {{ {note} ...F }} fragment F on Mutation {{ {note} }}"), "variables": { "cart": reference.buyer.cart } });

    let revision = "select revision from cart";

    reference.buyer.client.post(&body.to_string()).await.data();
    assert_eq!(reference.shop.database.count(revision).await, 3);
    reference.post(&body).await;
    assert_eq!(reference.shop.database.count(revision).await, 5, "4, and again 5");
}

/// The specification coerces all variables before anything runs; the engine begins and fails on the way.
#[tokio::test]
async fn deviation_bad_input_of_a_later_mutation_lets_none_run() {
    let reference = Reference::new().await;
    let body = json!({ "query": "mutation($cart: ID!, $key: IdempotencyKey) { a: cartNoteSet(cartId: $cart, note: \"ran\") { revision }
        b: cartNoteSet(cartId: $cart, note: \"y\", idempotencyKey: $key) { revision } }", "variables": { "cart": reference.buyer.cart, "key": "no key" } });
    let note = "select coalesce(note, 'none') from cart";

    let ours = reference.buyer.client.post(&body.to_string()).await;
    assert_eq!((ours.status.as_u16(), reference.shop.database.ask(note).await.as_str()), (400, "none"));
    let (_, stock) = reference.post(&body).await;
    assert_eq!((&stock["data"], reference.shop.database.ask(note).await.as_str()), (&Value::Null, "ran"));
}

/// A directive's argument is a use of a variable by the specification; the engine does not look there.
#[tokio::test]
async fn deviation_a_variable_in_a_directive_is_used() {
    let reference = Reference::new().await;
    let body = json!({ "query": "query($v: Boolean! = true) { a: __typename @include(if: $v) b: __typename }" });

    let ((_, ours), (_, stock)) = reference.both(&body).await;

    assert_eq!(ours["data"], json!({ "a": "Query", "b": "Query" }));
    assert_eq!(stock["errors"][0]["message"], json!("Variable \"$v\" is not used"));
}

/// The specification gives a variable its default everywhere; the engine forgets it in directives.
#[tokio::test]
async fn deviation_a_directive_sees_the_default_of_its_variable() {
    let reference = Reference::new().await;
    let body = json!({ "query": "query($v: Boolean = true) { a: __typename @include(if: $v) products(filter: { available: $v }) { nodes { handle } } }" });

    let ((_, ours), (_, stock)) = reference.both(&body).await;

    assert_eq!(ours["data"]["a"], json!("Query"));
    assert_eq!((stock["data"].get("a"), stock.get("errors")), (None, None), "{stock}");
}

/// A missing value for a non-null type is an error by the specification; the engine takes it for null.
#[tokio::test]
async fn deviation_a_missing_variable_is_refused() {
    let reference = Reference::new().await;
    let body = json!({ "query": "query($v: Int!) { products(first: $v) { nodes { handle } } }" });

    let ((ours_status, ours), (status, stock)) = reference.both(&body).await;

    assert_eq!((ours_status, &ours["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")));
    assert_eq!((status, stock["data"]["products"]["nodes"].as_array().map(Vec::len)), (200, Some(3)));
}
