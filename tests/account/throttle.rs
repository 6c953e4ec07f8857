//! How often what may be tried, counted over both gateways.

use serde_json::json;
use tidegate_auth::password::HashCost;
use tidegate_testkit::{Answer, Client, Shop};
use time::Duration;

use crate::customers::{
    CODE_SEND, Customer, LOGIN, PASSWORD, by_code, by_password, codes, login, mailed_code, register, rows, shop, viewer,
};

const LINK_SEND: &str = "mutation($number: String!, $email: String!) {
    orderLinkSend(number: $number, email: $email) { accepted errors { code ... on RateLimitedError { retryAfterMs } } } }";

fn wait(answer: &Answer, field: &str) -> i64 {
    answer.value(&format!("/data/{field}/errors/0/retryAfterMs")).as_i64().expect("how long to wait")
}

async fn guess(shop: &Shop, times: usize, code: &str) {
    for time in 0..times {
        let answer = login(&shop.client(), "ada@example.com", "a wrong password").await;
        assert_eq!(codes(&answer, "login"), [code], "guess {time}");
    }
}

#[tokio::test]
async fn after_ten_wrong_passwords_none_is_looked_at_for_a_quarter_of_an_hour() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let before = rows(&shop).await;
    guess(&shop, 10, "INVALID_CREDENTIALS").await;

    let right = login(&shop.client(), "ADA@example.com", PASSWORD).await;
    assert_eq!(codes(&right, "login"), ["RATE_LIMITED"]);
    assert!((1..=900_000).contains(&wait(&right, "login")), "{}", right.text);
    guess(&shop, 3, "RATE_LIMITED").await;
    assert_eq!(
        shop.database.ask("select string_agg(attempts::text, ' ') from throttle where attempts > 3").await,
        "14"
    );
    assert_eq!(rows(&shop).await, before);
    assert!(ada.is_signed_in().await, "a live session is not concerned");

    shop.clock.advance(Duration::minutes(14));
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), ["RATE_LIMITED"]);
    shop.clock.advance(Duration::minutes(1));
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn exactly_ten_of_fifty_guesses_at_once_are_looked_at() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let mut guesses = Vec::new();
    for number in 0..50 {
        let client = shop.client();
        guesses.push(tokio::spawn(async move {
            login(&client, "ada@example.com", &format!("guess number {number}")).await
        }));
    }

    let mut looked_at = 0;
    for guess in guesses {
        let answer = guess.await.unwrap();
        match codes(&answer, "login").as_slice() {
            ["INVALID_CREDENTIALS"] => looked_at += 1,
            ["RATE_LIMITED"] => {}
            other => panic!("{other:?}: {}", answer.text),
        }
    }

    assert_eq!(looked_at, 10);
}

#[tokio::test]
async fn an_unknown_address_is_throttled_alike() {
    let shop = shop().await;
    for _ in 0..10 {
        let answer = login(&shop.client(), "nobody@example.com", "a wrong password").await;
        assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"]);
    }
    let answer = login(&shop.client(), "nobody@example.com", "a wrong password").await;
    assert_eq!(codes(&answer, "login"), ["RATE_LIMITED"]);
    let other = login(&shop.client(), "somebody@example.com", "a wrong password").await;
    assert_eq!(codes(&other, "login"), ["INVALID_CREDENTIALS"]);
}

#[tokio::test]
async fn a_stranger_cannot_lock_the_owner_out() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let bob = Customer::new(&shop, "bob@example.com").await;
    guess(&shop, 10, "INVALID_CREDENTIALS").await;

    let with = |token: &str, password: &str| json!({ "input": { "password": { "email": "ada@example.com", "password": password, "deviceToken": token } } });
    let own_device = shop.client().send(LOGIN, with(&ada.device, PASSWORD)).await;
    assert_eq!(codes(&own_device, "login"), Vec::<&str>::new());
    for foreign in [bob.device.as_str(), "tgd_x", ""] {
        let answer = shop.client().send(LOGIN, with(foreign, PASSWORD)).await;
        assert_eq!(codes(&answer, "login"), ["RATE_LIMITED"], "{foreign}");
    }
    shop.client().send(CODE_SEND, json!({ "email": "ada@example.com" })).await;
    let code = mailed_code(&shop, "ada@example.com").await;
    let by_mail = shop.client().send(LOGIN, json!({ "input": by_code("ada@example.com", &code) })).await;
    assert_eq!(codes(&by_mail, "login"), Vec::<&str>::new());

    // A stolen device token has ten guesses of its own, and no more.
    for _ in 0..10 {
        let answer = shop.client().send(LOGIN, with(&ada.device, "a wrong password")).await;
        assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"]);
    }
    assert_eq!(codes(&shop.client().send(LOGIN, with(&ada.device, PASSWORD)).await, "login"), ["RATE_LIMITED"]);
    shop.clock.advance(Duration::days(181));
    guess(&shop, 10, "INVALID_CREDENTIALS").await;
    let expired = shop.client().send(LOGIN, with(&ada.device, PASSWORD)).await;
    assert_eq!(codes(&expired, "login"), ["RATE_LIMITED"]);
}

