//! Characters that cannot be stored, in every place that takes a text.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use tidegate_testkit::{Answer, Client, Shop};

use super::refusal::{refusal, state};
use crate::flows::Buyer;

/// Every place that takes a text: the kind of the operation, the type of a variable there, and a selection with `%` for
/// the text and `CART` for a cart of the client's own.
const PLACES: &[(&str, &str, &str)] = &[
    ("query", "ID!", "node(id: %) { id }"),
    ("query", "ID!", "nodes(ids: [%]) { id }"),
    ("query", "ID!", "product(by: { id: % }) { id }"),
    ("query", "String!", "product(by: { handle: % }) { id }"),
    ("query", "String!", "product(by: { sku: % }) { id }"),
    ("query", "ID!", "collection(by: { id: % }) { id }"),
    ("query", "String!", "collection(by: { handle: % }) { id }"),
    ("query", "ID!", "cart(id: %) { id }"),
    ("query", "ID!", "order(by: { id: % }) { id }"),
    ("query", "String!", "search(query: %) { nodes { id } }"),
    ("query", "ID!", "products(filter: { collection: % }) { nodes { id } }"),
    ("query", "String!", "products(filter: { tags: [%] }) { nodes { id } }"),
    ("query", "Decimal!", "products(filter: { price: { min: % } }) { nodes { id } }"),
    ("query", "Decimal!", "products(filter: { price: { max: % } }) { nodes { id } }"),
    ("query", "Cursor!", "products(first: 1, after: %) { nodes { id } }"),
    ("query", "Cursor!", "products(last: 1, before: %) { nodes { id } }"),
    ("query", "String!", "product(by: { handle: \"mug\" }) { variant(options: [{ name: %, value: \"Red\" }]) { id } }"),
    (
        "query",
        "String!",
        "product(by: { handle: \"mug\" }) { variant(options: [{ name: \"Colour\", value: % }]) { id } }",
    ),
    ("mutation", "String!", "sessionRefresh(refreshToken: %) { errors { code } }"),
    ("mutation", "IdempotencyKey!", "sessionStart(idempotencyKey: %) { errors { code } }"),
    ("mutation", "ID!", "cartLinesAdd(cartId: CART, lines: [{ variantId: % }]) { errors { code } }"),
    ("mutation", "String!", "cartCreate(input: { note: % }) { errors { code } }"),
    ("mutation", "ID!", "cartLinesSet(cartId: CART, lines: [{ lineId: %, quantity: 1 }]) { errors { code } }"),
    ("mutation", "ID!", "cartLinesRemove(cartId: CART, lineIds: [%]) { errors { code } }"),
    ("mutation", "ID!", "cartNoteSet(cartId: %, note: \"x\") { errors { code } }"),
    ("mutation", "String!", "cartNoteSet(cartId: CART, note: %) { errors { code } }"),
    ("mutation", "ID!", "cartApply(cartId: CART, operations: [{ removeLines: [%] }]) { errors { code } }"),
    ("mutation", "String!", "cartApply(cartId: CART, operations: [{ setNote: % }]) { errors { code } }"),
    ("mutation", "String!", "cartBuyerSet(cartId: CART, buyer: { email: % }) { errors { code } }"),
    ("mutation", "String!", "cartBuyerSet(cartId: CART, buyer: { phone: % }) { errors { code } }"),
    (
        "mutation",
        "String!",
        "cartAttributesSet(cartId: CART, attributes: [{ key: %, value: \"x\" }]) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "cartAttributesSet(cartId: CART, attributes: [{ key: \"x\", value: % }]) { errors { code } }",
    ),
    ("mutation", "String!", ADDRESS_NAME),
    (
        "mutation",
        "String!",
        "cartAddressesSet(cartId: CART, shipping: { name: \"x\", line1: %, city: \"x\", country: \"GB\" }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "cartAddressesSet(cartId: CART, shipping: { name: \"x\", line1: \"x\", city: %, country: \"GB\" }) { errors { code } }",
    ),
    (
        "mutation",
        "CountryCode!",
        "cartAddressesSet(cartId: CART, shipping: { name: \"x\", line1: \"x\", city: \"x\", country: % }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "cartAddressesSet(cartId: CART, billing: { name: \"x\", line1: \"x\", city: \"x\", country: \"GB\", company: % }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "cartAddressesSet(cartId: CART, billing: { name: \"x\", line1: \"x\", city: \"x\", country: \"GB\", line2: % }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "cartAddressesSet(cartId: CART, billing: { name: \"x\", line1: \"x\", city: \"x\", country: \"GB\", region: % }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "cartAddressesSet(cartId: CART, billing: { name: \"x\", line1: \"x\", city: \"x\", country: \"GB\", postalCode: % }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "cartAddressesSet(cartId: CART, billing: { name: \"x\", line1: \"x\", city: \"x\", country: \"GB\", phone: % }) { errors { code } }",
    ),
    (
        "mutation",
        "Decimal!",
        "checkoutComplete(cartId: CART, payment: { invoice: {} }, expectedTotal: { amount: %, currency: \"GBP\" }, idempotencyKey: \"0198c7a0-1b2c-7d3e-8f40-512233445566\") { errors { code } }",
    ),
    (
        "mutation",
        "CurrencyCode!",
        "checkoutComplete(cartId: CART, payment: { invoice: {} }, expectedTotal: { amount: \"1\", currency: % }, idempotencyKey: \"0198c7a0-1b2c-7d3e-8f40-512233445566\") { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "checkoutComplete(cartId: CART, payment: { invoice: { reference: % } }, expectedTotal: { amount: \"1\", currency: \"GBP\" }, idempotencyKey: \"0198c7a0-1b2c-7d3e-8f40-512233445566\") { errors { code } }",
    ),
    ("mutation", "String!", "customerRegister(input: { email: %, password: \"correct horse\" }) { errors { code } }"),
    ("mutation", "String!", "customerRegister(input: { email: \"a@example.com\", password: % }) { errors { code } }"),
    (
        "mutation",
        "String!",
        "customerRegister(input: { email: \"a@example.com\", password: \"correct horse\", givenName: % }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "customerRegister(input: { email: \"a@example.com\", password: \"correct horse\", familyName: % }) { errors { code } }",
    ),
    ("mutation", "String!", "customerVerifyEmail(token: %) { errors { code } }"),
    ("mutation", "String!", "customerVerificationSend(email: %) { errors { code } }"),
    ("mutation", "String!", "loginCodeSend(email: %) { errors { code } }"),
    ("mutation", "String!", "loginCodeSend(email: \"a@example.com\", deviceToken: %) { errors { code } }"),
    (
        "mutation",
        "String!",
        "login(input: { password: { email: %, password: \"correct horse\" } }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "login(input: { password: { email: \"a@example.com\", password: % } }) { errors { code } }",
    ),
    (
        "mutation",
        "String!",
        "login(input: { password: { email: \"a@example.com\", password: \"correct horse\", deviceToken: % } }) { errors { code } }",
    ),
    ("mutation", "String!", "login(input: { oneTimeCode: { email: %, code: \"00000000\" } }) { errors { code } }"),
    ("mutation", "String!", "login(input: { oneTimeCode: { email: \"a@example.com\", code: % } }) { errors { code } }"),
    (
        "mutation",
        "String!",
        "login(input: { oneTimeCode: { email: \"a@example.com\", code: \"00000000\", codeToken: % } }) { errors { code } }",
    ),
    ("mutation", "String!", "login(input: { oidc: { state: %, code: \"x\" } }) { errors { code } }"),
    ("mutation", "String!", "login(input: { oidc: { state: \"x\", code: % } }) { errors { code } }"),
    ("mutation", "String!", "login(input: { oidc: { state: \"x\", code: \"x\", iss: % } }) { errors { code } }"),
    ("mutation", "String!", "oidcStart(provider: %, redirectUri: \"https://shop.example/\") { errors { code } }"),
    ("mutation", "URL!", "oidcStart(provider: \"x\", redirectUri: %) { errors { code } }"),
    ("mutation", "String!", "passwordResetSend(email: %) { errors { code } }"),
    ("mutation", "String!", "passwordResetSend(email: \"a@example.com\", deviceToken: %) { errors { code } }"),
    ("mutation", "String!", "passwordReset(token: %, password: \"correct horse\") { errors { code } }"),
    ("mutation", "String!", "passwordReset(token: \"x\", password: %) { errors { code } }"),
    ("mutation", "ID!", "sessionRevoke(id: %) { errors { code } }"),
    ("mutation", "String!", "customerUpdate(input: { givenName: % }) { errors { code } }"),
    ("mutation", "String!", "customerUpdate(input: { familyName: % }) { errors { code } }"),
    ("mutation", "String!", "customerUpdate(input: { phone: % }) { errors { code } }"),
    ("mutation", "String!", "passwordChange(current: %, next: \"correct horse\") { errors { code } }"),
    ("mutation", "String!", "passwordChange(current: \"correct horse\", next: %) { errors { code } }"),
    ("mutation", "String!", "emailChangeRequest(email: %, password: \"correct horse\") { errors { code } }"),
    ("mutation", "String!", "emailChangeRequest(email: \"a@example.com\", password: %) { errors { code } }"),
    ("mutation", "String!", "emailChangeConfirm(token: %) { errors { code } }"),
    ("mutation", "String!", "customerDelete(confirm: %, password: \"correct horse\") { errors { code } }"),
    ("mutation", "String!", "customerDelete(confirm: \"a@example.com\", password: %) { errors { code } }"),
    (
        "mutation",
        "ID!",
        "addressSave(id: %, input: { name: \"x\", line1: \"x\", city: \"x\", country: \"GB\" }) { errors { code } }",
    ),
    ("mutation", "ID!", "addressDelete(id: %) { errors { code } }"),
    ("mutation", "String!", "orderLinkSend(number: %, email: \"a@example.com\") { errors { code } }"),
    ("mutation", "String!", "orderLinkSend(number: \"1\", email: %) { errors { code } }"),
    ("mutation", "ID!", "cartMerge(from: { id: % }, into: CART, policy: SUM) { errors { code } }"),
    ("mutation", "String!", "cartMerge(from: { id: CART, secret: % }, into: CART, policy: SUM) { errors { code } }"),
    ("mutation", "ID!", "cartMerge(from: { id: CART }, into: %, policy: SUM) { errors { code } }"),
    ("query", "String!", "order(by: { link: % }) { id }"),
];
const ADDRESS_NAME: &str = "cartAddressesSet(cartId: CART, shipping: { name: %, line1: \"x\", city: \"x\", country: \"GB\" }) { errors { code } }";

/// What JSON and GraphQL both write for a text with a character that no text of ours may hold.
const NUL: &str = r#""a\u0000b""#;
const SURROGATE: &str = r#""a\ud800b""#;

async fn as_literal(client: &Client, place: &(&str, &str, &str), cart: &str, text: &str) -> Answer {
    let (kind, _, selection) = place;
    let selection = selection.replace('%', text).replace("CART", &format!("\"{cart}\""));
    client.send(&format!("{kind} {{ {selection} }}"), json!({})).await
}

async fn as_variable(client: &Client, place: &(&str, &str, &str), cart: &str, text: &str) -> Answer {
    let (kind, of_type, selection) = place;
    let selection = selection.replace('%', "$v").replace("CART", &format!("\"{cart}\""));
    let query = json!(format!("{kind}($v: {of_type}) {{ {selection} }}"));
    client.post(&format!(r#"{{"query":{query},"variables":{{"v":{text}}}}}"#)).await
}

#[tokio::test]
async fn nul_and_lone_surrogates_are_refused_in_every_text() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;

    for place in PLACES {
        for (text, as_literal_code, as_variable_code) in
            [(NUL, "BAD_USER_INPUT", "BAD_USER_INPUT"), (SURROGATE, "GRAPHQL_PARSE_FAILED", "INVALID_JSON")]
        {
            let literal = as_literal(&buyer.client, place, &buyer.cart, text).await;
            let variable = as_variable(&buyer.client, place, &buyer.cart, text).await;
            let got = (literal.status.as_u16(), refusal(&literal), variable.status.as_u16(), refusal(&variable));
            let expected = (400, as_literal_code.to_owned(), 400, as_variable_code.to_owned());
            assert_eq!(got, expected, "{} {text}: {} {}", place.2, literal.text, variable.text);
        }
    }

    assert_eq!(state(&shop).await, before);
}

/// A new argument that takes a text must get a place in the list.
#[tokio::test]
async fn the_list_of_places_is_whole() {
    let shop = Shop::empty(|_| {}).await;
    let types = "{ __schema { types { name kind inputFields { ...A } fields { name args { ...A } } } } }
        fragment A on __InputValue { name type { name kind ofType { name kind ofType { name kind ofType { name kind } } } } }";
    let answer = shop.client().send(types, json!({})).await;
    let mut missing = Vec::new();

    for of_type in answer.data()["__schema"]["types"].as_array().unwrap() {
        let empty = Vec::new();
        let fields = of_type["fields"].as_array().unwrap_or(&empty);
        let arguments = fields.iter().flat_map(|field| field["args"].as_array().unwrap());
        for input in of_type["inputFields"].as_array().unwrap_or(&empty).iter().chain(arguments) {
            let mut named = &input["type"];
            while named["name"].is_null() {
                named = &named["ofType"];
            }
            let text =
                named["kind"] == "SCALAR" && !["Int", "Float", "Boolean"].contains(&named["name"].as_str().unwrap());
            let name = input["name"].as_str().unwrap();
            let places = [format!("{name}: %"), format!("{name}: [%]")];
            let introspection =
                of_type["name"].as_str().unwrap().starts_with("__") || name == "name" && named["name"] == "String!";
            if text && !introspection && !PLACES.iter().any(|place| places.iter().any(|text| place.2.contains(text))) {
                missing.push(format!("{}.{name}", of_type["name"]));
            }
        }
    }

    assert_eq!(missing, Vec::<String>::new());
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused() {
    let shop = Shop::open().await;
    let client = shop.client();
    let head = br#"{"query":"query($q: String!) { search(query: $q) { nodes { id } } }","variables":{"q":""#;
    // Not UTF-8, an overlong slash, a surrogate as UTF-8, a raw NUL, a raw line break, a byte order mark.
    for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\0", b"\n"] {
        let body = [&head[..], bytes, br#""}}"#].concat();
        let request = Request::post("/graphql").header("host", "localhost").header("content-type", "application/json");
        let answer = client.request(request, Body::from(body)).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, "INVALID_JSON"), "{bytes:?}");
    }
}

#[tokio::test]
async fn odd_headers_are_refused_or_mean_nothing() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let before = state(&shop).await;
    for (name, value, status, code) in [
        ("authorization", &b"Bearer \xff\xfe"[..], 401, "TOKEN_INVALID"),
        ("authorization", b"Bearer ' OR 1=1--", 401, "TOKEN_INVALID"),
        ("idempotency-key", b"\xc3\xa9", 400, "BAD_USER_INPUT"),
        ("idempotency-key", b"' OR 1=1--", 400, "BAD_USER_INPUT"),
        ("x-cart-secret", b"\xff", 200, "NOT_FOUND"),
        ("x-cart-secret", b"' OR 1=1--", 200, "NOT_FOUND"),
    ] {
        let query = json!({ "query": "mutation($c: ID!) { cartNoteSet(cartId: $c, note: \"x\") { errors { code } } }",
                            "variables": { "c": buyer.cart } });
        let request = Request::post("/graphql").header("host", "localhost").header("content-type", "application/json");
        let answer = shop.client().request(request.header(name, value), Body::from(query.to_string())).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (status, code), "{name} {value:?}");
    }
    assert_eq!(state(&shop).await, before);
}
