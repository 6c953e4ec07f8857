//! Real processes: a replica can be killed at any instant and nothing that was acknowledged is lost.

use serde_json::{Value, json};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{CATALOGUE, Database, Replica, import, uuid};

use crate::flows::{APPLY, CHECKOUT, CREATE, address};

/// Checkouts in the middle of which a replica is killed.
const ROUNDS: u128 = 8;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");

async fn post(replica: &Replica, query: &str, variables: Value, token: Option<&str>) -> Option<Value> {
    let body = json!({ "query": query, "variables": variables });
    replica.post(&body, token).await.map(|(_, body)| body)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_replica_loses_nothing() {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    let mut first = Replica::start(PROGRAM, &database.url).await;
    let second = Replica::start(PROGRAM, &database.url).await;
    let sku = "{ product(by: { sku: \"MUG-R\" }) { variants { nodes { id } } } }";
    let product = post(&first, sku, json!({}), None).await.unwrap();
    let variant = &product["data"]["product"]["variants"]["nodes"][0]["id"];
    let input = json!({ "lines": [{ "variantId": variant, "quantity": 2 }], "buyer": { "email": "ada@example.com" } });
    let created = post(&first, CREATE, json!({ "input": input, "key": uuid(1) }), None).await.unwrap();
    let token = created["data"]["cartCreate"]["tokens"]["accessToken"].as_str().unwrap().to_owned();
    let cart = created["data"]["cartCreate"]["cart"]["id"].clone();

    // The address is set through the first replica, which dies with the checkout in its hands.
    let operations = json!([{ "setAddresses": { "shipping": address() } }]);
    post(&first, APPLY, json!({ "cart": cart, "operations": operations }), Some(&token)).await.unwrap();
    let checkout = json!({ "cart": cart, "total": "5.00", "key": uuid(2) });
    let (lost, ()) = tokio::join!(post(&first, CHECKOUT, checkout.clone(), Some(&token)), async {
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    });
    first.kill().await;
    assert!(post(&first, "{ __typename }", json!({}), None).await.is_none(), "the first replica is dead");
    let settled = post(&second, CHECKOUT, checkout, Some(&token)).await.unwrap();

    let payload = &settled["data"]["checkoutComplete"];
    assert_eq!(payload["errors"], json!([]), "{settled}");
    if let Some(lost) = lost {
        assert_eq!(lost["data"]["checkoutComplete"]["order"]["id"], payload["order"]["id"]);
    }
    assert_eq!(payload["order"]["lines"]["nodes"][0]["quantity"], json!(2));
    assert_eq!(database.count("select count(*) from customer_order").await, 1);
    assert_eq!(database.count("select sum(allocated) from stock").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_at_random_instants_of_a_checkout_leave_one_order_each() {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    database.run("update stock set on_hand = 1000").await;
    let survivor = Replica::start(PROGRAM, &database.url).await;
    let sku = "{ product(by: { sku: \"MUG-R\" }) { variants { nodes { id } } } }";
    let product = post(&survivor, sku, json!({}), None).await.unwrap();
    let variant = product["data"]["product"]["variants"]["nodes"][0]["id"].clone();

    for round in 0..ROUNDS {
        let mut victim = Replica::start(PROGRAM, &database.url).await;
        let input = json!({ "lines": [{ "variantId": variant }], "buyer": { "email": "ada@example.com" } });
        let created = post(&victim, CREATE, json!({ "input": input }), None).await.unwrap();
        let token = created["data"]["cartCreate"]["tokens"]["accessToken"].as_str().unwrap().to_owned();
        let cart = created["data"]["cartCreate"]["cart"]["id"].clone();
        let operations = json!([{ "setAddresses": { "shipping": address() } }]);
        post(&survivor, APPLY, json!({ "cart": cart, "operations": operations }), Some(&token)).await.unwrap();
        let checkout = json!({ "cart": cart, "total": "2.50", "key": uuid(round) });
        let body = json!({ "query": CHECKOUT, "variables": checkout.clone() });
        let address = victim.address.clone();
        let call = tokio::spawn(async move { send_and_forget(&address, &body, &token).await });
        tokio::time::sleep(std::time::Duration::from_micros(u64::try_from(round).unwrap() * 700)).await;
        victim.kill().await;
        let token = call.await.unwrap();

        let settled = post(&survivor, CHECKOUT, checkout, Some(&token)).await.unwrap();
        assert_eq!(settled["data"]["checkoutComplete"]["errors"], json!([]), "round {round}: {settled}");
    }

    let orders = i64::try_from(ROUNDS).unwrap();
    assert_eq!(database.count("select count(*) from customer_order").await, orders);
    assert_eq!(database.count("select sum(allocated) from stock").await, orders);
    assert_eq!(
        database.count("select count(*) from pg_stat_activity where state like 'idle in transaction%'").await,
        0
    );
}

/// Sends a request and does not wait for the answer; the victim is about to be killed.
async fn send_and_forget(address: &str, body: &Value, token: &str) -> String {
    use tokio::io::AsyncWriteExt as _;
    let body = body.to_string();
    if let Ok(mut stream) = tokio::net::TcpStream::connect(address).await {
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        // The connection may break at any byte.
        drop(stream.write_all(head.as_bytes()).await);
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    token.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_terminated_replica_ends_cleanly() {
    let database = Database::new().await;
    let replica = Replica::start(PROGRAM, &database.url).await;
    assert_eq!(post(&replica, "{ __typename }", json!({}), None).await.unwrap()["data"]["__typename"], json!("Query"));

    assert_eq!(replica.terminate().await, Some(0));
}