#[tokio::test]
async fn right_passwords_are_not_counted() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    guess(&shop, 9, "INVALID_CREDENTIALS").await;
    for _ in 0..12 {
        assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), Vec::<&str>::new());
    }
    guess(&shop, 1, "INVALID_CREDENTIALS").await;
    guess(&shop, 1, "RATE_LIMITED").await;
}

#[tokio::test]
async fn an_address_has_a_hundred_guesses_over_all_accounts() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let from = |address: &str| -> Client {
        let mut client = shop.client();
        client.connect_from(address);
        client
    };
    let attacker = from("203.0.113.7");
    for number in 0..100 {
        let input = by_password(&format!("user{number}@example.com"), "a wrong password");
        let answer = attacker.send(LOGIN, json!({ "input": input })).await;
        assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"], "{number}");
    }
    let before = rows(&shop).await;

    assert_eq!(codes(&login(&attacker, "ada@example.com", PASSWORD).await, "login"), ["RATE_LIMITED"]);
    let code = attacker.send(LOGIN, json!({ "input": by_code("ada@example.com", "00000000") })).await;
    assert_eq!(codes(&code, "login"), ["RATE_LIMITED"]);

    assert_eq!(rows(&shop).await, before);
    let elsewhere = login(&from("203.0.113.8"), "ada@example.com", PASSWORD).await;
    assert_eq!(codes(&elsewhere, "login"), Vec::<&str>::new());
    shop.clock.advance(Duration::minutes(15));
    assert_eq!(codes(&login(&attacker, "ada@example.com", PASSWORD).await, "login"), Vec::<&str>::new());
}

#[tokio::test]
async fn an_address_asks_for_thirty_mails_an_hour() {
    let shop = shop().await;
    let mut client = shop.client();
    client.connect_from("203.0.113.7");
    for number in 0..30 {
        let answer = client.send(CODE_SEND, json!({ "email": format!("user{number}@example.com") })).await;
        assert_eq!(codes(&answer, "loginCodeSend"), Vec::<&str>::new(), "{number}");
    }
    let before = rows(&shop).await;

    let more = client.send(CODE_SEND, json!({ "email": "user30@example.com" })).await;
    let order = client.send(LINK_SEND, json!({ "number": "10001", "email": "ada@example.com" })).await;

    assert_eq!(codes(&more, "loginCodeSend"), ["RATE_LIMITED"]);
    assert!((1..=3_600_000).contains(&wait(&more, "loginCodeSend")));
    assert_eq!(codes(&order, "orderLinkSend"), ["RATE_LIMITED"]);
    assert_eq!(rows(&shop).await, before);
}

#[tokio::test]
async fn fifteen_tries_at_codes_are_all_an_account_bears() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let wrong = || json!({ "input": by_code("ada@example.com", "0000000x") });
    for _ in 0..15 {
        assert_eq!(codes(&shop.client().send(LOGIN, wrong()).await, "login"), ["INVALID_CREDENTIALS"]);
    }
    let before = rows(&shop).await;

    assert_eq!(codes(&shop.client().send(LOGIN, wrong()).await, "login"), ["RATE_LIMITED"]);

    assert_eq!(rows(&shop).await, before);
    assert_eq!(viewer(&ada.client).await["customer"]["id"], json!(ada.id));
    assert_eq!(codes(&login(&shop.client(), "ada@example.com", PASSWORD).await, "login"), Vec::<&str>::new());
}

/// One hash at a time, of seconds: whoever is over the limit is told at once, and whoever finds no turn has lost
/// nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_that_is_over_its_limit_hashes_nothing() {
    let shop = Shop::empty(|settings| {
        settings.password_cost = HashCost::new(256 * 1024, 16, 1).unwrap();
        settings.password_memory = 256 * 1024 * 1024;
    })
    .await;
    let client = shop.client_of(0);
    let again = "mutation($email: String!) { customerVerificationSend(email: $email) { errors { code } } }";
    for _ in 0..3 {
        let answer = client.send(again, json!({ "email": "ada@example.com" })).await;
        assert_eq!(codes(&answer, "customerVerificationSend"), Vec::<&str>::new());
    }
    let hashing = {
        let client = client.clone();
        tokio::spawn(async move { register(&client, "bob@example.com").await })
    };
    // Its mail is counted, and then the hash begins.
    while shop.database.count("select count(*) from throttle").await < 4 {
        tokio::task::yield_now().await;
    }

    let over = register(&client, "ada@example.com").await;
    let no_turn = register(&client, "eve@example.com").await;

    assert_eq!(codes(&over, "customerRegister"), ["RATE_LIMITED"]);
    assert!(wait(&over, "customerRegister") > 60_000, "the limit's, not that of a turn: {}", over.text);
    assert_eq!(
        (codes(&no_turn, "customerRegister"), wait(&no_turn, "customerRegister")),
        (vec!["RATE_LIMITED"], 2_000)
    );
    assert_eq!(shop.database.count("select count(*) from throttle where attempts = 0").await, 2, "no mail, no attempt");
    assert_eq!(codes(&hashing.await.unwrap(), "customerRegister"), Vec::<&str>::new());
    assert_eq!(shop.database.ask("select string_agg(email, ' ') from registration").await, "bob@example.com");
}
