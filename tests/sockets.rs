//! The real program on a real socket: garbage, silence and half a request cost nothing, and work that has begun ends.

use serde_json::json;
use std::time::{Duration, Instant};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{CATALOGUE, Database, Replica, Shop, import, uuid};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::dice::Dice;
use crate::flows::{Buyer, CHECKOUT};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");
const PATIENCE: Duration = Duration::from_secs(1);

async fn replica() -> (Database, Replica) {
    let database = Database::new().await;
    let replica = Replica::start_with(PROGRAM, &database.url, &[("TIDEGATE_HTTP_HEADER_TIMEOUT", "1s")]).await;
    (database, replica)
}

/// Sends bytes and reads until the connection is closed, for at most half a minute.
async fn send(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The other side may close before it has read all of it.
    drop(stream.write_all(bytes).await);
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection stays open after {:?}", String::from_utf8_lossy(&answer));
    String::from_utf8_lossy(&answer).into_owned()
}

async fn assert_answers(replica: &Replica) {
    let (status, body) = replica.post(&json!({ "query": "{ __typename }" }), None).await.expect("the replica lives");
    assert_eq!((status, &body["data"]["__typename"]), (200, &json!("Query")));
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or_default()
}

fn request(headers: &str, body: &str) -> Vec<u8> {
    format!("POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{headers}\r\n{body}")
        .into_bytes()
}

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn half_a_request_and_then_nothing_is_closed_in_time() {
    let (_database, replica) = replica().await;
    let halves: &[&[u8]] = &[
        b"",
        b"P",
        b"POST /graphql HTTP/1.1\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: appl",
        &request("content-length: 100\r\n", "{\"query\""),
        &request("transfer-encoding: chunked\r\n", "5\r\n{\"que"),
    ];
    let mut silent = Vec::new();
    for half in halves.iter().cycle().take(120) {
        let (address, half) = (replica.address.clone(), half.to_vec());
        silent.push(tokio::spawn(async move {
            let begun = Instant::now();
            send(&address, &half).await;
            begun.elapsed()
        }));
    }
    tokio::time::sleep(PATIENCE / 4).await;
    assert_answers(&replica).await;

    for connection in silent {
        let took = connection.await.unwrap();
        assert!(took < PATIENCE * 10, "{took:?}");
    }
    assert_answers(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dripping_a_request_does_not_prolong_it() {
    let (_database, replica) = replica().await;
    for bytes in [
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\nx: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_vec(),
        request("content-length: 100\r\n", &" ".repeat(90)),
    ] {
        let mut stream = TcpStream::connect(&replica.address).await.unwrap();
        let begun = Instant::now();
        let (mut reader, mut writer) = stream.split();
        let drip = async {
            for byte in bytes {
                if writer.write_all(&[byte]).await.is_err() {
                    break;
                }
                // All of it would take a quarter of a minute.
                tokio::time::sleep(Duration::from_millis(220)).await;
            }
        };
        let mut answer = Vec::new();
        let closed = async { drop(reader.read_to_end(&mut answer).await) };
        tokio::select! { () = closed => {}, () = drip => panic!("all of it was taken") }
        assert!(begun.elapsed() < PATIENCE * 10, "{:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn garbage_gets_a_400_and_the_process_lives() {
    let (_database, replica) = replica().await;
    let mut dice = Dice(7);
    for _ in 0..60 {
        // The first byte cannot begin a method, so that the answer does not have to wait for more.
        let length = 1 + dice.below(2_000);
        let mut bytes = vec![0x01_u8];
        bytes.extend((0..length).map(|_| u8::try_from(dice.below(256)).unwrap()));
        let answer = send(&replica.address, &bytes).await;
        assert_eq!(status(&answer), "400", "{answer:?}");
    }
    let hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    for bytes in [
        &hello[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ] {
        let answer = send(&replica.address, bytes).await;
        assert!(["400", "505", ""].contains(&status(&answer)), "{answer:?}");
    }
    assert_answers(&replica).await;
}

/// Requests whose end two readers could find in different places: refused, or the connection is closed after them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_with_two_meanings_do_not_smuggle_a_second_one() {
    let (_database, replica) = replica().await;
    let smuggled = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let length = TYPENAME.len();
    for (what, headers, body) in [
        (
            "length and chunked",
            format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n"),
            format!("0\r\n\r\n{smuggled}"),
        ),
        (
            "chunked and length",
            format!("transfer-encoding: chunked\r\ncontent-length: {length}\r\n"),
            format!("0\r\n\r\n{smuggled}"),
        ),
        ("chunked, not quite", "transfer-encoding: xchunked\r\n".to_owned(), format!("0\r\n\r\n{smuggled}")),
        (
            "chunked twice",
            "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n".to_owned(),
            format!("0\r\n\r\n{smuggled}"),
        ),
        ("two lengths", format!("content-length: {length}\r\ncontent-length: 0\r\n"), format!("{TYPENAME}{smuggled}")),
        ("a negative length", "content-length: -1\r\n".to_owned(), format!("{TYPENAME}{smuggled}")),
        ("a length with a sign", format!("content-length: +{length}\r\n"), format!("{TYPENAME}{smuggled}")),
        ("a list of lengths", format!("content-length: {length}, 0\r\n"), format!("{TYPENAME}{smuggled}")),
        ("a space before the colon", format!("content-length : {length}\r\n"), format!("{TYPENAME}{smuggled}")),
        ("a folded line", format!("x: a\r\n b\r\ncontent-length: {length}\r\n"), format!("{TYPENAME}{smuggled}")),
        ("a NUL", format!("x: a\0b\r\ncontent-length: {length}\r\n"), format!("{TYPENAME}{smuggled}")),
        ("a bare CR", format!("x: a\rb\r\ncontent-length: {length}\r\n"), format!("{TYPENAME}{smuggled}")),
    ] {
        let answer = send(&replica.address, &request(&headers, &body)).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: {answer}");
        assert!(!answer.contains("\"live\""), "{what}: {answer}");
    }
    assert_answers(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn heads_are_bounded() {
    let (_database, replica) = replica().await;
    let many = "x: a\r\n".repeat(1_000);
    for (what, bytes, expected) in [
        ("1,000 headers", request(&many, ""), "431"),
        ("a header of 100 kB", request(&format!("x: {}\r\n", "a".repeat(100_000)), ""), "431"),
        ("a token of 1 MB", request(&format!("authorization: Bearer {}\r\n", "a".repeat(1_000_000)), ""), "431"),
        ("an address of 100 kB", format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(100_000)).into_bytes(), "4"),
    ] {
        let answer = send(&replica.address, &bytes).await;
        // Closed while it still sends, the client may miss the answer.
        assert!(answer.is_empty() || status(&answer).starts_with(expected), "{what}: {answer}");
    }
    assert_answers(&replica).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lengths_that_lie_are_refused_and_connections_are_kept() {
    let (_database, replica) = replica().await;
    let huge = send(&replica.address, &request("content-length: 1099511627776\r\n", TYPENAME)).await;
    assert!(["408", "413", "400"].contains(&status(&huge)), "{huge}");
    let endless = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536)).repeat(20);
    let endless = send(&replica.address, &request("transfer-encoding: chunked\r\n", &endless)).await;
    assert!(endless.is_empty() || status(&endless) == "413", "{endless}");

    let mut stream = TcpStream::connect(&replica.address).await.unwrap();
    for _ in 0..3 {
        stream.write_all(&request(&format!("content-length: {}\r\n", TYPENAME.len()), TYPENAME)).await.unwrap();
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.unwrap();
        assert!(String::from_utf8_lossy(&part[..read]).starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_terminated_replica_answers_what_it_was_asked() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let token = buyer.client.access_token().unwrap();
    let replica = Replica::start_with(PROGRAM, &shop.database.url, &[]).await;
    let mut holder = shop.database.connect().await;
    run(&mut holder, "begin").await;
    run(&mut holder, "update stock set on_hand = on_hand").await;

    let body = json!({ "query": CHECKOUT, "variables": { "cart": buyer.cart, "total": buyer.total, "key": uuid(1) } });
    let address = replica.address.clone();
    let call = tokio::spawn(async move { tidegate_testkit::post(&address, &body, Some(&token)).await });
    shop.database.until_locked().await;
    let ended = tokio::spawn(replica.terminate());
    tokio::time::sleep(Duration::from_millis(150)).await;
    run(&mut holder, "commit").await;

    let (status, answer) = call.await.unwrap().expect("the request in flight is answered");
    assert_eq!((status, &answer["data"]["checkoutComplete"]["errors"]), (200, &json!([])), "{answer}");
    assert_eq!(ended.await.unwrap(), Some(0));
    assert_eq!(shop.database.count("select count(*) from customer_order").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_hang_ups_in_a_checkout_leave_the_one_connection_clean() {
    let database = Database::new().await;
    import(&database.url, CATALOGUE, ImportOptions::default()).await;
    database.run("update stock set on_hand = 100000").await;
    let shop = Shop::over(database, tidegate_gateway::config::Mode::Serve, |_| {}).await;
    let replica = Replica::start_with(PROGRAM, &shop.database.url, &[("TIDEGATE_DATABASE_CONNECTIONS", "1")]).await;
    let mut dice = Dice(11);

    for round in 0..100_u128 {
        let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
        let token = buyer.client.access_token().unwrap();
        let call =
            json!({ "query": CHECKOUT, "variables": { "cart": buyer.cart, "total": "2.50", "key": uuid(round) } });
        let body = call.to_string();
        let head = format!("authorization: Bearer {token}\r\ncontent-length: {}\r\n", body.len());
        let mut stream = TcpStream::connect(&replica.address).await.unwrap();
        stream.write_all(&request(&head, &body)).await.unwrap();
        tokio::time::sleep(Duration::from_micros(dice.below(20_000))).await;
        drop(stream);

        // The next request, over the same one connection to the database, is right.
        let (status, answer) = replica.post(&call, Some(&token)).await.unwrap();
        assert_eq!(
            (status, &answer["data"]["checkoutComplete"]["errors"]),
            (200, &json!([])),
            "round {round}: {answer}"
        );
    }

    let idle = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";
    for _ in 0..50 {
        if shop.database.count(idle).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(shop.database.count(idle).await, 0);
    assert_eq!(
        shop.database.ask("select count(*) || ' ' || (select sum(allocated) from stock) from customer_order").await,
        "100 100"
    );
    let products = json!({ "query": "{ products { nodes { handle } } }" });
    let (status, answer) = replica.post(&products, None).await.unwrap();
    assert_eq!((status, answer["data"]["products"]["nodes"].as_array().map(Vec::len)), (200, Some(3)), "{answer}");
}

async fn run(connection: &mut sqlx::PgConnection, sql: &'static str) {
    use sqlx::Executor as _;
    connection.execute(sql).await.unwrap();
}
