//! `tidegate keys`: keys come and go by command while gateways answer, and no token is refused meanwhile.

use serde_json::{Value, json};
use tidegate_testkit::{Client, Database, Shop};

use crate::attacks::refusal;
use crate::command::{tidegate, tidegate_with};
use crate::identity::run;

const START: &str = "mutation { sessionStart { tokens { accessToken refreshToken } } }";
const REFRESH: &str = "mutation($token: String!) { sessionRefresh(refreshToken: $token) {
    tokens { accessToken refreshToken } errors { code } } }";
const VIEWER: &str = "{ viewer { session { id } } }";

async fn keys(database: &Database) -> Vec<(String, String)> {
    let listed: Value = serde_json::from_str(tidegate(database, "keys list --json").await.done()).unwrap();
    let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    listed.as_array().unwrap().iter().map(|key| (text(key, "id"), text(key, "state"))).collect()
}

fn states(keys: &[(String, String)]) -> Vec<&str> {
    keys.iter().map(|(_, state)| state.as_str()).collect()
}

/// As if every key had been made earlier: commands go by the real clock.
async fn age(database: &Database, minutes: u32) {
    let by = format!("interval '{minutes} minutes'");
    let sql = format!("update signing_key set created_at = created_at - {by}, active_from = active_from - {by}");
    database.run(&sql).await;
}

async fn start(shop: &Shop) -> (String, String) {
    let answer = shop.client().send(START, json!({})).await;
    let at = |name: &str| answer.at(&format!("/data/sessionStart/tokens/{name}")).to_owned();
    (at("accessToken"), at("refreshToken"))
}

/// Both gateways read the keys again, as a token of an unknown key makes them do.
async fn read_again(shop: &Shop) {
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let header = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"at+jwt","kid":"abcdefghijklmnop"}"#);
    for _ in 0..2 {
        let mut client = shop.client();
        client.sign_in(&format!("{header}.e30.AAAA"));
        assert_eq!(client.send(VIEWER, json!({})).await.status, 401);
    }
}

