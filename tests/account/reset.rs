//! A forgotten password, and which passwords may be chosen.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop};
use time::Duration;

use crate::customers::{
    Customer, PASSWORD, PASSWORD_CHANGE, REGISTER, RESET, RESET_SEND, codes, contents, login, mailed_token, new_cart,
    pieces, rows, shop,
};

const NEXT: &str = "another good one";

async fn ask(shop: &Shop, email: &str) -> String {
    let answer = shop.client().send(RESET_SEND, json!({ "email": email })).await;
    assert_eq!(answer.data()["passwordResetSend"], json!({ "accepted": true, "errors": [] }));
    mailed_token(shop, email).await
}

async fn reset(client: &Client, token: &str, password: &str) -> Answer {
    client.send(RESET, json!({ "token": token, "password": password })).await
}

#[tokio::test]
async fn a_reset_ends_every_session_at_its_next_request_and_signs_in() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let phone = ada.elsewhere(&shop).await;
    let guest = shop.guest().await;
    new_cart(&guest, &[("MUG-R", 1)]).await;
    let token = ask(&shop, "ada@example.com").await;

    let answer = reset(&guest, &token, NEXT).await;

    let customer = Customer::from(guest, "ada@example.com", &answer, "passwordReset");
    assert_eq!(contents(&customer.client).await, pieces(&[("MUG-R", 1)]));
    for ended in [&ada, &phone, &ada, &phone] {
        assert!(!ended.is_signed_in().await);
    }
    assert!(customer.is_signed_in().await);
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", NEXT).await, "login"), Vec::<&str>::new());
    assert_eq!(shop.mails("ada@example.com").await[0].template, "PASSWORD_CHANGED");
}

#[tokio::test]
async fn a_link_is_good_once_for_ten_minutes_and_for_one_purpose() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let used = ask(&shop, "ada@example.com").await;
    let first = reset(&shop.client(), &used, NEXT).await;
    assert_eq!(codes(&first, "passwordReset"), Vec::<&str>::new());
    let late = ask(&shop, "ada@example.com").await;
    shop.clock.advance(Duration::minutes(10));
    let before = rows(&shop).await;

    let verify = shop.client().send(crate::customers::VERIFY, json!({ "token": late })).await;
    assert_eq!(codes(&verify, "customerVerifyEmail"), ["ONE_TIME_TOKEN_INVALID"]);
    let mut changed = late.clone();
    changed.replace_range(20..21, if &late[20..21] == "A" { "B" } else { "A" });
    for token in [used.as_str(), &late, &changed, &late[..40], "", "tgl_", &"x".repeat(5_000)] {
        let answer = reset(&shop.client(), token, "a third good one").await;
        assert_eq!(codes(&answer, "passwordReset"), ["ONE_TIME_TOKEN_INVALID"], "{token}");
        assert_eq!(answer.data()["passwordReset"]["tokens"], Value::Null);
    }
    assert_eq!(rows(&shop).await, before);
    assert!(!ada.is_signed_in().await);
}

#[tokio::test]
async fn a_link_dies_when_the_password_changes() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let (one, two) = (ask(&shop, "ada@example.com").await, ask(&shop, "ada@example.com").await);
    let change = json!({ "current": PASSWORD, "next": NEXT });
    assert_eq!(codes(&ada.client.send(PASSWORD_CHANGE, change).await, "passwordChange"), Vec::<&str>::new());

    for token in [&one, &two] {
        let answer = reset(&shop.client(), token, "a third good one").await;
        assert_eq!(codes(&answer, "passwordReset"), ["ONE_TIME_TOKEN_INVALID"]);
    }

    assert!(ada.is_signed_in().await);
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", NEXT).await, "login"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_refused_password_leaves_the_link_good() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let token = ask(&shop, "ada@example.com").await;
    let before = rows(&shop).await;

    assert_eq!(codes(&reset(&shop.client(), &token, "short").await, "passwordReset"), ["PASSWORD_REJECTED"]);
    assert_eq!(codes(&reset(&shop.client(), &token, "ada@example.com").await, "passwordReset"), ["PASSWORD_REJECTED"]);

    assert_eq!(rows(&shop).await, before);
    assert_eq!(codes(&reset(&shop.client(), &token, NEXT).await, "passwordReset"), Vec::<&str>::new());
}

