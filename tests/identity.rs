//! Sessions: tokens that any replica hands out, trades and refuses alike.

use serde_json::{Value, json};
use std::collections::HashSet;
use tidegate_auth::keys::{Activation, KeyEntropy, SigningAlgorithm, new_key};
use tidegate_gateway::server::{self, Running};
use tidegate_model::Clock as _;
use tidegate_testkit::{Answer, Client, Shop};
use time::Duration;

use crate::attacks::refusal;
use crate::flows::{APPLY, Buyer, CREATE};

const START: &str =
    "mutation { sessionStart { tokens { accessToken refreshToken } session { id kind } errors { code } } }";
const REFRESH: &str = "mutation($token: String!) { sessionRefresh(refreshToken: $token) {
    tokens { accessToken refreshToken } session { id } errors { code path } } }";
const VIEWER: &str = "{ viewer { session { id } } shop { market { country } } }";

struct Session {
    client: Client,
    access: String,
    refresh: String,
    id: String,
}

async fn start(shop: &Shop) -> Session {
    let client = shop.client();
    let answer = client.send(START, json!({})).await;
    let at = |pointer: &str| answer.at(&format!("/data/sessionStart/{pointer}")).to_owned();
    Session { access: at("tokens/accessToken"), refresh: at("tokens/refreshToken"), id: at("session/id"), client }
}

async fn refresh(client: &Client, token: &str) -> Answer {
    client.send(REFRESH, json!({ "token": token })).await
}

fn child(answer: &Answer) -> &str {
    answer.at("/data/sessionRefresh/tokens/refreshToken")
}

/// The viewer's answer with an access token, from each gateway.
async fn viewers(shop: &Shop, access: &str) -> [Answer; 2] {
    let mut client = shop.client();
    client.sign_in(access);
    [client.send(VIEWER, json!({})).await, client.send(VIEWER, json!({})).await]
}

#[tokio::test]
async fn a_session_is_the_same_shopper_on_both_gateways() {
    let shop = Shop::open().await;
    let session = start(&shop).await;

    for answer in viewers(&shop, &session.access).await {
        assert_eq!(answer.data()["viewer"]["session"]["id"], json!(session.id));
    }
    assert_eq!(session.client.send(VIEWER, json!({})).await.data()["viewer"], Value::Null);
    let stored = shop
        .database
        .ask("select string_agg(t::text, '') from (select encode(token_hash, 'escape') t from refresh_token) x")
        .await;
    assert!(!stored.contains(&session.refresh));
}

#[tokio::test]
async fn the_same_token_within_a_minute_yields_the_same_child_on_both_gateways() {
    let shop = Shop::open().await;
    let session = start(&shop).await;

    let (one, other) =
        (refresh(&session.client, &session.refresh).await, refresh(&session.client, &session.refresh).await);
    shop.clock.advance(Duration::seconds(50));
    let late = refresh(&session.client, &session.refresh).await;

    assert_eq!((child(&one), child(&one)), (child(&other), child(&late)));
    assert_eq!(one.at("/data/sessionRefresh/session/id"), session.id);
    for answer in [&one, &other, &late] {
        for seen in viewers(&shop, answer.at("/data/sessionRefresh/tokens/accessToken")).await {
            assert_eq!(seen.data()["viewer"]["session"]["id"], json!(session.id));
        }
    }
    assert_eq!(shop.database.count("select count(*) from refresh_token where dead_at is null").await, 2);
}

#[tokio::test]
async fn a_lost_answer_found_again_later_makes_one_new_branch_and_ends_the_old() {
    let shop = Shop::open().await;
    let session = start(&shop).await;
    let lost = refresh(&session.client, &session.refresh).await;
    shop.clock.advance(Duration::minutes(5));

    let again = refresh(&session.client, &session.refresh).await;
    let third = refresh(&session.client, &session.refresh).await;

    assert_ne!(child(&lost), child(&again));
    assert_eq!(child(&again), child(&third));
    assert_eq!(refusal(&refresh(&session.client, child(&again)).await), "");
    assert_eq!(refusal(&refresh(&session.client, child(&lost)).await), "REFRESH_TOKEN_INVALID");
}