async fn accepted(shop: &Shop, access: &str) -> [bool; 2] {
    let mut client: Client = shop.client();
    client.sign_in(access);
    let one = client.send(VIEWER, json!({})).await;
    let other = client.send(VIEWER, json!({})).await;
    [one, other].map(|answer| {
        if answer.status == 200 {
            return answer.data()["viewer"]["session"]["id"].is_string();
        }
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "TOKEN_INVALID"));
        false
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_rotated_and_retired_while_every_token_stays_good() {
    let shop = Shop::empty(|_| {}).await;
    let running = run(&shop).await;
    let old = start(&shop).await;

    let said = tidegate(&shop.database, "keys rotate").await;
    let before = keys(&shop.database).await;
    assert_eq!(states(&before), ["published", "signing"]);
    let (new_key, old_key) = (before[0].0.clone(), before[1].0.clone());
    let told = said.done();
    assert!(told.contains(&format!("Made key {new_key} (HS256)")) && told.contains(&old_key), "{told}");
    read_again(&shop).await;
    let during = start(&shop).await;
    for access in [&old.0, &during.0] {
        assert_eq!(accepted(&shop, access).await, [true, true]);
    }

    age(&shop.database, 3).await;
    read_again(&shop).await;
    let new = start(&shop).await;
    assert_eq!(states(&keys(&shop.database).await), ["signing", "verifying"]);
    tidegate(&shop.database, &format!("keys retire {old_key}")).await.done();
    read_again(&shop).await;
    for access in [&old.0, &during.0, &new.0] {
        assert_eq!(accepted(&shop, access).await, [true, true], "until the last of its tokens has ended");
    }

    shop.database.run("update signing_key set retired_at = now() where retired_at is not null").await;
    read_again(&shop).await;
    assert_eq!(states(&keys(&shop.database).await), ["signing", "retired"]);
    assert_eq!(accepted(&shop, &old.0).await, [false, false]);
    assert_eq!(accepted(&shop, &new.0).await, [true, true]);
    let fresh = shop.client().send(REFRESH, json!({ "token": old.1 })).await;
    assert_eq!(refusal(&fresh), "", "a refresh token outlives the key of its access token");
    for gateway in running {
        gateway.stop().await;
    }
}

#[tokio::test]
async fn a_retirement_that_would_break_something_is_refused_and_changes_nothing() {
    let shop = Shop::empty(|_| {}).await;
    let database = &shop.database;
    let only = keys(database).await[0].0.clone();
    let retired = "select count(*) from signing_key where retired_at is not null";

    for words in ["", " --now", " --after 24h"] {
        let said = tidegate(database, &format!("keys retire {only}{words}")).await;
        assert_eq!(said.refused(), format!("error: no other key could sign after {only}"));
    }
    tidegate(database, "keys rotate").await.done();
    let waiting = tidegate(database, &format!("keys retire {only}")).await;
    assert_eq!(waiting.refused(), format!("error: no other key could sign after {only}"), "the new one does not yet");
    assert!(tidegate(database, "keys rotate").await.refused().contains("is published already"));
    assert_eq!(database.count("select count(*) from signing_key").await, 2);

    age(database, 3).await;
    let signing = keys(database).await[0].0.clone();
    let said = tidegate(database, &format!("keys retire {signing}")).await;
    assert_eq!(said.refused(), format!("error: key {signing} is the one that signs"));
    assert_eq!(tidegate(database, "keys retire nosuchkey").await.refused(), "error: there is no such key");
    let bad = tidegate(database, &format!("keys retire {only} --after soon")).await;
    assert!(bad.refused().starts_with("error: --after is not a span of time"));
    assert_eq!(database.count(retired).await, 0);

    tidegate(database, &format!("keys retire {only} --after 24h")).await.done();
    let again = tidegate(database, &format!("keys retire {only} --after 48h")).await;
    assert!(again.refused().contains("ends before that anyway"));
    let lasts =
        "select extract(epoch from retired_at - now()) / 3600 > 23 from signing_key where retired_at is not null";
    assert_eq!(database.ask(lasts).await, "true");
    tidegate(database, &format!("keys retire {only}")).await.done();
    assert_eq!(database.ask(lasts).await, "false", "it may end sooner than was said first");
    let gone = tidegate(database, &format!("keys retire {signing} --now")).await;
    assert!(gone.refused().contains("no other key could sign"), "what is left has an end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaked_key_ends_at_once_even_while_it_signs() {
    let shop = Shop::empty(|_| {}).await;
    let running = run(&shop).await;
    let first = start(&shop).await;
    tidegate(&shop.database, "keys rotate --algorithm ES256").await.done();
    age(&shop.database, 3).await;
    read_again(&shop).await;
    let leaked = start(&shop).await;

    let signing = keys(&shop.database).await[0].0.clone();
    let said = tidegate(&shop.database, &format!("keys retire {signing} --now")).await;

    assert!(said.done().contains("TOKEN_INVALID"), "{said:?}");
    read_again(&shop).await;
    assert_eq!(accepted(&shop, &leaked.0).await, [false, false]);
    assert_eq!(accepted(&shop, &first.0).await, [true, true]);
    let after = start(&shop).await;
    assert_eq!(accepted(&shop, &after.0).await, [true, true], "the older key signs again");
    for gateway in running {
        gateway.stop().await;
    }
}

#[tokio::test]
async fn a_key_that_no_gateway_could_open_is_not_made() {
    let shop = Shop::empty(|_| {}).await;
    let other = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    let said = tidegate_with(&shop.database, "keys rotate", other).await;

    assert!(said.refused().contains("wrong key-encryption key"), "{said:?}");
    assert!(tidegate(&shop.database, "keys rotate --algorithm RS256").await.refused().contains("--algorithm"));
    assert_eq!(shop.database.count("select count(*) from signing_key").await, 1);
}

#[tokio::test]
async fn the_first_key_of_a_shop_signs_at_once() {
    let database = Database::new().await;

    let said = tidegate(&database, "keys rotate --algorithm EdDSA").await;

    assert!(said.done().contains("No key signed before it"), "{said:?}");
    assert_eq!(states(&keys(&database).await), ["signing"]);
    let shown = tidegate(&database, "keys list").await;
    assert!(shown.done().contains("EdDSA"), "{shown:?}");
    let sealed = database.ask("select encode(sealed, 'hex') from signing_key").await;
    assert!(!tidegate(&database, "keys list --json").await.done().contains(&sealed[..20]));
}
