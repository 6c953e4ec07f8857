//! Real processes: a replica can be killed at any instant and nothing that was acknowledged is lost.

use serde_json::{Value, json};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{CATALOGUE, Database, Replica, import, uuid};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::flows::{APPLY, CHECKOUT, CREATE, address};

/// Checkouts in the middle of which a replica is killed.
const ROUNDS: u128 = 8;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");

async fn post(replica: &Replica, query: &str, variables: Value, token: Option<&str>) -> Option<Value> {
    let body = json!({ "query": query, "variables": variables });
    replica.post(&body, token).await.map(|(_, body)| body)
}

/// A guest whose cart could be ordered.
struct Guest {
    token: String,
    cart: Value,
}

impl Guest {
    /// Fills a cart with mugs through a replica.
    async fn ready(replica: &Replica, quantity: i32) -> Self {
        let sku = "{ product(by: { sku: \"MUG-R\" }) { variants { nodes { id } } } }";
        let product = post(replica, sku, json!({}), None).await.unwrap();
        let variant = &product["data"]["product"]["variants"]["nodes"][0]["id"];
        let lines = json!([{ "variantId": variant, "quantity": quantity }]);
        let input = json!({ "lines": lines, "buyer": { "email": "ada@example.com" } });
        let created = post(replica, CREATE, json!({ "input": input }), None).await.unwrap();
        let token = created["data"]["cartCreate"]["tokens"]["accessToken"].as_str().unwrap().to_owned();
        let cart = created["data"]["cartCreate"]["cart"]["id"].clone();
        let operations = json!([{ "setAddresses": { "shipping": address() } }]);
        post(replica, APPLY, json!({ "cart": cart, "operations": operations }), Some(&token)).await.unwrap();
        Self { token, cart }
    }

    fn checkout(&self, total: &str, key: u128) -> Value {
        json!({ "cart": self.cart, "total": total, "key": uuid(key) })
    }

    /// Sends a checkout whose answer nobody reads. The connection stays open until it is dropped.
    async fn send(&self, replica: &Replica, checkout: &Value) -> TcpStream {
        let body = json!({ "query": CHECKOUT, "variables": checkout }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer {}\r\n\
             content-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        let mut stream = TcpStream::connect(&replica.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

async fn shop() -> Database {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    database
}

/// Asserts that a checkout of two mugs was answered with the one order that there is.
async fn assert_one_order(database: &Database, settled: &Value) {
    let payload = &settled["data"]["checkoutComplete"];
    assert_eq!(payload["errors"], json!([]), "{settled}");
    assert_eq!(payload["order"]["lines"]["nodes"][0]["quantity"], json!(2));
    assert_eq!(
        database.ask("select string_agg(number::text, ' ') from customer_order").await,
        payload["order"]["number"]
    );
    assert_eq!(database.count("select sum(allocated) from stock").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_replica_loses_nothing() {
    let database = shop().await;
    let mut first = Replica::start(PROGRAM, &database.url).await;
    let second = Replica::start(PROGRAM, &database.url).await;
    let guest = Guest::ready(&first, 2).await;
    let checkout = guest.checkout("5.00", 1);

    // The order is written, and its answer has not reached anybody, when the replica dies.
    let unread = guest.send(&first, &checkout).await;
    database.until("select count(*) from customer_order").await;
    first.kill().await;
    drop(unread);
    assert!(post(&first, "{ __typename }", json!({}), None).await.is_none(), "the first replica is dead");
    let settled = post(&second, CHECKOUT, checkout, Some(&guest.token)).await.unwrap();

    assert_one_order(&database, &settled).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_replica_killed_with_the_checkout_in_its_hands_loses_nothing() {
    let database = shop().await;
    let mut first = Replica::start(PROGRAM, &database.url).await;
    let second = Replica::start(PROGRAM, &database.url).await;
    let guest = Guest::ready(&first, 2).await;
    let checkout = guest.checkout("5.00", 1);
    let mut holder = database.connect().await;
    run(&mut holder, "begin").await;
    run(&mut holder, "update stock set on_hand = on_hand").await;

    // The checkout has its key and its cart and waits for the stock when the replica dies.
    let unread = guest.send(&first, &checkout).await;
    database.until_locked().await;
    first.kill().await;
    drop(unread);
    assert_eq!(database.count("select count(*) from customer_order").await, 0);
    run(&mut holder, "commit").await;
    let settled = post(&second, CHECKOUT, checkout, Some(&guest.token)).await.unwrap();

    assert_one_order(&database, &settled).await;
}

async fn run(connection: &mut sqlx::PgConnection, sql: &'static str) {
    use sqlx::Executor as _;
    connection.execute(sql).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_at_random_instants_of_a_checkout_leave_one_order_each() {
    let database = shop().await;
    database.run("update stock set on_hand = 1000").await;
    let survivor = Replica::start(PROGRAM, &database.url).await;

    for round in 0..ROUNDS {
        let mut victim = Replica::start(PROGRAM, &database.url).await;
        let guest = Guest::ready(&victim, 1).await;
        let checkout = guest.checkout("2.50", round);
        let unread = guest.send(&victim, &checkout).await;
        tokio::time::sleep(std::time::Duration::from_micros(u64::try_from(round).unwrap() * 700)).await;
        victim.kill().await;
        drop(unread);

        let settled = post(&survivor, CHECKOUT, checkout, Some(&guest.token)).await.unwrap();
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_terminated_replica_ends_cleanly() {
    let database = Database::new().await;
    let replica = Replica::start(PROGRAM, &database.url).await;
    assert_eq!(post(&replica, "{ __typename }", json!({}), None).await.unwrap()["data"]["__typename"], json!("Query"));

    assert_eq!(replica.terminate().await, Some(0));
}
