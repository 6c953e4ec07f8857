//! Sign-ins that race with what the same shopper does in another tab.

use serde_json::json;
use sqlx::Executor as _;
use std::time::Duration;
use tidegate_model::Clock as _;
use tidegate_testkit::Shop;

use crate::attacks::refusal;
use crate::customers::{
    CODE_SEND, Customer, LOGIN, PASSWORD, VIEWER, by_code, codes, contents, login, mailed_code, new_cart, shop,
};
use crate::flows::{CREATE, lines};
use crate::tokens::foreign::issuer::{ED, Issuer};

const ADD: &str = "mutation($cart: ID!, $lines: [CartLineAdd!]!) {
    cartLinesAdd(cartId: $cart, lines: $lines) { revision errors { code } } }";

/// Pieces in all of the customer's open carts.
async fn pieces_kept(shop: &Shop) -> i64 {
    let sql = "select coalesce(sum(quantity), 0) from cart_line l join cart k on k.id = l.cart_id
               where k.status = 'OPEN' and k.customer_id is not null";
    shop.database.count(sql).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_line_that_is_added_during_a_sign_in_is_kept_or_refused_and_never_lost() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let one = lines(&shop.client(), &[("MUG-R", 1)]).await;
    let mut expected = 0;
    for round in 0..40_u64 {
        let guest = shop.guest().await;
        let cart = new_cart(&guest, &[("TOWEL", 1)]).await;
        let (tab, variables) = (guest.clone(), json!({ "cart": cart, "lines": one }));
        let adding = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(round * 250)).await;
            tab.send(ADD, variables).await
        });
        let signed_in = login(&guest, "ada@example.com", PASSWORD).await;
        let added = adding.await.unwrap();

        assert_eq!(codes(&signed_in, "login"), Vec::<&str>::new(), "{}", signed_in.text);
        match refusal(&added).as_str() {
            "" => expected += 2,
            "SESSION_REVOKED" => expected += 1,
            other => panic!("round {round}: {other}: {}", added.text),
        }
        assert_eq!(pieces_kept(&shop).await, expected, "round {round}: {}", added.text);
    }
    assert_eq!(shop.database.count("select count(*) from cart where session_id is not null").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cart_that_is_made_during_a_sign_in_comes_along_or_is_refused() {
    let shop = shop().await;
    Customer::new(&shop, "ada@example.com").await;
    let input = json!({ "input": { "lines": lines(&shop.client(), &[("MUG-R", 1)]).await } });
    let mut expected = 0;
    for round in 0..40_u64 {
        let guest = shop.guest().await;
        let (tab, input) = (guest.clone(), input.clone());
        let making = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(round * 250)).await;
            tab.send(CREATE, input).await
        });
        let signed_in = login(&guest, "ada@example.com", PASSWORD).await;
        let made = making.await.unwrap();
        assert!(made.body.get("errors").is_none(), "round {round}: {}", made.text);

        assert_eq!(codes(&signed_in, "login"), Vec::<&str>::new(), "{}", signed_in.text);
        match refusal(&made).as_str() {
            "" => expected += 1,
            "SESSION_REVOKED" => {}
            other => panic!("round {round}: {other}: {}", made.text),
        }
        assert_eq!(pieces_kept(&shop).await, expected, "round {round}: {}", made.text);
    }
    assert_eq!(shop.database.count("select count(*) from cart where session_id is not null").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_sign_ins_at_once_with_one_cart_merge_it_once() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    ada.cart(&[("MUG-R", 1)]).await;
    let guest = shop.guest().await;
    new_cart(&guest, &[("MUG-R", 2), ("TOWEL", 1)]).await;

    let mut attempts = Vec::new();
    for _ in 0..20 {
        let guest = guest.clone();
        attempts.push(tokio::spawn(async move { login(&guest, "ada@example.com", PASSWORD).await }));
    }

    let mut sessions = 0;
    for attempt in attempts {
        let answer = attempt.await.unwrap();
        match codes(&answer, "login").as_slice() {
            [] => sessions += 1,
            // Ten passwords may be looked at at once: a guess must be counted before it is known to be right.
            ["RATE_LIMITED"] => {}
            other => panic!("{other:?}: {}", answer.text),
        }
    }
    assert!(sessions >= 10, "{sessions}");
    assert_eq!(contents(&ada.client).await, crate::customers::pieces(&[("MUG-R", 3), ("TOWEL", 1)]));
    let live = "select count(*) from session where customer_id is not null and revoked_at is null";
    assert_eq!(shop.database.count(live).await, sessions + 1);
    assert_eq!(codes(&login(&guest, "ada@example.com", PASSWORD).await, "login"), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_links_of_two_registrations_at_once_make_one_account() {
    let shop = shop().await;
    let client = shop.client();
    let mut tokens = Vec::new();
    for _ in 0..3 {
        crate::customers::register(&client, "ada@example.com").await;
        tokens.push(crate::customers::mailed_token(&shop, "ada@example.com").await);
    }

    let verify = |token: &String| {
        let (client, variables) = (client.clone(), json!({ "token": token }));
        tokio::spawn(async move { client.send(crate::customers::VERIFY, variables).await })
    };
    let racing: Vec<_> = tokens.iter().map(verify).collect();

    let mut made = 0;
    for race in racing {
        let answer = race.await.unwrap();
        match codes(&answer, "customerVerifyEmail").as_slice() {
            [] => made += 1,
            ["ONE_TIME_TOKEN_INVALID"] => {}
            other => panic!("{other:?}: {}", answer.text),
        }
    }
    let counts = "select (select count(*) from customer) || ' ' || (select count(*) from session)";
    assert_eq!((made, shop.database.ask(counts).await), (1, "1 1".to_owned()));
}

/// A code that was asked for before the password changed: its sign-in waits for the change, and is void after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_by_code_that_meets_a_change_of_the_password_is_void() {
    let shop = shop().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    shop.client().send(CODE_SEND, json!({ "email": "ada@example.com" })).await;
    let input = json!({ "input": by_code("ada@example.com", &mailed_code(&shop, "ada@example.com").await) });
    let mut changing = shop.database.connect().await;
    // What a reset does until it commits.
    let begin = "begin; update customer set credential_version = credential_version + 1;
                 update session set revoked_at = now()";
    changing.execute(sqlx::raw_sql(begin)).await.unwrap();
    let client = shop.client();
    let entering = tokio::spawn(async move { client.send(LOGIN, input).await });
    shop.database.until_locked().await;

    changing.execute("commit").await.unwrap();

    let answer = entering.await.unwrap();
    assert_eq!(codes(&answer, "login"), ["INVALID_CREDENTIALS"], "{}", answer.text);
    assert_eq!(shop.database.count("select count(*) from session where revoked_at is null").await, 0);
    assert!(!ada.is_signed_in().await);
}

/// A token of another issuer that is first used while every session is being ended makes none that outlives it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_use_that_meets_the_end_of_all_sessions_makes_none() {
    let issuer = Issuer::start().await;
    let trusted = issuer.trusted();
    let shop = Shop::empty(|settings| settings.issuers = vec![trusted.clone()]).await;
    let with = |token: &str| {
        let mut client = shop.client();
        client.sign_in(token);
        client
    };
    let known = issuer.token(&shop, ED, "ada", &json!({}));
    assert_eq!(with(&known).send(VIEWER, json!({})).await.at("/data/viewer/customer/email"), "ada@example.com");
    shop.clock.advance(time::Duration::seconds(2));
    let client = with(&issuer.token(&shop, ED, "ada", &json!({})));
    shop.clock.advance(time::Duration::seconds(2));
    let now = shop.clock.now();
    let mut ending = shop.database.connect().await;
    ending.execute("begin").await.unwrap();
    let end = "select sessions_end_v1((select id from customer), null, $1)";
    sqlx::query(end).bind(now).execute(&mut ending).await.unwrap();
    let reading = tokio::spawn(async move { client.send(VIEWER, json!({})).await });
    shop.database.until_locked().await;

    ending.execute("commit").await.unwrap();

    let answer = reading.await.unwrap();
    assert_eq!(answer.code(), "SESSION_REVOKED", "{}", answer.text);
    assert_eq!(shop.database.count("select count(*) from session where revoked_at is null").await, 0);
}
