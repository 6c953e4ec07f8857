//! The log: one JSON line per request, and nothing of a client's in it.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tidegate_testkit::{Log, Replica, Shop, uuid};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::flows::{APPLY, Buyer, CHECKOUT, CREATE, variant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");

/// The lines of a log that are of requests. Every line is JSON.
fn requests(log: &Log) -> Vec<BTreeMap<String, Value>> {
    let parse =
        |line: String| serde_json::from_str::<BTreeMap<String, Value>>(&line).unwrap_or_else(|_| panic!("{line}"));
    log.lines().into_iter().map(parse).filter(|line| line["message"] == json!("request")).collect()
}

/// Takes out what differs from run to run, asserting that it is there and is what it should be.
fn settled(mut line: BTreeMap<String, Value>) -> String {
    let request_id = line.remove("request_id").unwrap_or_default();
    assert_eq!(request_id.as_str().map(str::len), Some(36), "{line:?}");
    let timestamp = line.remove("timestamp").unwrap_or_default();
    assert!(timestamp.as_str().is_some_and(|text| text.ends_with('Z') && text.len() == 27), "{timestamp}");
    assert!(line.remove("ms").is_some_and(|ms| ms.is_f64()), "{line:?}");
    assert_eq!(line.remove("level"), Some(json!("INFO")));
    line.remove("message");
    if let Some(bytes) = line.remove("bytes") {
        assert!(bytes.as_u64() > Some(0), "{bytes}");
        line.insert("bytes".to_owned(), json!("some"));
    }
    let parts: Vec<_> = line.iter().map(|(name, value)| format!("{name}={value}")).collect();
    parts.join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_request_is_one_line_that_holds_nothing_of_the_client() {
    let shop = Shop::open().await;
    let mug = variant(&shop.client(), "MUG-R").await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let token = buyer.client.access_token().unwrap();
    let replica = Replica::start(PROGRAM, &shop.database.url).await;
    let log = replica.log();
    let post = async |query: &str, variables: Value, token: Option<&str>| {
        replica.post(&json!({ "query": query, "variables": variables }), token).await.unwrap()
    };

    let read = "query ReadCart($id: ID!) { cart(id: $id) { note } }";
    post(read, json!({ "id": buyer.cart }), Some(&token)).await;
    let input = json!({ "lines": [{ "variantId": mug }], "buyer": { "email": "grace@example.com" } });
    let (_, created) = post(CREATE, json!({ "input": input, "key": uuid(7) }), None).await;
    let note = json!({ "cart": buyer.cart, "operations": [{ "setNote": "a secret note" }, { "setBuyer": { "email": "grace@example.com" } }] });
    post(APPLY, note, Some(&token)).await;
    post("{ cart(id: \"a secret note\") { wrong } }", json!({}), None).await;
    post("{ shop { name } }", json!({}), Some("a.forged.token")).await;
    post("query No($id: ID!) { cart(id: $id) { note } }", json!({ "id": 1.5 }), None).await;
    hang_up(&shop, &replica, &buyer).await;
    // Only what has ended has told all.
    replica.terminate().await;

    insta::assert_snapshot!(requests(&log).into_iter().map(settled).collect::<Vec<_>>().join("\n"), @r#"
    bytes="some" kind="query" method="POST" operation="ReadCart" path="/graphql" statements=1 status=200 viewer="guest"
    bytes="some" kind="mutation" method="POST" path="/graphql" statements=2 status=200 viewer="none"
    bytes="some" kind="mutation" method="POST" path="/graphql" statements=2 status=200 viewer="guest"
    bytes="some" code="GRAPHQL_VALIDATION_FAILED" method="POST" path="/graphql" status=400
    bytes="some" code="TOKEN_INVALID" method="POST" path="/graphql" status=401
    bytes="some" code="BAD_USER_INPUT" method="POST" path="/graphql" status=400
    code="CLIENT_GONE" method="POST" path="/graphql" status=499
    "#);
    let tokens = &created["data"]["cartCreate"]["tokens"];
    let cart = &created["data"]["cartCreate"]["cart"]["id"];
    let all = log.lines().join("\n");
    let handed_out = [&tokens["accessToken"], &tokens["refreshToken"], cart].map(|value| value.as_str().unwrap());
    let sent = [&token, &buyer.cart, &mug, &uuid(7), "grace@", "secret", "forged", "PO-7", "wrong"];
    for private in handed_out.iter().chain(&sent) {
        assert!(!all.contains(private), "{private}");
    }
}

/// Sends a checkout that waits for a lock, and closes the connection while it does.
async fn hang_up(shop: &Shop, replica: &Replica, buyer: &Buyer) {
    let mut holder = shop.database.connect().await;
    run(&mut holder, "begin").await;
    run(&mut holder, "update stock set on_hand = on_hand").await;
    let variables = json!({ "cart": buyer.cart, "total": buyer.total, "key": uuid(8) });
    let body = json!({ "query": CHECKOUT, "variables": variables }).to_string();
    let token = buyer.client.access_token().unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: Bearer {token}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(&replica.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    shop.database.until_locked().await;

    drop(stream);

    let begun = Instant::now();
    while !replica.log().lines().iter().any(|line| line.contains("\"status\":499")) {
        assert!(begun.elapsed() < Duration::from_mins(1), "nobody notices that the client has gone");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    run(&mut holder, "rollback").await;
}

async fn run(connection: &mut sqlx::PgConnection, sql: &'static str) {
    use sqlx::Executor as _;
    connection.execute(sql).await.unwrap();
}
