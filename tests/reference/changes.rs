//! Changes made by both, each to rows of its own in the same state: the same answers but for ids, tokens and times.

use serde_json::{Value, json};
use tidegate_testkit::uuid;

use super::stock::Reference;
use crate::flows::{APPLY, CHECKOUT, CREATE, address, lines};

/// An answer without what no two changes share: of an id its kind stays, of the others that they are there.
fn masked(value: &Value) -> Value {
    const SECRET: [&str; 6] = ["accessToken", "refreshToken", "secret", "url", "token", "number"];
    match value {
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::Object(fields) => {
            let mask = |(name, field): (&String, &Value)| {
                let field = match field.as_str() {
                    Some(text) if name == "id" || name.ends_with("Id") => {
                        json!(text.split_once('_').map_or("no id", |(kind, _)| kind))
                    }
                    Some(_) if name.ends_with("At") || SECRET.contains(&name.as_str()) => json!("there"),
                    _ => masked(field),
                };
                (name.clone(), field)
            };
            Value::Object(fields.iter().map(mask).collect())
        }
        other => other.clone(),
    }
}

fn assert_same(document: &str, ours: &Value, stock: &Value) {
    assert_eq!((ours.get("errors"), stock.get("errors")), (None, None), "{document}: {ours} {stock}");
    assert_eq!(masked(&ours["data"]), masked(&stock["data"]), "{document}");
}

/// Everything that a payload can tell of a cart.
const CART: &str = "cart { id revision status createdAt updatedAt expiresAt lineCount totalQuantity note orderId
    lines { nodes { id quantity attributes { key value } cost { unitPrice { amount } total { amount } } problems { code }
                    variant { sku image { altText } } } pageInfo { hasNextPage } }
    cost { subtotal { amount } total { amount currency } } buyer { email phone } attributes { key value }
    shippingAddress { name line1 city postalCode country } billingAddress { name city } readiness { ready missing } }
    revision errors { __typename code message path }";

