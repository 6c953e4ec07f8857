//! Tokens in the wrong place, in the wrong hands, and after their time.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tidegate_auth::link;
use tidegate_model::Clock as _;
use tidegate_testkit::{Answer, Client, Shop};

use super::refusal::{assert_silent, refusal, state};
use crate::command::tidegate;
use crate::customers::{Customer, LOGIN, PASSWORD, VERIFY, VIEWER, codes, login, mailed_code, mailed_token, register};
use crate::flows::{APPLY, Buyer, CREATE};

const REFRESH: &str = "mutation($token: String!) { sessionRefresh(refreshToken: $token) {
    tokens { accessToken refreshToken } errors { code } } }";
const RESET: &str =
    "mutation($token: String!, $password: String!) { passwordReset(token: $token, password: $password) {
    tokens { accessToken refreshToken } session { id } customer { id } deviceToken errors { code } } }";
const RESET_SEND: &str = "mutation($email: String!) { passwordResetSend(email: $email) { errors { code } } }";
const CHANGE_SEND: &str = "mutation($email: String!) {
    emailChangeRequest(email: $email, password: \"correct horse battery\") { errors { code } } }";
const CHANGE: &str =
    "mutation($token: String!) { emailChangeConfirm(token: $token) { customer { email } errors { code } } }";
const ORDER: &str = "query($link: String!) { order(by: { link: $link }) { id } }";

fn bearer(shop: &Shop, token: &str) -> Client {
    let mut client = shop.client();
    client.sign_in(token);
    client
}

async fn ok(client: &Client, document: &str, variables: Value) -> Answer {
    let answer = client.send(document, variables).await;
    assert_eq!(refusal(&answer), "", "{}", answer.text);
    answer
}

/// One live token of every kind that this shop makes, all of one customer.
async fn every_kind(shop: &Shop) -> Vec<(&'static str, String)> {
    let buyer = Buyer::ready(shop, &[("MUG-R", 1)]).await;
    let order = "mutation($cart: ID!, $key: IdempotencyKey!) { checkoutComplete(cartId: $cart, payment: { invoice: { reference: \"x\" } },
        expectedTotal: { amount: \"2.50\", currency: \"GBP\" }, idempotencyKey: $key) { orderLink { token } errors { code } } }";
    let placed = ok(&buyer.client, order, json!({ "cart": buyer.cart, "key": tidegate_testkit::uuid(1) })).await;
    let customer = Customer::new(shop, "ada@example.com").await;
    register(&shop.client(), "new@example.com").await;
    let shared = shop.client().send(CREATE, json!({ "input": { "shareable": true } })).await;
    let secret = shared.at("/data/cartCreate/secret").to_owned();
    ok(&customer.client, RESET_SEND, json!({ "email": customer.email })).await;
    let reset = mailed_token(shop, &customer.email).await;
    ok(&customer.client, CHANGE_SEND, json!({ "email": "next@example.com" })).await;
    let page = shop.client().send("{ products(first: 1) { pageInfo { endCursor } } }", json!({})).await;
    let asking = "mutation { loginCodeSend(email: \"ada@example.com\") { codeToken errors { code } } }";
    let sent = ok(&shop.client(), asking, json!({})).await;
    let key = tidegate(&shop.database, "api-keys create --name web --scope storefront").await;
    let keys = shop.gateways()[0].keys().current();
    let kid = keys.signer(shop.clock.now()).unwrap().kid().to_owned();
    let oidc = link::oidc_secrets(&keys, &kid, uuid::Uuid::from_u128(7)).unwrap();
    vec![
        ("access", customer.client.access_token().unwrap()),
        ("refresh", customer.refresh.clone()),
        ("cart secret", secret),
        ("verification", mailed_token(shop, "new@example.com").await),
        ("reset", reset),
        ("e-mail change", mailed_token(shop, "next@example.com").await),
        ("code", mailed_code(shop, &customer.email).await),
        ("code token", sent.at("/data/loginCodeSend/codeToken").to_owned()),
        ("order", placed.at("/data/checkoutComplete/orderLink/token").to_owned()),
        ("device", customer.device.clone()),
        ("oidc state", oidc.state),
        ("oidc nonce", oidc.nonce),
        ("API key", key.done().trim().to_owned()),
        ("cursor", page.at("/data/products/pageInfo/endCursor").to_owned()),
        ("session id", customer.session.clone()),
        ("customer id", customer.id.clone()),
    ]
}

#[tokio::test]
async fn case_54_no_kind_of_token_opens_the_door_of_another() {
    let shop = Shop::open().await;
    let kinds = every_kind(&shop).await;
    let asking = Customer::new(&shop, "eve@example.com").await;
    let before = state(&shop).await;

    for (kind, token) in &kinds {
        if *kind != "access" {
            for _ in 0..2 {
                let answer = bearer(&shop, token).send(VIEWER, json!({})).await;
                assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "TOKEN_INVALID"), "{kind}");
                assert!(answer.headers.contains_key("www-authenticate"), "{kind}");
            }
        }
        for (door, document, fits) in [
            ("refresh", REFRESH, "refresh"),
            ("verification", VERIFY, "verification"),
            ("reset", RESET, "reset"),
            ("e-mail change", CHANGE, "none: eve did not ask for it"),
        ] {
            if *kind != fits {
                let variables = json!({ "token": token, "password": "another horse battery" });
                let answer = asking.client.send(document, variables).await;
                let expected = match (door, token.len()) {
                    ("refresh", 257..) => "BAD_USER_INPUT",
                    ("refresh", _) => "REFRESH_TOKEN_INVALID",
                    _ => "ONE_TIME_TOKEN_INVALID",
                };
                assert_eq!(refusal(&answer), expected, "{kind} at {door}");
            }
        }
        if *kind != "order" {
            assert_eq!(
                shop.client().send(ORDER, json!({ "link": token })).await.data()["order"],
                Value::Null,
                "{kind}"
            );
        }
        if *kind != "code" {
            let code = json!({ "input": { "oneTimeCode": { "email": "eve@example.com", "code": token } } });
            assert_eq!(refusal(&shop.client().send(LOGIN, code).await), "INVALID_CREDENTIALS", "{kind}");
        }
        if *kind != "code token" {
            let code = json!({ "email": "ada@example.com", "code": kinds[6].1, "codeToken": token });
            let answer = shop.client().send(LOGIN, json!({ "input": { "oneTimeCode": code } })).await;
            assert_eq!(refusal(&answer), "INVALID_CREDENTIALS", "{kind} beside the right code");
        }
        let state = json!({ "input": { "oidc": { "state": token, "code": "x" } } });
        assert_eq!(refusal(&asking.client.send(LOGIN, state).await), "ONE_TIME_TOKEN_INVALID", "{kind}");
    }
    assert_eq!(state(&shop).await, before);
    assert!(asking.is_signed_in().await);
}