/// Case 80.
#[tokio::test]
async fn an_address_gets_three_mails_an_hour_whether_or_not_it_is_known() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    shop.clock.advance(Duration::hours(1));
    for email in ["ada@example.com", "nobody@example.com"] {
        let mails = format!("select count(*) from mail where recipient = '{email}'");
        let already = shop.database.count(&mails).await;
        for spelling in [email.to_owned(), email.to_uppercase(), email.to_owned()] {
            let answer = shop.client().send(RESET_SEND, json!({ "email": spelling })).await;
            assert_eq!(answer.data()["passwordResetSend"]["accepted"], true);
        }
        let before = rows(&shop).await;
        let fourth = shop.client().send(RESET_SEND, json!({ "email": email })).await;
        let code = shop.client().send(crate::customers::CODE_SEND, json!({ "email": email })).await;

        assert_eq!(codes(&fourth, "passwordResetSend"), ["RATE_LIMITED"]);
        assert_eq!(codes(&code, "loginCodeSend"), ["RATE_LIMITED"]);
        assert!(fourth.value("/data/passwordResetSend/errors/0/retryAfterMs").as_i64() > Some(0));
        assert_eq!(rows(&shop).await, before);
        shop.clock.advance(Duration::hours(1));
        let later = shop.client().send(RESET_SEND, json!({ "email": email })).await;
        assert_eq!(later.data()["passwordResetSend"]["accepted"], true);
        assert!(shop.database.count(&mails).await >= already + 3);
    }
    assert_eq!(shop.mails("nobody@example.com").await[0].template, "NO_ACCOUNT");
    assert_eq!(shop.mails("ada@example.com").await[0].template, "PASSWORD_RESET");
}

#[tokio::test]
async fn which_passwords_may_be_chosen() {
    let shop = shop().await;
    let long = |bytes: usize| "Zq3 ".repeat(40)[..bytes].to_owned();
    let before = rows(&shop).await;
    for (password, reason) in [
        (long(7), "TOO_SHORT"),
        (long(129), "TOO_LONG"),
        ("\u{e4}".repeat(65), "TOO_LONG"),
        ("password1".to_owned(), "COMMON"),
        ("PassWord1".to_owned(), "COMMON"),
        ("ada@example.com".to_owned(), "COMMON"),
        ("ADA@example.com".to_owned(), "COMMON"),
    ] {
        let variables = json!({ "email": "ada@example.com", "password": password });
        let answer = shop.client().send(REGISTER, variables).await;
        let error = answer.value("/data/customerRegister/errors/0");
        assert_eq!(
            (error["code"].as_str(), error["reason"].as_str()),
            (Some("PASSWORD_REJECTED"), Some(reason)),
            "{password}"
        );
        assert_eq!(error["path"], json!(["input", "password"]));
    }
    assert_eq!(rows(&shop).await, before);
    let composed = "caf\u{e9} au lait";
    let decomposed = "cafe\u{301} au lait";
    for (number, password) in [long(8), long(15), long(64), long(128), composed.to_owned()].iter().enumerate() {
        let email = format!("ada{number}@example.com");
        let answer = shop.client().send(REGISTER, json!({ "email": email, "password": password })).await;
        assert_eq!(codes(&answer, "customerRegister"), Vec::<&str>::new(), "{password}");
        let token = mailed_token(&shop, &email).await;
        shop.client().send(crate::customers::VERIFY, json!({ "token": token })).await;
        let found = login(&shop.client(), &email, password).await;
        assert_eq!(codes(&found, "login"), Vec::<&str>::new(), "{password}");
        for other in [decomposed, &password[..password.len() - 1], &format!("{password} ")] {
            let answer = login(&shop.client(), &email, other).await;
            assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"], "{other}");
        }
    }
}
