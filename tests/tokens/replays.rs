//! Calls that end sessions or begin them, whose answer is lost: with their key they are answered again, on the other
//! gateway, although what they rested on is gone.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Shop, uuid};

use super::{Held, assert_stands};
use crate::customers::{Customer, LOGIN, PASSWORD, VERIFY, mailed_code, mailed_token, register};

const NEW_PASSWORD: &str = "staple for a battery";

/// The same call under the same key, to one gateway and then to the other.
async fn twice(shop: &Shop, access: Option<&str>, mutation: &str, mut variables: Value) -> [Answer; 2] {
    variables["key"] = json!(uuid(1));
    let clients = [0, 1].map(|gateway| {
        let mut client = shop.client_of(gateway);
        if let Some(access) = access {
            client.sign_in(access);
        }
        client
    });
    [clients[0].send(mutation, variables.clone()).await, clients[1].send(mutation, variables).await]
}

#[tokio::test]
async fn endings_are_answered_again() {
    let mutations = [
        ("mutation($key: IdempotencyKey) { done: logout(idempotencyKey: $key) { errors { code } } }", false),
        (
            "mutation($key: IdempotencyKey) { done: sessionRevokeOthers(idempotencyKey: $key) { revokedCount errors { code } } }",
            true,
        ),
        (
            "mutation($id: ID!, $key: IdempotencyKey) { done: sessionRevoke(id: $id, idempotencyKey: $key) {
            revokedCount errors { code } } }",
            true,
        ),
        (
            "mutation($from: String!, $to: String!, $key: IdempotencyKey) {
            done: passwordChange(current: $from, next: $to, idempotencyKey: $key) { errors { code } } }",
            true,
        ),
        (
            "mutation($email: String!, $from: String!, $key: IdempotencyKey) {
            done: customerDelete(confirm: $email, password: $from, idempotencyKey: $key) { errors { code } } }",
            false,
        ),
    ];
    for (mutation, stands) in mutations {
        let shop = Shop::open().await;
        let laptop = Customer::new(&shop, "ada@example.com").await;
        let phone = laptop.elsewhere(&shop).await;
        let variables = json!({ "id": phone.session, "from": PASSWORD, "to": NEW_PASSWORD, "email": laptop.email });

        let access = laptop.client.access_token();
        let [one, other] = twice(&shop, access.as_deref(), mutation, variables).await;

        assert_eq!(one.data()["done"]["errors"], json!([]), "{}", one.text);
        assert_eq!(other.data(), one.data(), "{mutation}");
        assert_eq!(laptop.is_signed_in().await, stands, "{mutation}");
        assert!(shop.database.count("select count(*) from security_event").await <= 1, "it was done once");
    }
}

#[tokio::test]
async fn sign_ins_are_answered_again_with_tokens_of_the_same_session() {
    let shop = Shop::open().await;
    let guest = Held::guest(&shop).await;
    let mut client = shop.client();
    client.sign_in(&guest.access);
    register(&client, "ada@example.com").await;
    let token = mailed_token(&shop, "ada@example.com").await;
    let pair = twice(&shop, Some(&guest.access), VERIFY, json!({ "token": token })).await;
    assert_same_session(&shop, pair, "customerVerifyEmail").await;

    let by_password = json!({ "input": { "password": { "email": "ada@example.com", "password": PASSWORD } } });
    let guest = Held::guest(&shop).await;
    let pair = twice(&shop, Some(&guest.access), LOGIN, by_password).await;
    assert_same_session(&shop, pair, "login").await;

    client.send("mutation { loginCodeSend(email: \"ada@example.com\") { accepted } }", json!({})).await;
    let code = mailed_code(&shop, "ada@example.com").await;
    let by_code = json!({ "input": { "oneTimeCode": { "email": "ada@example.com", "code": code } } });
    let guest = Held::guest(&shop).await;
    let pair = twice(&shop, Some(&guest.access), LOGIN, by_code).await;
    assert_same_session(&shop, pair, "login").await;

    shop.client().send("mutation { passwordResetSend(email: \"ada@example.com\") { accepted } }", json!({})).await;
    let token = mailed_token(&shop, "ada@example.com").await;
    let reset = "mutation($token: String!, $to: String!, $key: IdempotencyKey) {
        passwordReset(token: $token, password: $to, idempotencyKey: $key) {
            tokens { accessToken refreshToken } session { id } errors { code } } }";
    let guest = Held::guest(&shop).await;
    let pair = twice(&shop, Some(&guest.access), reset, json!({ "token": token, "to": NEW_PASSWORD })).await;
    assert_same_session(&shop, pair, "passwordReset").await;
}

/// Whichever answer arrived: its access token is good. The refresh token is the last answer's.
async fn assert_same_session(shop: &Shop, pair: [Answer; 2], field: &str) {
    let held = pair.map(|answer| {
        assert_eq!(answer.data()[field]["errors"], json!([]), "{}", answer.text);
        let at = |pointer: &str| answer.at(&format!("/data/{field}/{pointer}")).to_owned();
        Held { access: at("tokens/accessToken"), refresh: at("tokens/refreshToken"), session: at("session/id") }
    });
    assert_eq!(held[0].session, held[1].session, "{field}");
    for held in &held {
        assert_stands(shop, held).await;
    }
    let [mut first, mut last] = held;
    assert!(!first.refresh(&shop.client()).await);
    assert!(last.refresh(&shop.client()).await);
    assert_stands(shop, &last).await;
}
