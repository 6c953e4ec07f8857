//! Sends what was drawn to two shops over the same rows.

use serde_json::{Value, json};
use std::collections::HashMap;
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Client, Database, Shop, import};

use super::draw::{Known, document};
use crate::dice::Dice;
use crate::flows::{Buyer, variant};

/// Documents that are drawn.
const DOCUMENTS: u64 = 400;

/// Every text under a name, anywhere.
fn texts(value: &Value, name: &str, into: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| texts(item, name, into)),
        Value::Object(fields) => {
            into.extend(fields.get(name).and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| texts(field, name, into));
        }
        _ => {}
    }
}

async fn ask(client: &Client, query: &str, name: &str) -> Vec<String> {
    let (answer, mut found) = (client.send(query, json!({})).await, Vec::new());
    texts(answer.data(), name, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

/// A buyer with an order and an open cart; both carts are its own.
async fn known(shop: &Shop) -> (Client, Known) {
    let buyer = Buyer::ready(shop, &[("MUG-R", 2), ("MUG-B", 1), ("TOWEL", 1)]).await;
    let order = buyer.checkout(1).await.at("/data/checkoutComplete/order/id").to_owned();
    let client = buyer.client;
    let mut lines = Vec::new();
    for (sku, quantity) in [("MUG-R", 3), ("MUG-B", 400), ("TOWEL", 1), ("CANDLE", 1)] {
        lines.push(json!({ "variantId": variant(&client, sku).await, "quantity": quantity }));
    }
    let create =
        "mutation($lines: [CartLineAdd!]!) { cartCreate(input: { lines: $lines }) { cart { id } errors { code } } }";
    let created = client.send(create, json!({ "lines": lines })).await;
    let open = created.at("/data/cartCreate/cart/id").to_owned();

    let all = format!(
        "{{ products {{ nodes {{ id variants {{ nodes {{ id }} }} collections {{ nodes {{ id }} }} }} }}
        viewer {{ session {{ id }} }} cart(id: \"{open}\") {{ id lines {{ nodes {{ id }} }} }}
        order(by: {{ id: \"{order}\" }}) {{ id lines {{ nodes {{ id }} }} }} }}"
    );
    let mut ids = ask(&client, &all, "id").await;
    ids.push("nonsense".to_owned());
    let mut cursors = HashMap::new();
    for order in ["RELEVANCE", "TITLE", "PRICE_LOW_TO_HIGH", "PRICE_HIGH_TO_LOW", "NEWEST"] {
        let query = format!("{{ products(sort: {order}) {{ edges {{ cursor }} }} }}");
        cursors.insert(format!("products {order}"), ask(&client, &query, "cursor").await);
    }
    for (list, query) in [
        ("collections POSITION", "{ collections { edges { cursor } } }".to_owned()),
        ("collections TITLE", "{ collections(sort: TITLE) { edges { cursor } } }".to_owned()),
        ("search", "{ search(query: \"mug\") { edges { cursor } } }".to_owned()),
        ("Product.variants", "{ products { nodes { variants { edges { cursor } } } } }".to_owned()),
        ("Product.collections", "{ products { nodes { collections { edges { cursor } } } } }".to_owned()),
        ("Collection.products", "{ collections { nodes { products { edges { cursor } } } } }".to_owned()),
        ("Cart.lines", format!("{{ cart(id: \"{open}\") {{ lines {{ edges {{ cursor }} }} }} }}")),
        ("Order.lines", format!("{{ order(by: {{ id: \"{order}\" }}) {{ lines {{ edges {{ cursor }} }} }} }}")),
    ] {
        cursors.insert(list.to_owned(), ask(&client, &query, "cursor").await);
    }
    assert!(cursors.values().all(|cursors| !cursors.is_empty()), "{cursors:?}");
    (client, Known { ids, carts: [open, buyer.cart], order, cursors })
}

#[tokio::test]
async fn without_looking_ahead_the_same_answers_come_back() {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    let ahead = Shop::telling(database, true).await;
    let blind = Shop::telling(ahead.database.clone(), false).await;
    let (client, known) = known(&ahead).await;
    let mut other = blind.client();
    other.sign_in_as(&client);
    let mut dice = Dice(7);

    let mut saved = 0;
    for number in 0..DOCUMENTS {
        let document = document(&mut dice, &known);
        let (with, without) = (client.send(&document, json!({})).await, other.send(&document, json!({})).await);
        assert_eq!(with.body.get("errors"), without.body.get("errors"), "document {number}:\n{document}");
        assert_eq!(with.body.get("data"), without.body.get("data"), "document {number}:\n{document}");
        assert!(with.body.get("errors").is_none(), "document {number}:\n{document}\n{}", with.text);
        let statements = |answer: &Answer| answer.value("/extensions/plan/statements").as_i64().unwrap();
        saved += statements(&without) - statements(&with);
    }

    // Only in sum: two lists that are read at the same time join what is asked of their rows, or miss each other.
    assert!(saved > 0, "looking ahead saves statements");
}
