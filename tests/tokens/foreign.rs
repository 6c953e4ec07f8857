//! Access tokens that another issuer has made: whom they stand for, and that they end as the shop's own do.

pub(crate) mod issuer;

use serde_json::{Value, json};
use tidegate_store::catalog::import::ImportOptions;
use tidegate_testkit::{CATALOGUE, Client, Shop, import, uuid};
use time::Duration;

use self::issuer::{ED, ES, Issuer};
use super::WHO;
use crate::attacks::{refusal, state};
use crate::customers::{Customer, LOGIN, RESET, RESET_SEND, VIEWER, login, mailed_code, mailed_token};
use crate::flows::{APPLY, CHECKOUT, CREATE, address, lines};

const REVOKE_OTHERS: &str = "mutation { sessionRevokeOthers { revokedCount errors { code } } }";
const SESSIONS: &str = "{ viewer { customer { sessions { nodes { id current } } } } }";

async fn open() -> (Shop, Issuer) {
    let issuer = Issuer::start().await;
    let trusted = issuer.trusted();
    let shop = Shop::empty(|settings| settings.issuers = vec![trusted.clone()]).await;
    import(&shop.database.url, CATALOGUE, ImportOptions::default()).await;
    (shop, issuer)
}

/// A client with a token of the issuer's, made now.
fn with(shop: &Shop, token: &str) -> Client {
    let mut client = shop.client();
    client.sign_in(token);
    client
}

/// Whether the token is taken, by each gateway.
async fn taken(shop: &Shop, token: &str) -> [bool; 2] {
    let mut good = [false; 2];
    for (gateway, good) in good.iter_mut().enumerate() {
        let mut client = shop.client_of(gateway);
        client.sign_in(token);
        let answer = client.send(WHO, json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body["data"]["shop"]["market"]["country"], json!("GB"), "public fields still answer");
        *good = answer.code().is_empty();
        if !*good {
            assert_eq!((answer.code(), &answer.body["data"]["viewer"]), ("SESSION_REVOKED", &Value::Null));
            let before = state(shop).await;
            assert_eq!(refusal(&client.send(CREATE, json!({})).await), "SESSION_REVOKED");
            assert_eq!(state(shop).await, before, "a refusal changed something");
        }
    }
    good
}

async fn counts(shop: &Shop) -> String {
    let count = |table: &str| format!("(select count(*) from {table})");
    let tables = ["customer", "external_identity", "session"].map(count);
    shop.database.ask(&tables.join(" || ' ' || ")).await
}