#[tokio::test]
async fn case_55_mailed_tokens_are_their_owners_and_good_once() {
    let shop = Shop::open().await;
    let (ada, eve) = (Customer::new(&shop, "ada@example.com").await, Customer::new(&shop, "eve@example.com").await);

    // An address that Eve asked for is Eve's to confirm, and becomes nobody else's.
    ok(&eve.client, CHANGE_SEND, json!({ "email": "next@example.com" })).await;
    let change = json!({ "token": mailed_token(&shop, "next@example.com").await });
    for client in [&ada.client, &shop.guest().await] {
        let answer = client.send(CHANGE, change.clone()).await;
        assert!(["ONE_TIME_TOKEN_INVALID", "SIGN_IN_REQUIRED"].contains(&refusal(&answer).as_str()), "{}", answer.text);
    }
    assert_eq!(
        ok(&eve.client, CHANGE, change.clone()).await.at("/data/emailChangeConfirm/customer/email"),
        "next@example.com"
    );
    assert_eq!(refusal(&eve.client.send(CHANGE, change).await), "ONE_TIME_TOKEN_INVALID");
    assert_eq!(
        shop.database.ask("select string_agg(email_key, ',' order by email_key) from customer").await,
        "ada@example.com,next@example.com"
    );

    // A reset signs in whom it was mailed to, whoever brings it, and only once.
    ok(&shop.client(), RESET_SEND, json!({ "email": "ada@example.com" })).await;
    let token = mailed_token(&shop, "ada@example.com").await;
    let reset = |password: &str| json!({ "token": token, "password": password });
    assert_eq!(
        ok(&eve.client, RESET, reset("another horse battery")).await.at("/data/passwordReset/customer/id"),
        ada.id
    );
    assert_eq!(refusal(&eve.client.send(RESET, reset("third horse battery")).await), "ONE_TIME_TOKEN_INVALID");
    assert_eq!(
        codes(&login(&shop.client(), "ada@example.com", "third horse battery").await, "login"),
        ["INVALID_CREDENTIALS"]
    );
}

