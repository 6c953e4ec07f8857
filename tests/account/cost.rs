//! How many statements a customer's operations send.

use serde_json::{Value, json};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{CATALOGUE, Client, Database, Shop, import};

use crate::customers::{CODE_SEND, Customer, LOGIN, LOGOUT, PASSWORD, REFRESH, by_password};
use crate::flows::address;

async fn shop() -> Shop {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    Shop::telling(database, true).await
}

async fn count(client: &Client, document: &str, variables: Value) -> i64 {
    let answer = client.send(document, variables).await;
    let payload = answer.data().as_object().and_then(|data| data.values().next());
    assert!(
        payload.is_some_and(|payload| payload.get("errors").is_none_or(|errors| errors == &json!([]))),
        "{}",
        answer.text
    );
    answer.value("/extensions/plan/statements").as_i64().expect("dev tells its statements")
}

#[tokio::test]
async fn signing_in_takes_four_statements_at_most() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    ada.cart(&[("MUG-R", 1), ("TOWEL", 1)]).await;
    let call = json!({ "input": by_password("ada@example.com", PASSWORD) });

    assert_eq!(count(&shop.guest().await, LOGIN, call.clone()).await, 4);
    let bare = "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken } errors { code } } }";
    assert!(count(&shop.guest().await, bare, call).await <= 3);
}

#[tokio::test]
async fn reading_an_account_takes_a_statement_per_list() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    ada.cart(&[("MUG-R", 1)]).await;
    let save = "mutation($a: AddressInput!) { addressSave(input: $a) { address { id } errors { code } } }";
    assert_eq!(count(&ada.client, save, json!({ "a": address() })).await, 2);

    for (query, statements) in [
        ("{ viewer { session { id } } }", 1),
        ("{ viewer { session { id } customer { email defaultAddress { id } } } }", 1),
        ("{ viewer { cart { id lines { nodes { quantity } } } } }", 1),
        ("{ viewer { customer { email } cart { id } } }", 2),
        ("{ viewer { customer { email addresses { nodes { id } } } } }", 2),
        ("{ viewer { customer { orders { nodes { id number } } } } }", 2),
        ("{ viewer { customer { sessions { nodes { id device } } } } }", 2),
    ] {
        assert_eq!(count(&ada.client, query, json!({})).await, statements, "{query}");
    }
}

#[tokio::test]
async fn other_calls_take_few() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;

    let update = "mutation { customerUpdate(input: { phone: \"1\" }) { customer { phone } errors { code } } }";
    assert_eq!(count(&ada.client, update, json!({})).await, 2);
    assert_eq!(count(&shop.client(), CODE_SEND, json!({ "email": "ada@example.com" })).await, 1);
    // The token's state, the trade, the session.
    assert_eq!(count(&ada.client, REFRESH, json!({ "token": ada.refresh })).await, 3);
    assert_eq!(count(&ada.client, LOGOUT, json!({})).await, 1);
}