#[tokio::test]
async fn a_cart_is_made_changed_and_ordered_alike() {
    let reference = Reference::new().await;
    let client = &reference.buyer.client;
    // The same cart twice: one that we change, one that the reference changes.
    let input =
        json!({ "lines": lines(client, &[("MUG-R", 2), ("TOWEL", 1)]).await, "buyer": { "email": "ada@example.com" } });
    let create = |key| json!({ "query": CREATE, "variables": { "input": input, "key": uuid(key) } });
    let (made, stock) = (client.post(&create(1).to_string()).await.body, reference.post(&create(2)).await.1);
    assert_same("cartCreate", &made, &stock);
    assert_eq!(masked(&made["data"])["cartCreate"]["tokens"], Value::Null);
    let cart = |made: &Value| made["data"]["cartCreate"]["cart"]["id"].as_str().unwrap().to_owned();
    let carts = [cart(&made), cart(&stock)];
    let mut line_ids = Vec::new();
    for cart in &carts {
        let read =
            client.send("query($id: ID!) { cart(id: $id) { lines { nodes { id } } } }", json!({ "id": cart })).await;
        line_ids.push([0, 1].map(|at| read.at(&format!("/data/cart/lines/nodes/{at}/id")).to_owned()));
    }
    let more = lines(client, &[("MUG-B", 2)]).await;

    for (field, types, arguments) in [
        ("cartLinesAdd", "$more: [CartLineAdd!]!", "lines: $more"),
        ("cartLinesSet", "$first: ID!", "lines: [{ lineId: $first, quantity: 3 }]"),
        (
            "cartLinesSet",
            "$first: ID!",
            "lines: [{ lineId: $first, quantity: 0 }, { lineId: \"line_00000000000000000000000000\", quantity: 1 }]",
        ),
        ("cartLinesRemove", "$second: ID!", "lineIds: [$second]"),
        ("cartLinesRemove", "$second: ID!", "lineIds: [$second, \"nonsense\"]"),
        ("cartBuyerSet", "$e: String = \"b@example.com\"", "buyer: { email: $e, phone: \"+44 20 7946 0000\" }"),
        ("cartBuyerSet", "$e: String = \"no address\"", "buyer: { email: $e }"),
        ("cartAddressesSet", "$to: AddressInput!", "shipping: $to, billing: $to"),
        ("cartAttributesSet", "$value: String = \"v\"", "attributes: [{ key: \"k\", value: $value }]"),
        ("cartNoteSet", "$note: String = \"Ring twice\"", "note: $note, ifRevision: 1"),
    ] {
        let document = format!("mutation($cart: ID!, {types}) {{ {field}(cartId: $cart, {arguments}) {{ {CART} }} }}");
        let body = |at: usize| {
            let [first, second]: &[String; 2] = &line_ids[at];
            json!({ "query": document, "variables": { "cart": carts[at], "more": more, "first": first, "second": second, "to": address() } })
        };
        let ours = client.post(&body(0).to_string()).await.body;
        let (_, stock) = reference.post(&body(1)).await;
        assert_same(&document, &ours, &stock);
    }

    let apply = |at: usize| json!({ "query": APPLY, "variables": { "cart": carts[at], "operations": [{ "setBuyer": { "email": "c@example.com" } }] } });
    let (ours, (_, stock)) = (client.post(&apply(0).to_string()).await.body, reference.post(&apply(1)).await);
    assert_same("cartApply", &ours, &stock);
    let total = &ours["data"]["cartApply"]["cart"]["cost"]["total"]["amount"];
    let order = |at: usize, key| json!({ "query": CHECKOUT, "variables": { "cart": carts[at], "total": total, "key": uuid(key) } });
    let (ours, (_, stock)) = (client.post(&order(0, 3).to_string()).await.body, reference.post(&order(1, 4)).await);
    assert_same("checkoutComplete", &ours, &stock);
    assert_eq!(ours["data"]["checkoutComplete"]["errors"], json!([]), "{ours}");
    // Once more under the same key: the order that is there.
    let (again, (_, stock_again)) =
        (client.post(&order(0, 3).to_string()).await.body, reference.post(&order(1, 4)).await);
    assert_eq!((&again["data"], &stock_again["data"]), (&ours["data"], &stock["data"]));
}

#[tokio::test]
async fn a_session_begins_and_goes_on_alike() {
    let reference = Reference::new().await;
    let client = reference.shop.client();
    let start = json!({ "query": "mutation { sessionStart { tokens { accessToken accessTokenExpiresAt refreshToken }
        session { id kind createdAt expiresAt } errors { code } } }" });
    let (ours, stock) = (client.post(&start.to_string()).await.body, reference.post_as_nobody(&start).await);
    assert_same("sessionStart", &ours, &stock);
    let refresh = |started: &Value| {
        json!({ "query": "mutation($token: String!) { sessionRefresh(refreshToken: $token) {
        tokens { accessToken accessTokenExpiresAt refreshToken } session { id kind createdAt expiresAt } errors { code } } }",
        "variables": { "token": started["data"]["sessionStart"]["tokens"]["refreshToken"] } })
    };

    let again = client.post(&refresh(&ours).to_string()).await.body;
    assert_same("sessionRefresh", &again, &reference.post_as_nobody(&refresh(&stock)).await);

    assert_eq!(again["data"]["sessionRefresh"]["session"]["id"], ours["data"]["sessionStart"]["session"]["id"]);
    let create = json!({ "query": CREATE });
    let (ours, stock) = (client.post(&create.to_string()).await.body, reference.post_as_nobody(&create).await);
    assert_same("cartCreate", &ours, &stock);
    assert_eq!(
        masked(&ours["data"])["cartCreate"]["tokens"],
        json!({ "accessToken": "there", "refreshToken": "there" })
    );
}
