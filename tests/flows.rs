//! What shoppers do, as the tests of several files need it.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop, uuid};

/// The id of the variant with a SKU.
pub(crate) async fn variant(client: &Client, sku: &str) -> String {
    let query = "query($sku: String!) { product(by: { sku: $sku }) { variants(first: 250) { nodes { id sku } } } }";
    let answer = client.send(query, json!({ "sku": sku })).await;
    let nodes = answer.value("/data/product/variants/nodes").as_array().expect("the product is there");
    let found = nodes.iter().find(|node| node["sku"] == sku).expect("the variant is there");
    found["id"].as_str().expect("an id").to_owned()
}

/// Lines as mutations take them.
pub(crate) async fn lines(client: &Client, wanted: &[(&str, i32)]) -> Value {
    let mut lines = Vec::new();
    for (sku, quantity) in wanted {
        lines.push(json!({ "variantId": variant(client, sku).await, "quantity": quantity }));
    }
    Value::Array(lines)
}

/// A guest with a cart that could be ordered.
pub(crate) struct Buyer {
    pub(crate) client: Client,
    pub(crate) cart: String,
    pub(crate) total: String,
}

pub(crate) const CREATE: &str = "mutation($input: CartCreateInput, $key: IdempotencyKey) {
    cartCreate(input: $input, idempotencyKey: $key) {
        cart { id revision lineCount cost { total { amount } } } revision secret
        tokens { accessToken refreshToken } errors { __typename code path } } }";

pub(crate) const APPLY: &str = "mutation($cart: ID!, $operations: [CartOperation!]!, $if: Int, $key: IdempotencyKey) {
    cartApply(cartId: $cart, operations: $operations, ifRevision: $if, idempotencyKey: $key) {
        cart { id revision lineCount totalQuantity cost { total { amount } } lines { nodes { id quantity } } }
        revision
        errors { __typename code path ... on RevisionConflictError { currentRevision }
                 ... on CartNotOpenError { status orderId } ... on QuantityRuleError { min max } } } }";

pub(crate) const CHECKOUT: &str = "mutation($cart: ID!, $total: Decimal!, $key: IdempotencyKey!) {
    checkoutComplete(cartId: $cart, payment: { invoice: { reference: \"PO-7\" } },
                     expectedTotal: { amount: $total, currency: \"GBP\" }, idempotencyKey: $key) {
        order { id number lineCount cost { total { amount } } lines { nodes { sku quantity cost { total { amount } } } } }
        cart { status revision }
        errors { __typename code path ... on OutOfStockError { variantId available }
                 ... on TotalChangedError { expected { amount } actual { amount } }
                 ... on CartNotOpenError { status orderId } ... on CartNotReadyError { missing }
                 ... on IdempotencyInProgressError { retryAfterMs } } } }";

/// An address that passes.
pub(crate) fn address() -> Value {
    json!({ "name": "Ada Byron", "line1": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4JH", "country": "GB" })
}

impl Buyer {
    /// A guest whose cart holds the lines, an e-mail address and a shipping address.
    pub(crate) async fn ready(shop: &Shop, wanted: &[(&str, i32)]) -> Self {
        let mut client = shop.client();
        let lines = lines(&client, wanted).await;
        let input = json!({ "lines": lines, "buyer": { "email": "ada@example.com" } });
        let created = client.send(CREATE, json!({ "input": input })).await;
        client.sign_in(created.at("/data/cartCreate/tokens/accessToken"));
        let cart = created.at("/data/cartCreate/cart/id").to_owned();
        let total = created.at("/data/cartCreate/cart/cost/total/amount").to_owned();
        let operations = json!([{ "setAddresses": { "shipping": address() } }]);
        let applied = client.send(APPLY, json!({ "cart": cart, "operations": operations })).await;
        assert_eq!(applied.data()["cartApply"]["errors"], json!([]), "{}", applied.text);
        Self { client, cart, total }
    }

    /// Orders the cart under a key.
    pub(crate) async fn checkout(&self, key: u128) -> Answer {
        let variables = json!({ "cart": self.cart, "total": self.total, "key": uuid(key) });
        self.client.send(CHECKOUT, variables).await
    }
}