#[tokio::test]
async fn case_55_mailed_tokens_are_void_after_a_password_change() {
    let shop = Shop::open().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    ok(&shop.client(), RESET_SEND, json!({ "email": "ada@example.com" })).await;
    let reset = mailed_token(&shop, "ada@example.com").await;
    ok(&ada.client, CHANGE_SEND, json!({ "email": "next@example.com" })).await;
    let change = mailed_token(&shop, "next@example.com").await;
    ok(&shop.client(), "mutation { loginCodeSend(email: \"ada@example.com\") { errors { code } } }", json!({})).await;
    let code = mailed_code(&shop, "ada@example.com").await;

    let to = "mutation { passwordChange(current: \"correct horse battery\", next: \"another horse battery\") { errors { code } } }";
    ok(&ada.client, to, json!({})).await;

    let answer = shop.client().send(RESET, json!({ "token": reset, "password": "third horse battery" })).await;
    assert_eq!(refusal(&answer), "ONE_TIME_TOKEN_INVALID");
    assert_eq!(refusal(&ada.client.send(CHANGE, json!({ "token": change })).await), "ONE_TIME_TOKEN_INVALID");
    let code = json!({ "input": { "oneTimeCode": { "email": "ada@example.com", "code": code } } });
    assert_eq!(refusal(&shop.client().send(LOGIN, code).await), "INVALID_CREDENTIALS");
    assert!(ada.is_signed_in().await);
}

/// Reads, writes and trades of a session that is over, over both gateways.
async fn assert_over(shop: &Shop, customer: &Customer) {
    let before = state(shop).await;
    for _ in 0..2 {
        let read = customer.client.send(VIEWER, json!({})).await;
        assert_eq!((refusal(&read).as_str(), &read.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null));
        let refresh = shop.client().send(REFRESH, json!({ "token": customer.refresh })).await;
        assert_eq!(refusal(&refresh), "REFRESH_TOKEN_INVALID");
        for document in [
            "mutation { customerUpdate(input: { givenName: \"Eve\" }) { errors { code } } }",
            "mutation { passwordChange(current: \"correct horse battery\", next: \"yet another battery\") { errors { code } } }",
            "mutation { sessionRevokeOthers { errors { code } } }",
            "mutation { cartCreate { errors { code } } }",
        ] {
            assert_eq!(refusal(&customer.client.send(document, json!({})).await), "SESSION_REVOKED", "{document}");
        }
    }
    assert_eq!(state(shop).await, before);
}

#[tokio::test]
async fn case_56_tokens_of_an_erased_customer_and_of_a_revoked_session() {
    let shop = Shop::open().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let (lost, phone) = (ada.elsewhere(&shop).await, ada.elsewhere(&shop).await);
    let revoke = "mutation($id: ID!) { sessionRevoke(id: $id) { revokedCount errors { code } } }";

    assert!(lost.is_signed_in().await);
    let ended = ok(&ada.client, revoke, json!({ "id": lost.session })).await;
    assert_eq!(ended.data()["sessionRevoke"]["revokedCount"], json!(1));
    assert_over(&shop, &lost).await;
    assert!(ada.is_signed_in().await && phone.is_signed_in().await);

    let erase = "mutation { customerDelete(confirm: \"ada@example.com\", password: \"correct horse battery\") { errors { code } } }";
    ok(&ada.client, erase, json!({})).await;
    for gone in [&ada, &phone, &lost] {
        assert_over(&shop, gone).await;
    }
    // Nothing of hers opens the account of whoever comes after her.
    let after = Customer::new(&shop, "ada@example.com").await;
    assert_ne!(after.id, ada.id);
    assert_over(&shop, &ada).await;
    assert!(after.is_signed_in().await);
}

#[tokio::test]
async fn case_57_two_tokens_are_none() {
    let shop = Shop::open().await;
    let (ada, eve) = (Customer::new(&shop, "ada@example.com").await, Customer::new(&shop, "eve@example.com").await);
    let token = |customer: &Customer| customer.client.access_token().unwrap();
    for (one, two) in [(token(&ada), token(&eve)), (token(&ada), token(&ada)), (token(&ada), "x".to_owned())] {
        for lines in [
            vec![format!("Bearer {one}"), format!("Bearer {two}")],
            vec![format!("Bearer {one}, Bearer {two}")],
            vec![format!("Bearer {one} {two}")],
            vec![format!("Bearer {one},{two}")],
        ] {
            let mut request =
                Request::post("/graphql").header("host", "localhost").header("content-type", "application/json");
            for line in &lines {
                request = request.header("authorization", line);
            }
            let body = Body::from(json!({ "query": VIEWER }).to_string());
            let answer = shop.client().request(request, body).await;
            assert_silent(&answer);
            assert!([400, 401].contains(&answer.status.as_u16()), "{lines:?}");
            assert!(answer.body.get("data").is_none(), "{lines:?}");
        }
    }
    for length in [10_000, 100_000, 1_000_000] {
        let answer = bearer(&shop, &"a".repeat(length)).send(VIEWER, json!({})).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "TOKEN_INVALID"));
    }
}