#[tokio::test]
async fn a_token_whose_child_was_used_ends_the_session_everywhere_at_once() {
    let shop = Shop::open().await;
    let session = start(&shop).await;
    let one = refresh(&session.client, &session.refresh).await;
    let two = refresh(&session.client, child(&one)).await;
    let access = two.at("/data/sessionRefresh/tokens/accessToken").to_owned();
    assert_eq!(viewers(&shop, &access).await[0].data()["viewer"]["session"]["id"], json!(session.id));

    let stolen = refresh(&session.client, &session.refresh).await;

    assert_eq!(refusal(&stolen), "REFRESH_TOKEN_INVALID");
    assert_eq!(stolen.data()["sessionRefresh"]["tokens"], Value::Null);
    for token in [&session.access, &access] {
        for answer in viewers(&shop, token).await {
            assert_eq!((answer.code(), &answer.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null));
            assert_eq!(answer.body["data"]["shop"]["market"]["country"], json!("GB"));
        }
    }
    for token in [&session.refresh, child(&one), child(&two)] {
        assert_eq!(refusal(&refresh(&session.client, token).await), "REFRESH_TOKEN_INVALID");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tabs_that_race_two_hundred_times_are_never_logged_out() {
    let shop = Shop::open().await;
    let session = start(&shop).await;
    let mut token = session.refresh.clone();
    for race in 0..200 {
        let (one, other) = (session.client.clone(), session.client.clone());
        let (first, second) = (token.clone(), token.clone());
        let tabs = (
            tokio::spawn(async move { refresh(&one, &first).await }),
            tokio::spawn(async move { refresh(&other, &second).await }),
        );
        let (one, other) = (tabs.0.await.unwrap(), tabs.1.await.unwrap());
        assert_eq!(
            (refusal(&one).as_str(), refusal(&other).as_str()),
            ("", ""),
            "race {race}: {} {}",
            one.text,
            other.text
        );
        assert_eq!(child(&one), child(&other), "race {race}");
        token = child(&one).to_owned();
    }
    assert_eq!(shop.database.count("select count(*) from session where revoked_at is null").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_replays_at_once_have_one_child() {
    let shop = Shop::open().await;
    let session = start(&shop).await;
    let mut replays = Vec::new();
    for _ in 0..100 {
        let (client, token) = (session.client.clone(), session.refresh.clone());
        replays.push(tokio::spawn(async move { refresh(&client, &token).await }));
    }
    let mut children = HashSet::new();
    for replay in replays {
        let answer = replay.await.unwrap();
        match refusal(&answer).as_str() {
            "" => drop(children.insert(child(&answer).to_owned())),
            // A hundred wait for one row; the last may be told to come back.
            code => assert!(["TRY_AGAIN", "UNAVAILABLE"].contains(&code), "{}", answer.text),
        }
    }
    assert_eq!(children.len(), 1);
    assert_eq!(
        shop.database
            .count("select count(*) from refresh_token where parent_hash is not null and dead_at is null")
            .await,
        1
    );
}

#[tokio::test]
async fn a_session_revoked_elsewhere_is_refused_at_the_next_request() {
    let shop = Shop::open().await;
    let buyer = Buyer::ready(&shop, &[("MUG-R", 1)]).await;
    let note = json!({ "cart": buyer.cart, "operations": [{ "setNote": "late" }] });

    shop.database.run("update session set revoked_at = now()").await;

    for answer in viewers(&shop, &buyer.client.access_token().unwrap()).await {
        assert_eq!((answer.code(), &answer.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null));
        assert_eq!(answer.body["data"]["shop"]["market"]["country"], json!("GB"));
    }
    let read = buyer
        .client
        .send("query($id: ID!) { cart(id: $id) { id } products { nodes { handle } } }", json!({ "id": buyer.cart }))
        .await;
    assert_eq!((read.code(), &read.body["data"]["cart"]), ("SESSION_REVOKED", &Value::Null));
    assert_eq!(read.body["data"]["products"]["nodes"].as_array().map(Vec::len), Some(3));
    for _ in 0..2 {
        let change = buyer.client.send(APPLY, note.clone()).await;
        assert_eq!((refusal(&change).as_str(), &change.data()["cartApply"]["cart"]), ("SESSION_REVOKED", &Value::Null));
        assert_eq!(refusal(&buyer.checkout(1).await), "SESSION_REVOKED");
        assert_eq!(refusal(&buyer.client.send(CREATE, json!({})).await), "SESSION_REVOKED");
    }
    let counts = "select revision || coalesce(note, '-') || (select count(*) from cart) || (select count(*) from customer_order) from cart";
    assert_eq!(shop.database.ask(counts).await, "2-10");
}

#[tokio::test]
async fn an_expired_access_token_says_so_and_is_refreshed() {
    let shop = Shop::open().await;
    let session = start(&shop).await;
    shop.clock.advance(Duration::minutes(14));
    assert_eq!(viewers(&shop, &session.access).await[1].data()["viewer"]["session"]["id"], json!(session.id));

    shop.clock.advance(Duration::minutes(2));
    for answer in viewers(&shop, &session.access).await {
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "TOKEN_EXPIRED"));
    }
    let fresh = refresh(&session.client, &session.refresh).await;
    let access = fresh.at("/data/sessionRefresh/tokens/accessToken");
    assert_eq!(viewers(&shop, access).await[0].data()["viewer"]["session"]["id"], json!(session.id));

    shop.clock.advance(Duration::days(31));
    assert_eq!(refusal(&refresh(&session.client, child(&fresh)).await), "REFRESH_TOKEN_INVALID");
}

#[tokio::test]
async fn no_kind_of_token_passes_for_another() {
    let shop = Shop::open().await;
    let session = start(&shop).await;
    let shared = shop.client().send(CREATE, json!({ "input": { "shareable": true } })).await;
    let secret = shared.at("/data/cartCreate/secret");
    for token in [session.refresh.as_str(), secret] {
        for answer in viewers(&shop, token).await {
            assert_eq!((answer.status.as_u16(), answer.code()), (401, "TOKEN_INVALID"));
        }
    }
    for token in [&session.access[..200], secret, "", "tgr_", "x"] {
        assert_eq!(refusal(&refresh(&session.client, token).await), "REFRESH_TOKEN_INVALID", "{token}");
    }
    assert_eq!(refusal(&refresh(&session.client, &"x".repeat(10_000)).await), "BAD_USER_INPUT");
    assert_eq!(shop.database.count("select count(*) from session where revoked_at is not null").await, 0);
}

#[tokio::test]
async fn a_new_key_signs_two_minutes_after_it_was_published_and_the_old_still_verifies() {
    let shop = Shop::open().await;
    let before = start(&shop).await;
    let running = run(&shop).await;
    publish_key(&shop).await;

    // Both gateways read the keys again when a token names one they do not know.
    let fingerprints =
        |shop: &Shop| shop.gateways().clone().map(|gateway| gateway.keys().current().fingerprint().to_owned());
    let old = fingerprints(&shop);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let unknown = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImFiY2RlZmdoaWprbG1ub3AifQ.eyJhIjoxfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for answer in viewers(&shop, unknown).await {
        assert_eq!((answer.status.as_u16(), answer.code()), (401, "TOKEN_INVALID"));
    }
    let new = fingerprints(&shop);
    assert_eq!((new[0] == new[1], new[0] == old[0]), (true, false));

    let early = start(&shop).await;
    shop.clock.advance(Duration::seconds(125));
    let late = start(&shop).await;
    assert_eq!(kid(&early.access), kid(&before.access));
    assert_ne!(kid(&late.access), kid(&before.access));
    for session in [&before, &early, &late] {
        for answer in viewers(&shop, &session.access).await {
            assert_eq!(answer.data()["viewer"]["session"]["id"], json!(session.id));
        }
        assert_eq!(refusal(&refresh(&session.client, &session.refresh).await), "");
    }
    for gateway in running {
        gateway.stop().await;
    }
}

/// A storm of tokens with invented keys costs a reading per second at most.
#[tokio::test]
async fn unknown_keys_do_not_become_statements() {
    let shop = Shop::open().await;
    let running = run(&shop).await;
    let begun = std::time::Instant::now();
    for number in 0..300 {
        let header = data_encoding::BASE64URL_NOPAD
            .encode(format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"abcdefghijk{number:05}"}}"#).as_bytes());
        let mut client = shop.client();
        client.sign_in(&format!("{header}.e30.AAAA"));
        assert_eq!(client.send("{ __typename }", json!({})).await.status, 401);
    }
    let seconds = i64::try_from(begun.elapsed().as_secs()).unwrap();
    for gateway in running {
        gateway.stop().await;
    }
    shop.database.end_sessions().await;
    let reads = "select seq_scan + coalesce(idx_scan, 0) from pg_stat_user_tables where relname = 'signing_key'";
    let reads = shop.database.count(reads).await;
    // Two gateways, each reads once a second at most; beside that their start reads a few times.
    let most = 2 * (seconds + 1) + 20;
    assert!((2..=most).contains(&reads), "{reads} reads in {seconds} s");
}

/// The gateways with their work in the background, which reads the keys again.
pub(crate) async fn run(shop: &Shop) -> Vec<Running> {
    let mut running = Vec::new();
    for gateway in shop.gateways() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        running.push(server::start(gateway.clone(), listener).unwrap());
    }
    running
}

async fn publish_key(shop: &Shop) {
    let drawn = KeyEntropy { master: [7; 32], nonce: [8; 12], kid: [9; 10] };
    let kek = "dGlkZWdhdGUtdGVzdC1rZXktZW5jcnlwdGlvbi1rZXk=".parse().unwrap();
    let key = new_key(&kek, SigningAlgorithm::Hs256, &drawn, Activation::AfterPublication, shop.clock.now()).unwrap();
    let mut connection = shop.database.connect().await;
    sqlx::query(
        "insert into signing_key (kid, algorithm, sealed, created_at, active_from) values ($1, $2, $3, $4, $5)",
    )
    .bind(key.kid)
    .bind(key.algorithm.as_str())
    .bind(key.sealed)
    .bind(key.created_at)
    .bind(key.active_from)
    .execute(&mut connection)
    .await
    .unwrap();
}

fn kid(token: &str) -> String {
    let header = data_encoding::BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
}
