//! That a session has ended is found by the statement that was sent anyway: it costs no round trip more.

use serde_json::{Value, json};
use tidegate_gateway::config::Mode;
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{Answer, CATALOGUE, Client, Database, Shop, import, uuid};
use time::Duration;

use super::Held;
use super::foreign::issuer::{ED, Issuer};
use crate::attacks::{refusal, state};
use crate::customers::Customer;
use crate::flows::{APPLY, Buyer, CREATE, address};

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

const SAVE: &str = "mutation($address: AddressInput!, $key: IdempotencyKey) {
    addressSave(input: $address, idempotencyKey: $key) { address { id } errors { code } } }";

/// What a token of another issuer costs: what one of the shop's own does, once it has been used.
#[tokio::test]
async fn another_issuers_token_costs_no_statement_more_after_its_first_use() {
    let issuer = Issuer::start().await;
    let trusted = issuer.trusted();
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    let shop = Shop::over(database, Mode::Dev, |settings| settings.issuers = vec![trusted.clone()]).await;
    let own = Customer::new(&shop, "bob@example.com").await.client;
    let client_of = |token: String| {
        let mut client = shop.client();
        client.sign_in(&token);
        client
    };
    let save = |key| json!({ "address": address(), "key": uuid(key) });
    let saved = count(&own, SAVE, &save(1), false).await;
    let created = count(&own, CREATE, &json!({}), false).await;

    // First used for a write: refused for want of a session, which is made, and the write goes again under its key.
    let first = client_of(issuer.token(&shop, ED, "ada", &json!({})));
    assert_eq!(count(&first, SAVE, &save(2), false).await, saved + 2);
    assert_eq!(count(&first, SAVE, &save(3), false).await, saved);
    assert_eq!(count(&first, CREATE, &json!({}), false).await, created);
    assert_eq!(shop.database.count("select count(*) from customer_address").await, 3);
    // A repeat is the call that was made, not the refusal before it.
    assert_eq!(count(&first, SAVE, &save(2), false).await, saved);
    assert_eq!(shop.database.count("select count(*) from customer_address").await, 3);
    for (query, expected) in &READS[..3] {
        assert_eq!(count(&first, query, &json!({}), false).await, *expected, "{query}");
    }

    shop.clock.advance(Duration::seconds(2));
    assert_eq!(refusal(&own.send("mutation { logout { errors { code } } }", json!({})).await), "");
    assert_eq!(refusal(&first.send("mutation { logout { errors { code } } }", json!({})).await), "");
    // What is refused looks once whether the token's session was never made: nothing is answered that could be late.
    let refused = count(&own, SAVE, &save(4), true).await;
    let before = state(&shop).await;
    assert_eq!(count(&first, SAVE, &save(5), true).await, refused + 1);
    assert_eq!(count(&first, READS[0].0, &json!({}), true).await, READS[0].1 + 1);
    assert_eq!(state(&shop).await, before);
}
