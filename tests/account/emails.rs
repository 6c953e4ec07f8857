//! Changing the e-mail address.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop, uuid};
use time::Duration;

use crate::customers::{Customer, PASSWORD, PASSWORD_CHANGE, codes, login, mailed_token, rows, shop, viewer};

const REQUEST: &str = "mutation($email: String!, $password: String, $key: IdempotencyKey) {
    emailChangeRequest(email: $email, password: $password, idempotencyKey: $key) {
        accepted errors { __typename code path } } }";
const CONFIRM: &str = "mutation($token: String!, $key: IdempotencyKey) {
    emailChangeConfirm(token: $token, idempotencyKey: $key) { customer { id email } errors { code path } } }";

async fn ask(shop: &Shop, customer: &Customer, email: &str) -> String {
    let answer = customer.client.send(REQUEST, json!({ "email": email, "password": PASSWORD })).await;
    assert_eq!(answer.data()["emailChangeRequest"], json!({ "accepted": true, "errors": [] }));
    mailed_token(shop, email).await
}

async fn confirm(client: &Client, token: &str) -> Answer {
    client.send(CONFIRM, json!({ "token": token })).await
}

#[tokio::test]
async fn the_address_changes_when_the_new_one_is_shown_to_be_read() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let token = ask(&shop, &ada, "Lovelace@example.com").await;
    assert_eq!(viewer(&ada.client).await["customer"]["email"], "ada@example.com");
    assert_eq!(shop.mails("Lovelace@example.com").await[0].template, "EMAIL_CHANGE");
    let notice = &shop.mails("ada@example.com").await[0];
    assert_eq!(notice.template, "EMAIL_CHANGE_NOTICE");
    assert!(!notice.text.contains("tgl_"), "{}", notice.text);

    let answer = confirm(&ada.client, &token).await;

    let customer = json!({ "id": ada.id, "email": "Lovelace@example.com" });
    assert_eq!(answer.data()["emailChangeConfirm"], json!({ "customer": customer, "errors": [] }));
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(codes(&login(&shop.client(), "lovelace@example.com", PASSWORD).await, "login"), Vec::<&str>::new());
    let before = rows(&shop).await;
    assert_eq!(codes(&confirm(&ada.client, &token).await, "emailChangeConfirm"), ["ONE_TIME_TOKEN_INVALID"]);
    assert_eq!(rows(&shop).await, before);
}

/// CVE-2026-35407: a link that one customer asked for must not change another's address.
#[tokio::test]
async fn a_link_is_good_for_the_customer_who_asked() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let mallory = Customer::new(&shop, "mallory@example.com").await;
    let token = ask(&shop, &mallory, "mallory2@example.com").await;
    let guest = shop.guest().await;
    let before = rows(&shop).await;

    for (client, code) in
        [(&ada.client, "ONE_TIME_TOKEN_INVALID"), (&guest, "SIGN_IN_REQUIRED"), (&shop.client(), "SIGN_IN_REQUIRED")]
    {
        assert_eq!(codes(&confirm(client, &token).await, "emailChangeConfirm"), [code]);
    }

    assert_eq!(rows(&shop).await, before);
    assert_eq!(viewer(&ada.client).await["customer"]["email"], "ada@example.com");
    assert_eq!(codes(&confirm(&mallory.client, &token).await, "emailChangeConfirm"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_taken_address_is_told_by_mail_alone() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    Customer::new(&shop, "bob@example.com").await;

    let call = |email: &str| json!({ "email": email, "password": PASSWORD });
    let free = ada.client.send(REQUEST, call("free@example.com")).await;
    let taken = ada.client.send(REQUEST, call("BOB@example.com")).await;

    assert_eq!(taken.data(), free.data());
    let mail = &shop.mails("BOB@example.com").await[0];
    assert_eq!(mail.template, "EMAIL_TAKEN");
    assert!(!mail.text.contains("tgl_"), "{}", mail.text);
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_stays_with_whoever_took_it() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let token = ask(&shop, &ada, "new@example.com").await;
    let other = Customer::new(&shop, "new@example.com").await;

    let answer = confirm(&ada.client, &token).await;

    assert_eq!(codes(&answer, "emailChangeConfirm"), ["ONE_TIME_TOKEN_INVALID"]);
    assert_eq!(viewer(&ada.client).await["customer"]["email"], "ada@example.com");
    assert_eq!(viewer(&other.client).await["customer"]["email"], "new@example.com");
}

#[tokio::test]
async fn a_link_dies_when_the_password_changes_and_after_an_hour() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let token = ask(&shop, &ada, "new@example.com").await;
    let change = json!({ "current": PASSWORD, "next": "another good one" });
    ada.client.send(PASSWORD_CHANGE, change).await;
    let before = rows(&shop).await;
    assert_eq!(codes(&confirm(&ada.client, &token).await, "emailChangeConfirm"), ["ONE_TIME_TOKEN_INVALID"]);
    assert_eq!(rows(&shop).await, before);

    let bob = Customer::new(&shop, "bob@example.com").await;
    let late = ask(&shop, &bob, "robert@example.com").await;
    shop.clock.advance(Duration::minutes(60));
    let mut fresh = shop.client();
    let tokens = fresh.send(crate::customers::REFRESH, json!({ "token": bob.refresh })).await;
    fresh.sign_in(tokens.at("/data/sessionRefresh/tokens/accessToken"));
    let before = rows(&shop).await;
    assert_eq!(codes(&confirm(&fresh, &late).await, "emailChangeConfirm"), ["ONE_TIME_TOKEN_INVALID"]);
    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn a_refused_request_sends_no_mail() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let guest = shop.guest().await;
    let before = rows(&shop).await;

    for (client, email, password, code) in [
        (&ada.client, "new@example.com", json!("not the password"), "INVALID_CREDENTIALS"),
        (&ada.client, "new@example.com", Value::Null, "INVALID_CREDENTIALS"),
        (&ada.client, "no address", json!(PASSWORD), "INVALID_INPUT"),
        (&guest, "new@example.com", json!(PASSWORD), "SIGN_IN_REQUIRED"),
    ] {
        let answer = client.send(REQUEST, json!({ "email": email, "password": password })).await;
        assert_eq!(codes(&answer, "emailChangeRequest"), [code]);
        assert_eq!(answer.data()["emailChangeRequest"]["accepted"], false);
    }

    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn a_repeat_sends_no_second_mail_and_a_fourth_request_waits() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let call = json!({ "email": "new@example.com", "password": PASSWORD, "key": uuid(1) });
    let first = ada.client.send(REQUEST, call.clone()).await;
    let before = rows(&shop).await;
    let again = ada.client.send(REQUEST, call).await;
    assert_eq!((again.data(), rows(&shop).await), (first.data(), before));

    ask(&shop, &ada, "new@example.com").await;
    let token = ask(&shop, &ada, "new@example.com").await;
    let before = rows(&shop).await;
    let fourth = ada.client.send(REQUEST, json!({ "email": "NEW@example.com", "password": PASSWORD })).await;

    assert_eq!(codes(&fourth, "emailChangeRequest"), ["RATE_LIMITED"]);
    assert_eq!(rows(&shop).await, before);
    let key = json!({ "token": token, "key": uuid(2) });
    let confirmed = ada.client.send(CONFIRM, key.clone()).await;
    assert_eq!(codes(&confirmed, "emailChangeConfirm"), Vec::<&str>::new());
    assert_eq!(ada.client.send(CONFIRM, key).await.data(), confirmed.data());
}