#[tokio::test]
async fn a_customer_is_made_for_the_first_private_request_and_is_the_same_for_the_next_token() {
    let (shop, issuer) = open().await;
    let token = issuer.token(&shop, ED, "ada", &json!({}));
    let client = with(&shop, &token);
    for _ in 0..2 {
        client.send("{ products { nodes { title } } }", json!({})).await.data();
    }
    assert_eq!(counts(&shop).await, "0 0 0", "what is public needs nobody");

    let seen = [client.send(VIEWER, json!({})).await, client.send(VIEWER, json!({})).await];
    shop.clock.advance(Duration::minutes(5));
    let later = issuer.token(&shop, ES, "ada", &json!({ "email": "lovelace@example.com" }));
    let again = with(&shop, &later).send(VIEWER, json!({})).await;

    let viewer = &seen[0].data()["viewer"];
    assert_eq!(seen[1].data()["viewer"], *viewer);
    assert_eq!((&viewer["session"]["kind"], &viewer["session"]["current"]), (&json!("CUSTOMER"), &json!(true)));
    assert_eq!(viewer["customer"]["email"], json!("ada@example.com"));
    assert_eq!(viewer["customer"]["name"], json!({ "givenName": "Ada", "familyName": "Byron" }));
    assert_eq!(
        (&viewer["customer"]["emailVerified"], &viewer["customer"]["hasPassword"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(again.data()["viewer"]["customer"], viewer["customer"]);
    assert_ne!(again.data()["viewer"]["session"]["id"], viewer["session"]["id"], "a token is a session");
    assert_eq!(counts(&shop).await, "1 1 2");
    let listed = client.send(SESSIONS, json!({})).await;
    let sessions = [again.value("/data/viewer/session/id"), &viewer["session"]["id"]];
    let nodes = listed.value("/data/viewer/customer/sessions/nodes");
    assert_eq!([&nodes[0]["id"], &nodes[1]["id"]], sessions, "newest first");
    let other = issuer.token(&shop, ED, "bob", &json!({ "email": "bob@example.com" }));
    assert_ne!(
        with(&shop, &other).send(VIEWER, json!({})).await.data()["viewer"]["customer"]["id"],
        viewer["customer"]["id"]
    );
}

#[tokio::test]
async fn a_cart_goes_to_the_order_across_gateways_and_tokens() {
    let (shop, issuer) = open().await;
    let client = with(&shop, &issuer.token(&shop, ED, "ada", &json!({})));
    let lines = lines(&client, &[("MUG-R", 2)]).await;
    let input = json!({ "input": { "lines": lines }, "key": uuid(1) });
    let created = client.send(CREATE, input.clone()).await;
    let cart = created.at("/data/cartCreate/cart/id").to_owned();
    assert_eq!(created.value("/data/cartCreate/tokens"), &Value::Null, "its tokens are the issuer's");
    assert_eq!(client.send(CREATE, input).await.at("/data/cartCreate/cart/id"), cart, "a repeat, on the other gateway");

    shop.clock.advance(Duration::minutes(5));
    let client = with(&shop, &issuer.token(&shop, ES, "ada", &json!({})));
    assert_eq!(client.send(VIEWER, json!({})).await.at("/data/viewer/cart/id"), cart);
    let operations = json!([{ "setAddresses": { "shipping": address() } }]);
    assert_eq!(refusal(&client.send(APPLY, json!({ "cart": cart, "operations": operations })).await), "");
    let placed = client.send(CHECKOUT, json!({ "cart": cart, "total": "5.00", "key": uuid(2) })).await;
    assert_eq!(refusal(&placed), "", "{}", placed.text);

    let orders = "{ viewer { customer { orders { nodes { number } } } } }";
    let listed = client.send(orders, json!({})).await;
    assert_eq!(
        listed.value("/data/viewer/customer/orders/nodes/0/number"),
        placed.value("/data/checkoutComplete/order/number")
    );
    let stranger = with(&shop, &issuer.token(&shop, ED, "eve", &json!({ "email": "eve@example.com" })));
    let read = stranger.send("query($id: ID!) { cart(id: $id) { id } }", json!({ "id": cart })).await;
    assert_eq!(read.data()["cart"], Value::Null);
}

#[tokio::test]
async fn an_account_without_a_password_is_kept_as_any_other() {
    let (shop, issuer) = open().await;
    let client = with(&shop, &issuer.token(&shop, ED, "ada", &json!({})));
    let mutations = [
        (
            "mutation($a: AddressInput!) { addressSave(input: $a) { address { id } errors { code } } }",
            json!({ "a": address() }),
        ),
        ("mutation { customerUpdate(input: { phone: \"+44 20 7946 0000\" }) { errors { code } } }", json!({})),
        ("mutation { passwordChange(next: \"staple for a battery\") { errors { code } } }", json!({})),
    ];
    for (mutation, variables) in mutations {
        assert_eq!(refusal(&client.send(mutation, variables).await), "", "{mutation}");
    }
    let by_password = login(&shop.client(), "ada@example.com", "staple for a battery").await;
    let by_password = Customer::from(shop.client(), "ada@example.com", &by_password, "login");
    assert_eq!(client.send(VIEWER, json!({})).await.at("/data/viewer/customer/id"), by_password.id);

    shop.client().send("mutation { loginCodeSend(email: \"ada@example.com\") { accepted } }", json!({})).await;
    let code = mailed_code(&shop, "ada@example.com").await;
    let input = json!({ "input": { "oneTimeCode": { "email": "ada@example.com", "code": code } } });
    let by_code = shop.client().send(LOGIN, input).await;
    assert_eq!(by_code.at("/data/login/customer/id"), by_password.id);
}

#[tokio::test]
async fn revoking_ends_the_tokens_of_before_everywhere_and_spares_newer_ones() {
    let (shop, issuer) = open().await;
    let token = issuer.token(&shop, ED, "ada", &json!({}));
    shop.clock.advance(Duration::seconds(2));
    let unused = issuer.token(&shop, ED, "ada", &json!({}));
    assert_eq!(taken(&shop, &token).await, [true; 2]);
    let listed = with(&shop, &token).send(SESSIONS, json!({})).await;
    let session = listed.at("/data/viewer/customer/sessions/nodes/0/id").to_owned();
    shop.clock.advance(Duration::seconds(2));

    let revoke = "mutation($id: ID!) { sessionRevoke(id: $id) { revokedCount errors { code } } }";
    let answer = with(&shop, &token).send(revoke, json!({ "id": session })).await;
    assert_eq!(answer.data()["sessionRevoke"], json!({ "revokedCount": 1, "errors": [] }));

    assert_eq!(taken(&shop, &token).await, [false; 2]);
    assert_eq!(taken(&shop, &unused).await, [false; 2], "the issuer made it before");
    shop.clock.advance(Duration::seconds(2));
    let newer = issuer.token(&shop, ED, "ada", &json!({}));
    assert_eq!(taken(&shop, &newer).await, [true; 2]);
    assert_eq!(counts(&shop).await, "1 1 2");
}

#[tokio::test]
async fn what_ends_every_session_ends_those_of_the_issuer_too() {
    let (shop, issuer) = open().await;
    let token = issuer.token(&shop, ED, "ada", &json!({}));
    let change = "mutation { passwordChange(next: \"staple for a battery\") { errors { code } } }";
    assert_eq!(refusal(&with(&shop, &token).send(change, json!({})).await), "");
    let own = login(&shop.client(), "ada@example.com", "staple for a battery").await;
    let own = Customer::from(shop.client(), "ada@example.com", &own, "login");
    assert_eq!(taken(&shop, &token).await, [true; 2]);
    shop.clock.advance(Duration::seconds(2));

    let ended = own.client.send(REVOKE_OTHERS, json!({})).await;
    assert_eq!(ended.data()["sessionRevokeOthers"], json!({ "revokedCount": 1, "errors": [] }));
    assert_eq!(taken(&shop, &token).await, [false; 2]);
    assert!(own.is_signed_in().await);

    shop.clock.advance(Duration::seconds(2));
    let token = issuer.token(&shop, ES, "ada", &json!({}));
    assert_eq!(taken(&shop, &token).await, [true; 2]);
    shop.clock.advance(Duration::seconds(2));
    assert_eq!(refusal(&with(&shop, &token).send("mutation { logout { errors { code } } }", json!({})).await), "");
    assert_eq!(taken(&shop, &token).await, [false; 2]);
}

/// Whoever stole a token that the owner has never used here must not outlast the owner's new password.
#[tokio::test]
async fn a_reset_ends_tokens_of_the_issuer_that_were_not_used_yet() {
    let (shop, issuer) = open().await;
    let used = issuer.token(&shop, ED, "ada", &json!({}));
    assert_eq!(taken(&shop, &used).await, [true; 2]);
    assert_eq!(refusal(&with(&shop, &used).send("mutation { logout { errors { code } } }", json!({})).await), "");
    shop.clock.advance(Duration::seconds(2));
    let unused = issuer.token(&shop, ED, "ada", &json!({}));
    shop.clock.advance(Duration::seconds(2));
    assert_eq!(shop.database.count("select count(*) from session where revoked_at is null").await, 0);

    shop.client().send(RESET_SEND, json!({ "email": "ada@example.com" })).await;
    let link = mailed_token(&shop, "ada@example.com").await;
    let reset = shop.client().send(RESET, json!({ "token": link, "password": "staple for a battery" })).await;
    let owner = Customer::from(shop.client(), "ada@example.com", &reset, "passwordReset");

    assert_eq!(taken(&shop, &unused).await, [false; 2]);
    assert!(owner.is_signed_in().await);
    shop.clock.advance(Duration::seconds(2));
    let newer = issuer.token(&shop, ED, "ada", &json!({}));
    assert_eq!(taken(&shop, &newer).await, [true; 2], "whoever signs in there again is let in");
}

#[tokio::test]
async fn an_account_that_was_deleted_does_not_come_back_by_the_token_that_deleted_it() {
    let (shop, issuer) = open().await;
    let token = issuer.token(&shop, ED, "ada", &json!({}));
    assert_eq!(taken(&shop, &token).await, [true; 2]);
    shop.clock.advance(Duration::seconds(2));
    let unused = issuer.token(&shop, ED, "ada", &json!({}));

    let delete = "mutation { customerDelete(confirm: \"ada@example.com\") { accepted errors { code } } }";
    assert_eq!(refusal(&with(&shop, &token).send(delete, json!({})).await), "");

    for token in [&token, &unused] {
        assert_eq!(taken(&shop, token).await, [false; 2]);
    }
    assert_eq!(counts(&shop).await, "0 0 0");
    assert_eq!(shop.database.count("select count(*) from erased_identity").await, 1);
    shop.clock.advance(Duration::seconds(2));
    let newer = issuer.token(&shop, ED, "ada", &json!({}));
    assert_eq!(taken(&shop, &newer).await, [true; 2], "whoever signs in there again has a new account");
}

#[tokio::test]
async fn an_address_counts_only_when_the_issuer_has_verified_it() {
    let (shop, issuer) = open().await;
    let owner = Customer::new(&shop, "ada@example.com").await;
    let before = counts(&shop).await;
    let claims = [json!({ "email_verified": false }), json!({ "email_verified": null }), json!({ "email": null })];
    for claims in claims {
        let token = issuer.token(&shop, ED, "mallory", &claims);
        assert_eq!(taken(&shop, &token).await, [false; 2]);
        assert_eq!(counts(&shop).await, before);
    }

    let token = issuer.token(&shop, ED, "ada", &json!({}));
    let seen = with(&shop, &token).send(VIEWER, json!({})).await;
    assert_eq!(seen.at("/data/viewer/customer/id"), owner.id);
    assert!(owner.is_signed_in().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_requests_at_once_make_one_customer_and_are_all_answered() {
    let (shop, issuer) = open().await;
    for round in 0..10 {
        let claims = json!({ "email": format!("ada{round}@example.com") });
        let token = issuer.token(&shop, ED, &format!("ada{round}"), &claims);
        let requests: Vec<_> = (0..8)
            .map(|_| {
                let client = with(&shop, &token);
                tokio::spawn(async move { client.send(VIEWER, json!({})).await })
            })
            .collect();
        for request in requests {
            let answer = request.await.unwrap();
            assert_eq!(answer.data()["viewer"]["customer"]["email"], json!(format!("ada{round}@example.com")));
        }
    }
    assert_eq!(counts(&shop).await, "10 10 10");
}

#[tokio::test]
async fn a_token_that_fails_by_itself_is_refused_before_anything_runs() {
    let (shop, issuer) = open().await;
    let now = issuer::now(&shop);
    let elsewhere = Issuer::start().await;
    let wrong = [
        (issuer.token(&shop, ED, "ada", &json!({ "exp": now - 60, "iat": now - 600 })), "TOKEN_EXPIRED"),
        (issuer.token(&shop, ED, "ada", &json!({ "aud": "another" })), "TOKEN_INVALID"),
        (issuer.token(&shop, ED, "ada", &json!({ "iss": "https://else.example" })), "TOKEN_INVALID"),
        (issuer.token(&shop, ED, "ada", &json!({ "sub": null })), "TOKEN_INVALID"),
        (elsewhere.token(&shop, ED, "ada", &json!({ "iss": issuer.url })), "TOKEN_INVALID"),
        (elsewhere.token(&shop, ED, "ada", &json!({})), "TOKEN_INVALID"),
    ];
    for (token, code) in wrong {
        for _ in 0..2 {
            let answer = with(&shop, &token).send(CREATE, json!({})).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (401, code), "{}", answer.text);
            assert!(answer.headers.contains_key("www-authenticate"));
        }
    }
    assert_eq!(counts(&shop).await, "0 0 0");
}
