//! That a session has ended is found by the statement that was sent anyway: it costs no round trip more.

use serde_json::{Value, json};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Client, Database, Shop, import, uuid};

use super::Held;
use crate::customers::Customer;
use crate::flows::{APPLY, Buyer, CREATE};

/// Statements as the gateway counted them, errors or not.
fn statements(answer: &Answer) -> i64 {
    answer.value("/extensions/plan/statements").as_i64().expect("dev tells its statements")
}

async fn count(client: &Client, query: &str, variables: &Value, is_refused: bool) -> i64 {
    let answer = client.send(query, variables.clone()).await;
    assert_eq!(answer.text.contains("SESSION_REVOKED"), is_refused, "{}", answer.text);
    statements(&answer)
}

const READS: &[(&str, i64)] = &[
    ("{ viewer { session { id } } }", 1),
    ("{ viewer { session { id } customer { email } } }", 1),
    ("{ viewer { cart { id lines { nodes { quantity } } } } }", 1),
    ("query($id: ID!) { cart(id: $id) { id lines { nodes { quantity } } } }", 1),
];

#[tokio::test]
async fn a_revoked_session_costs_what_a_live_one_does() {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    let shop = Shop::telling(database, true).await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let customer = Customer::of(&shop, buyer.client.clone(), "ada@example.com").await;
    let guest = Buyer::ready(&shop, &[("MUG-R", 1)]).await;

    for (client, cart) in [(&customer.client, &buyer.cart), (&guest.client, &guest.cart)] {
        shop.database.run("update session set revoked_at = null").await;
        let id = json!({ "id": cart });
        let change = |key| json!({ "cart": cart, "operations": [{ "setNote": "hello" }], "key": uuid(key) });
        let mut live = Vec::new();
        for (query, expected) in READS {
            live.push(count(client, query, &id, false).await);
            assert_eq!(live.last(), Some(expected), "{query}");
        }
        let changed = count(client, APPLY, &change(1), false).await;
        let created = count(client, CREATE, &json!({}), false).await;

        shop.database.run("update session set revoked_at = now() where revoked_at is null").await;

        for ((query, _), live) in READS.iter().zip(live) {
            assert_eq!(count(client, query, &id, true).await, live, "{query}");
        }
        assert_eq!((changed, count(client, APPLY, &change(2), true).await), (2, 2));
        // One statement makes and one reads; what was not made is not read.
        assert_eq!((created, count(client, CREATE, &json!({}), true).await), (2, 1));
    }
    // What is public costs nothing for a session, whether or not there is one.
    let held = Held::guest(&shop).await;
    let mut client = shop.client();
    client.sign_in(&held.access);
    let public = "{ products { nodes { title } } }";
    assert_eq!(count(&client, public, &json!({}), false).await, count(&shop.client(), public, &json!({}), false).await);
}
