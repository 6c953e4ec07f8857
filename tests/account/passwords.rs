//! Changing a password one knows.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client};
use time::Duration;

use crate::customers::{Customer, PASSWORD, PASSWORD_CHANGE, codes, login, rows, shop};

const NEXT: &str = "another good one";

async fn change(client: &Client, current: Value, next: &str) -> Answer {
    client.send(PASSWORD_CHANGE, json!({ "current": current, "next": next })).await
}

#[tokio::test]
async fn a_change_keeps_ones_own_session_and_ends_the_others() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let phone = ada.elsewhere(&shop).await;
    let bob = Customer::new(&shop, "bob@example.com").await;

    let answer = change(&ada.client, json!(PASSWORD), NEXT).await;

    assert_eq!(answer.data()["passwordChange"], json!({ "customer": { "id": ada.id }, "errors": [] }));
    for _ in 0..2 {
        assert!(ada.is_signed_in().await && bob.is_signed_in().await);
        assert!(!phone.is_signed_in().await);
    }
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", NEXT).await, "login"), Vec::<&str>::new());
    assert_eq!(shop.mails("ada@example.com").await[0].template, "PASSWORD_CHANGED");
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let phone = ada.elsewhere(&shop).await;
    let guest = shop.guest().await;
    let before = rows(&shop).await;

    for (client, current, next, code) in [
        (&ada.client, json!("not the password"), NEXT, "INVALID_CREDENTIALS"),
        (&ada.client, Value::Null, NEXT, "INVALID_CREDENTIALS"),
        (&ada.client, json!(""), NEXT, "INVALID_CREDENTIALS"),
        (&ada.client, json!(PASSWORD), "short", "PASSWORD_REJECTED"),
        (&ada.client, json!(PASSWORD), "password1", "PASSWORD_REJECTED"),
        (&ada.client, json!(PASSWORD), "Ada@example.com", "PASSWORD_REJECTED"),
        (&guest, json!(PASSWORD), NEXT, "SIGN_IN_REQUIRED"),
        (&shop.client(), json!(PASSWORD), NEXT, "SIGN_IN_REQUIRED"),
    ] {
        let answer = change(client, current.clone(), next).await;
        assert_eq!(codes(&answer, "passwordChange"), [code], "{current} {next}: {}", answer.text);
        assert_eq!(answer.data()["passwordChange"]["customer"], Value::Null);
    }

    assert_eq!(rows(&shop).await, before);
    assert!(ada.is_signed_in().await && phone.is_signed_in().await);
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), Vec::<&str>::new());
}

#[tokio::test]
async fn choosing_a_bad_password_is_no_guess() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    for _ in 0..12 {
        assert_eq!(
            codes(&change(&ada.client, json!(PASSWORD), "password1").await, "passwordChange"),
            ["PASSWORD_REJECTED"]
        );
    }

    assert_eq!(codes(&change(&ada.client, json!(PASSWORD), NEXT).await, "passwordChange"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_stolen_session_has_ten_guesses_and_the_owner_is_not_locked_out() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let owner = ada.elsewhere(&shop).await;
    let before = rows(&shop).await;
    for _ in 0..10 {
        let guess = change(&ada.client, json!("a guess at it"), NEXT).await;
        assert_eq!(codes(&guess, "passwordChange"), ["INVALID_CREDENTIALS"]);
    }

    let right = change(&ada.client, json!(PASSWORD), NEXT).await;

    assert_eq!(codes(&right, "passwordChange"), ["RATE_LIMITED"]);
    assert_eq!(rows(&shop).await, before);
    assert_eq!(codes(&change(&owner.client, json!(PASSWORD), NEXT).await, "passwordChange"), Vec::<&str>::new());
}

#[tokio::test]
async fn an_account_without_a_password_sets_one_soon_after_signing_in() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    shop.database.run("update customer set password_hash = null").await;
    shop.clock.advance(Duration::minutes(10));
    let before = rows(&shop).await;
    assert_eq!(codes(&change(&ada.client, Value::Null, NEXT).await, "passwordChange"), ["SIGN_IN_REQUIRED"]);
    assert_eq!(rows(&shop).await, before);

    shop.client().send(crate::customers::CODE_SEND, json!({ "email": "ada@example.com" })).await;
    let code = crate::customers::mailed_code(&shop, "ada@example.com").await;
    let input = crate::customers::by_code("ada@example.com", &code);
    let answer = shop.client().send(crate::customers::LOGIN, json!({ "input": input })).await;
    let fresh = Customer::from(shop.client(), "ada@example.com", &answer, "login");

    assert_eq!(codes(&change(&fresh.client, Value::Null, NEXT).await, "passwordChange"), Vec::<&str>::new());
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", NEXT).await, "login"), Vec::<&str>::new());
}
