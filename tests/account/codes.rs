//! Signing in with a code that is mailed.

use serde_json::{Value, json};
use tidegate_testkit::{Answer, Client, Shop};
use time::Duration;

use crate::customers::{
    CODE_SEND, Customer, LOGIN, PASSWORD, PASSWORD_CHANGE, by_code, codes, mailed_code, rows, shop,
};

async fn ask(shop: &Shop, email: &str) -> String {
    let answer = shop.client().send(CODE_SEND, json!({ "email": email })).await;
    assert_eq!(answer.data()["loginCodeSend"], json!({ "accepted": true, "errors": [] }));
    mailed_code(shop, email).await
}

async fn enter(client: &Client, email: &str, code: &str) -> Answer {
    client.send(LOGIN, json!({ "input": by_code(email, code) })).await
}

/// A code that is not the one.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..7])
}

#[tokio::test]
async fn a_code_signs_in_once() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let code = ask(&shop, "ada@example.com").await;
    assert_eq!(shop.mails("ada@example.com").await[0].template, "LOGIN_CODE");

    let first = enter(&shop.client(), "Ada@EXAMPLE.com", &code).await;
    let before = rows(&shop).await;
    let second = enter(&shop.client(), "ada@example.com", &code).await;

    assert_eq!(Customer::from(shop.client(), "ada@example.com", &first, "login").id, ada.id);
    assert_eq!(codes(&second, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(second.data()["login"]["tokens"], Value::Null);
    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn a_code_bears_four_wrong_tries_and_not_a_fifth() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    for (tries, good) in [(4, true), (5, false)] {
        let code = ask(&shop, "ada@example.com").await;
        for _ in 0..tries {
            let answer = enter(&shop.client(), "ada@example.com", &wrong(&code)).await;
            assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"]);
        }
        let sessions = shop.database.count("select count(*) from session").await;

        let answer = enter(&shop.client(), "ada@example.com", &code).await;

        assert_eq!(codes(&answer, "login").is_empty(), good, "{tries}: {}", answer.text);
        assert_eq!(shop.database.count("select count(*) from session").await - sessions, i64::from(good));
    }
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let early = ask(&shop, "ada@example.com").await;
    shop.clock.advance(Duration::seconds(590));
    assert_eq!(codes(&enter(&shop.client(), "ada@example.com", &early).await, "login"), Vec::<&str>::new());

    let late = ask(&shop, "ada@example.com").await;
    shop.clock.advance(Duration::seconds(600));
    let before = rows(&shop).await;
    assert_eq!(codes(&enter(&shop.client(), "ada@example.com", &late).await, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn a_code_opens_no_other_account_and_a_newer_one_replaces_it() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    Customer::new(&shop, "bob@example.com").await;
    let sessions = "select count(*) from session";
    let ada = ask(&shop, "ada@example.com").await;
    ask(&shop, "bob@example.com").await;
    let before = shop.database.count(sessions).await;

    assert_eq!(codes(&enter(&shop.client(), "bob@example.com", &ada).await, "login"), ["INVALID_CREDENTIALS"]);
    let newer = ask(&shop, "ada@example.com").await;
    assert_eq!(codes(&enter(&shop.client(), "ada@example.com", &ada).await, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(shop.database.count(sessions).await, before);
    assert_eq!(codes(&enter(&shop.client(), "ada@example.com", &newer).await, "login"), Vec::<&str>::new());
}

#[tokio::test]
async fn a_code_dies_with_the_password_that_it_was_asked_for_under() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let code = ask(&shop, "ada@example.com").await;
    let change = json!({ "current": PASSWORD, "next": "another good one" });
    assert_eq!(codes(&ada.client.send(PASSWORD_CHANGE, change).await, "passwordChange"), Vec::<&str>::new());
    let sessions = shop.database.count("select count(*) from session").await;

    assert_eq!(codes(&enter(&shop.client(), "ada@example.com", &code).await, "login"), ["INVALID_CREDENTIALS"]);

    assert_eq!(shop.database.count("select count(*) from session").await, sessions);
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_another_mail() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let known = shop.client().send(CODE_SEND, json!({ "email": "ada@example.com" })).await;

    let unknown = shop.client().send(CODE_SEND, json!({ "email": "nobody@example.com" })).await;

    assert_eq!((unknown.status, unknown.data()), (known.status, known.data()));
    let mail = &shop.mails("nobody@example.com").await[0];
    assert_eq!(mail.template, "NO_ACCOUNT");
    assert!(!mail.text.split(|character: char| !character.is_ascii_digit()).any(|word| word.len() == 8));
    // Not even the code that its row would have is good.
    let answer = enter(&shop.client(), "nobody@example.com", "00000000").await;
    assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"]);
    assert_eq!(shop.database.count("select count(*) from customer").await, 1);
}

#[tokio::test]
async fn a_malformed_address_or_code_is_refused() {
    let shop = shop().await;
    let before = rows(&shop).await;
    for email in ["", "ada", "ada@", "a b@example.com", &format!("{}@example.com", "x".repeat(300))] {
        let answer = shop.client().send(CODE_SEND, json!({ "email": email })).await;
        assert_eq!(codes(&answer, "loginCodeSend"), ["INVALID_INPUT"], "{email}");
        assert_eq!(answer.data()["loginCodeSend"]["accepted"], false);
    }
    for code in ["", "1234567", "123456789", "12 34 56", "abcdefgh", "\u{661}\u{662}345678"] {
        let answer = enter(&shop.client(), "ada@example.com", code).await;
        assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"], "{code}");
    }
    assert_eq!(rows(&shop).await, before);
}
