//! How a replica ends when it is asked to: readiness first, and within a bound.

use serde_json::json;
use std::time::{Duration, Instant};
use tidegate_testkit::{Database, Replica, Shop, uuid};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::flows::{Buyer, CHECKOUT};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");

/// `GET /readyz`: status and body.
async fn readiness(replica: &Replica) -> (String, serde_json::Value) {
    let mut stream = TcpStream::connect(&replica.address).await.unwrap();
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (answer[9..12].to_owned(), serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_stops_is_not_ready_and_still_answers() {
    let database = Database::new().await;
    // Long enough for the slowest machine; what follows the delay is another test's.
    let mut replica = Replica::start_with(PROGRAM, &database.url, &[("TIDEGATE_DRAIN_DELAY", "120s")]).await;
    let (status, report) = readiness(&replica).await;
    assert_eq!((status.as_str(), &report["draining"]), ("200", &json!(false)), "{report}");

    replica.ask_to_stop().await;
    let begun = Instant::now();
    let report = loop {
        let (status, report) = readiness(&replica).await;
        if status != "200" {
            assert_eq!(status, "503");
            break report;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it stays ready");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };

    assert_eq!((&report["status"], &report["draining"]), (&json!("not ready"), &json!(true)), "{report}");
    assert_eq!(report["database"], json!("reachable"));
    let (status, answer) = replica.post(&json!({ "query": "{ __typename }" }), None).await.unwrap();
    assert_eq!((status, &answer["data"]), (200, &json!({ "__typename": "Query" })), "{answer}");
    replica.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_replica_does_not_wait_for_a_request_beyond_its_limit() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let token = buyer.client.access_token().unwrap();
    let limit = [("TIDEGATE_DRAIN_LIMIT", "100ms")];
    let replica = Replica::start_with(PROGRAM, &shop.database.url, &limit).await;
    let log = replica.log();
    let mut holder = shop.database.connect().await;
    run(&mut holder, "begin").await;
    run(&mut holder, "update stock set on_hand = on_hand").await;
    let body = json!({ "query": CHECKOUT, "variables": { "cart": buyer.cart, "total": buyer.total, "key": uuid(1) } });
    let address = replica.address.clone();
    let call = tokio::spawn(async move { tidegate_testkit::post(&address, &body, Some(&token)).await });
    shop.database.until_locked().await;

    let code = replica.terminate().await;

    // The lock is still held: it has ended without the request, and says so.
    assert_eq!((code, call.await.unwrap()), (Some(0), None));
    let told = log.lines().into_iter().find(|line| line.contains("\"stopped\"")).unwrap();
    assert!(told.contains("\"ended\":false"), "{told}");
    run(&mut holder, "rollback").await;
    // A client that has heard nothing repeats its call.
    assert_eq!(buyer.checkout(1).await.data()["checkoutComplete"]["errors"], json!([]));
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 1);
}

async fn run(connection: &mut sqlx::PgConnection, sql: &'static str) {
    use sqlx::Executor as _;
    connection.execute(sql).await.unwrap();
}
