//! A trade of a refresh token was committed, and its answer never arrived.

use serde_json::{Value, json};
use tidegate_testkit::{Database, Replica, Shop};
use time::Duration;

use super::{Held, REFRESH, START, WHO, assert_stands, child, refresh};
use crate::attacks::refusal;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");

/// Instants of the kill: so many times 700 µs after the request was sent.
const KILLS: u64 = 6;

async fn send(replica: &Replica, query: &str, variables: Value, token: Option<&str>) -> Value {
    replica.post(&json!({ "query": query, "variables": variables }), token).await.expect("the replica answers").1
}

async fn trade(replica: &Replica, token: &str) -> Value {
    send(replica, REFRESH, json!({ "token": token }), None).await["data"]["sessionRefresh"].clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Sends the trade of a token to a replica and kills it: after the commit, or, with a delay, at that instant.
async fn trade_and_kill(database: &Database, token: &str, delay: Option<std::time::Duration>) {
    let mut victim = Replica::start(PROGRAM, &database.url).await;
    let (address, body) = (victim.address.clone(), json!({ "query": REFRESH, "variables": { "token": token } }));
    let children = "select count(*) from refresh_token where parent_hash is not null";
    let before = database.count(children).await;
    let call = tokio::spawn(async move { send_alone(&address, &body).await });
    match delay {
        Some(delay) => tokio::time::sleep(delay).await,
        None => {
            while database.count(children).await == before {
                tokio::task::yield_now().await;
            }
        }
    }
    victim.kill().await;
    call.await.unwrap();
}

/// Sends a request and reads no answer.
async fn send_alone(address: &str, body: &Value) {
    use tokio::io::AsyncWriteExt as _;
    let body = body.to_string();
    let Ok(mut stream) = tokio::net::TcpStream::connect(address).await else { return };
    let head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
    let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    // The connection may break at any byte.
    drop(stream.write_all(request.as_bytes()).await);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_after_the_commit_the_trade_is_made_again_a_second_and_ten_minutes_later() {
    let database = Database::new().await;
    let survivor = Replica::start(PROGRAM, &database.url).await;
    for later in [false, true] {
        let started = send(&survivor, START, json!({}), None).await["data"]["sessionStart"].clone();
        let parent = text(&started["tokens"]["refreshToken"]);

        trade_and_kill(&database, &parent, None).await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        if later {
            database.run("update refresh_token set issued_at = issued_at - interval '10 minutes'").await;
        }
        let again = trade(&survivor, &parent).await;

        assert_eq!((&again["errors"], &again["session"]["id"]), (&json!([]), &started["session"]["id"]), "{again}");
        let access = text(&again["tokens"]["accessToken"]);
        let seen = send(&survivor, WHO, json!({}), Some(&access)).await;
        assert_eq!(seen["data"]["viewer"]["session"]["id"], started["session"]["id"], "{seen}");
        let next = trade(&survivor, &text(&again["tokens"]["refreshToken"])).await;
        assert_eq!(next["errors"], json!([]), "{next}");
        // At once it is the lost child; later that child is dead, and there is one other.
        let dead = database.count("select count(*) from refresh_token where dead_at is not null").await;
        assert_eq!(dead, i64::from(later));
    }
    assert_eq!(database.count("select count(*) from session where revoked_at is not null").await, 0);
    assert_eq!(database.count("select count(*) from security_event").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_at_any_instant_of_a_trade_nobody_is_logged_out() {
    let database = Database::new().await;
    let survivor = Replica::start(PROGRAM, &database.url).await;
    for kill in 0..KILLS {
        let started = send(&survivor, START, json!({}), None).await["data"]["sessionStart"].clone();
        let parent = text(&started["tokens"]["refreshToken"]);

        trade_and_kill(&database, &parent, Some(std::time::Duration::from_micros(kill * 700))).await;
        let again = trade(&survivor, &parent).await;

        assert_eq!(again["errors"], json!([]), "kill {kill}: {again}");
        let next = trade(&survivor, &text(&again["tokens"]["refreshToken"])).await;
        assert_eq!(next["errors"], json!([]), "kill {kill}: {next}");
    }
    let branches = "select count(*) from refresh_token where parent_hash is not null and dead_at is null";
    assert_eq!(database.count(branches).await, i64::try_from(KILLS).unwrap() * 2);
}

#[tokio::test]
async fn after_a_minute_an_unused_child_dies_for_one_new_branch_of_a_customer_too() {
    for is_customer in [false, true] {
        let shop = Shop::open().await;
        let mut held = if is_customer { Held::customer(&shop).await } else { Held::guest(&shop).await };
        let parent = held.refresh.clone();
        let lost = child(&refresh(&shop.client_of(0), &parent).await).to_owned();
        shop.clock.advance(Duration::seconds(50));
        assert_eq!(child(&refresh(&shop.client_of(1), &parent).await), lost);

        shop.clock.advance(Duration::seconds(15));
        let branch = child(&refresh(&shop.client_of(0), &parent).await).to_owned();

        assert_ne!(branch, lost);
        assert_eq!(child(&refresh(&shop.client_of(1), &parent).await), branch, "the minute is the branch's own");
        held.refresh = branch;
        assert!(held.refresh(&shop.client()).await);
        assert_stands(&shop, &held).await;
        let counts = "select count(*) filter (where dead_at is null) || ' live, ' || count(dead_at) || ' dead'
                      from refresh_token where parent_hash is not null";
        assert_eq!(shop.database.ask(counts).await, "2 live, 1 dead");
        assert_eq!(refusal(&refresh(&shop.client(), &lost).await), "REFRESH_TOKEN_INVALID");
    }
}