#[tokio::test]
async fn case_63_a_planted_session_is_not_the_victims() {
    let shop = Shop::open().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let input = json!({ "input": { "shareable": true, "note": "planted" } });
    let planted = shop.client().send(CREATE, input).await;
    let attacker = bearer(&shop, planted.at("/data/cartCreate/tokens/accessToken"));
    let (cart, secret) = (planted.at("/data/cartCreate/cart/id"), planted.at("/data/cartCreate/secret"));

    // The victim signs in with the session that the attacker has planted.
    let victim = bearer(&shop, planted.at("/data/cartCreate/tokens/accessToken"));
    let answer = login(&victim, &ada.email, PASSWORD).await;
    let victim = Customer::from(victim, &ada.email, &answer, "login");

    let seen = attacker.send(VIEWER, json!({})).await;
    assert_eq!((refusal(&seen).as_str(), &seen.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null));
    let refresh = planted.at("/data/cartCreate/tokens/refreshToken");
    assert_eq!(refusal(&attacker.send(REFRESH, json!({ "token": refresh })).await), "REFRESH_TOKEN_INVALID");
    let mut sharing = shop.client();
    sharing.set("x-cart-secret", secret);
    let read = "query($id: ID!) { cart(id: $id) { note } }";
    assert_eq!(sharing.send(read, json!({ "id": cart })).await.data()["cart"], Value::Null);
    let write = json!({ "cart": cart, "operations": [{ "setNote": "again" }] });
    assert_eq!(refusal(&sharing.send(APPLY, write).await), "NOT_FOUND");
    assert_eq!(victim.client.send(read, json!({ "id": cart })).await.data()["cart"]["note"], "planted");
}

#[tokio::test]
async fn case_64_other_sessions_end_with_a_password() {
    let shop = Shop::open().await;
    let ada = Customer::new(&shop, "ada@example.com").await;
    let (thief, bystander) = (ada.elsewhere(&shop).await, Customer::new(&shop, "bob@example.com").await);
    let change = "mutation { passwordChange(current: \"correct horse battery\", next: \"another horse battery\") { errors { code } } }";
    ok(&ada.client, change, json!({})).await;
    assert_over(&shop, &thief).await;
    assert!(ada.is_signed_in().await && bystander.is_signed_in().await);

    ok(&shop.client(), RESET_SEND, json!({ "email": "ada@example.com" })).await;
    let token = mailed_token(&shop, "ada@example.com").await;
    let reset = shop.client().send(RESET, json!({ "token": token, "password": "third horse battery" })).await;
    let fresh = Customer::from(shop.client(), "ada@example.com", &reset, "passwordReset");
    assert_over(&shop, &ada).await;
    assert!(fresh.is_signed_in().await && bystander.is_signed_in().await);
    assert_eq!(
        codes(&login(&shop.client(), "ada@example.com", "another horse battery").await, "login"),
        ["INVALID_CREDENTIALS"]
    );
}

/// Two sign-ins with one guest's session race for its cart.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn case_66_a_guests_cart_is_claimed_once() {
    let shop = Shop::open().await;
    let (ada, eve) = (Customer::new(&shop, "ada@example.com").await, Customer::new(&shop, "eve@example.com").await);
    for _ in 0..5 {
        let buyer = Buyer::ready(&shop, &[("MUG-R", 2)]).await;
        let claim = |email: &str| {
            let (client, email) = (buyer.client.clone(), email.to_owned());
            tokio::spawn(async move { login(&client, &email, PASSWORD).await })
        };
        let (one, other) = (claim(&ada.email), claim(&eve.email));
        for answer in [one.await.unwrap(), other.await.unwrap()] {
            assert_eq!(refusal(&answer), "", "{}", answer.text);
        }
        assert_eq!(shop.database.count("select count(*) from cart where session_id is not null").await, 0);
    }
    // Five carts of two pieces each: none was lost, none was had twice.
    assert_eq!(
        shop.database
            .count("select sum(quantity) from cart_line l join cart c on c.id = l.cart_id where c.status = 'OPEN'")
            .await,
        10
    );
}
