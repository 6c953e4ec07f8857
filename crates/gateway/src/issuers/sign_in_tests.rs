//! Sign-in with a provider, well-behaved or not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;

use serde_json::{Value, json};
use tidegate_auth::link::OidcSecrets;
use tidegate_resolvers::oidc::{OidcClient as _, OidcExchange, OidcFault, OidcIdentity};
use time::Duration;
use url::Url;

use super::Issuers;
use super::fake_issuer::{FakeIssuer, Manner, NOW, REDIRECT, kid, sign};

fn secrets() -> OidcSecrets {
    let text = |text: &str| text.to_owned();
    OidcSecrets { state: text("a state"), nonce: text("a nonce"), verifier: text("v"), challenge: text("c") }
}

fn exchange(provider: &'static str) -> OidcExchange<'static> {
    OidcExchange {
        provider,
        code: "a code",
        iss: None,
        redirect_uri: REDIRECT,
        verifier: "a verifier",
        nonce: "a nonce",
        now: NOW,
    }
}

fn id_claims(issuer: &FakeIssuer) -> Value {
    let now = NOW.unix_timestamp();
    json!({
        "iss": issuer.issuer, "aud": "app", "sub": "ada", "nonce": "a nonce", "iat": now, "exp": now + 300,
        "email": "ada@b.example", "email_verified": true, "given_name": "Ada", "family_name": "L",
    })
}

fn tokens(seed: u8, claims: &Value) -> Value {
    let header = json!({ "alg": "EdDSA", "kid": kid(seed) });
    json!({ "id_token": sign(seed, &header, claims), "access_token": "for-details", "token_type": "Bearer" })
}

/// A provider that answers any code with good tokens.
async fn start() -> (FakeIssuer, Issuers) {
    let issuer = FakeIssuer::start().await;
    issuer.answer_codes(200, tokens(1, &id_claims(&issuer)));
    let issuers = issuer.issuers();
    (issuer, issuers)
}

#[tokio::test]
async fn the_customer_is_sent_to_the_provider_with_everything_it_needs() {
    let (issuer, issuers) = start().await;

    let url = issuers.authorize_url("app", REDIRECT, &secrets(), NOW).await.unwrap();

    let url = Url::parse(&url).unwrap();
    assert!(url.as_str().starts_with(&format!("{}/auth?tenant=1&", issuer.issuer)), "{url}");
    let pairs: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let expected = [
        ("tenant", "1"),
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid email"),
        ("state", "a state"),
        ("nonce", "a nonce"),
        ("code_challenge", "c"),
        ("code_challenge_method", "S256"),
    ];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn a_sign_in_begins_and_ends_only_at_a_listed_address() {
    let (issuer, issuers) = start().await;
    let listed = |text: String| text;
    for uri in [
        listed(format!("{REDIRECT}/")),
        listed(format!("{REDIRECT}?x=1")),
        listed(format!("{REDIRECT}#")),
        "http://LOCALHOST:3000/callback".to_owned(),
        "http://localhost:3000/callbac".to_owned(),
        "http://localhost:3000/%63allback".to_owned(),
        "https://evil.example/callback".to_owned(),
        String::new(),
    ] {
        let begun = issuers.authorize_url("app", &uri, &secrets(), NOW).await;
        let ended = issuers.exchange(OidcExchange { redirect_uri: &uri, ..exchange("app") }).await;

        assert_eq!(begun, Err(OidcFault::RedirectNotAllowed), "{uri}");
        assert_eq!(ended, Err(OidcFault::RedirectNotAllowed), "{uri}");
    }
    assert_eq!(issuers.exchange(exchange("nobody")).await, Err(OidcFault::UnknownProvider));
    assert_eq!(issuer.calls("/token"), 0);
}

#[tokio::test]
async fn a_code_becomes_who_signed_in() {
    let (issuer, issuers) = start().await;

    let identity = issuers.exchange(OidcExchange { iss: Some(&issuer.issuer), ..exchange("app") }).await.unwrap();

    let expected = OidcIdentity {
        issuer: issuer.issuer.clone(),
        subject: "ada".to_owned(),
        email: Some("ada@b.example".to_owned()),
        email_verified: true,
        given_name: Some("Ada".to_owned()),
        family_name: Some("L".to_owned()),
    };
    assert_eq!(identity, expected);
    let form = "grant_type=authorization_code&code=a+code&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback\
                &code_verifier=a+verifier&client_id=app";
    assert_eq!(issuer.brought("/token"), form);
    assert_eq!(issuer.calls("/me"), 0);
}

#[tokio::test]
async fn the_clients_secret_goes_where_the_provider_wants_it() {
    let (issuer, issuers) = start().await;
    issuer.answer_codes(200, tokens(1, &with(id_claims(&issuer), "aud", "shop:1")));

    issuers.exchange(exchange("shop")).await.unwrap();

    // base64("shop%3A1:a%25b%3Ac+d")
    let brought = issuer.brought("/token");
    assert!(brought.starts_with("Basic c2hvcCUzQTE6YSUyNWIlM0FjK2Q= grant_type="), "{brought}");
    assert!(!brought.contains("client_"), "{brought}");

    let (issuer, _) = start().await;
    issuer.take_secrets_in_forms();
    issuer.answer_codes(200, tokens(1, &with(id_claims(&issuer), "aud", "shop:1")));
    issuer.issuers().exchange(exchange("shop")).await.unwrap();
    let brought = issuer.brought("/token");
    assert!(brought.ends_with("&client_id=shop%3A1&client_secret=a%25b%3Ac+d"), "{brought}");
}

#[tokio::test]
async fn what_the_id_token_leaves_out_is_asked_for() {
    let (issuer, issuers) = start().await;
    let now = NOW.unix_timestamp();
    let short =
        json!({ "iss": issuer.issuer, "aud": "app", "sub": "ada", "nonce": "a nonce", "iat": now, "exp": now + 9 });
    issuer.answer_codes(200, tokens(1, &short));
    issuer.tell_user(json!({ "sub": "ada", "email": "ada@b.example", "email_verified": true }));

    let identity = issuers.exchange(exchange("app")).await.unwrap();

    assert_eq!((identity.email.as_deref(), identity.email_verified), (Some("ada@b.example"), true));
    assert_eq!(issuer.brought("/me"), "Bearer for-details");
    issuer.tell_user(json!({ "sub": "eve", "email": "eve@b.example", "email_verified": true }));
    assert_eq!(issuers.exchange(exchange("app")).await, Err(OidcFault::Refused));
}

#[tokio::test]
async fn an_id_token_that_is_not_for_this_sign_in_is_refused() {
    let (issuer, issuers) = start().await;
    let claims = || id_claims(&issuer);
    let past = NOW.unix_timestamp() - 1;
    let answers = [
        tokens(1, &with(claims(), "nonce", "another")),
        tokens(1, &without(claims(), "nonce")),
        tokens(1, &with(claims(), "aud", "shop:1")),
        tokens(1, &with(claims(), "iss", "https://evil.example")),
        tokens(1, &with(claims(), "azp", "another")),
        tokens(1, &with(claims(), "exp", past)),
        tokens(1, &without(claims(), "sub")),
        json!({ "id_token": "x" }),
        json!({ "access_token": "x" }),
        json!([]),
    ];
    for answer in answers {
        issuer.answer_codes(200, answer.clone());

        assert_eq!(issuers.exchange(exchange("app")).await, Err(OidcFault::Refused), "{answer}");
    }
}

#[tokio::test]
async fn another_issuers_answer_is_not_shown_to_the_provider() {
    let (issuer, issuers) = start().await;
    for iss in ["https://evil.example", "", &format!("{}/", issuer.issuer)] {
        let ended = issuers.exchange(OidcExchange { iss: Some(iss), ..exchange("app") }).await;

        assert_eq!(ended, Err(OidcFault::Refused), "{iss}");
    }
    for code in ["", &"x".repeat(5_000)] {
        assert_eq!(issuers.exchange(OidcExchange { code, ..exchange("app") }).await, Err(OidcFault::Refused));
    }
    assert_eq!(issuer.calls("/token"), 0);
}

#[tokio::test]
async fn a_refused_code_and_a_provider_in_trouble_are_told_apart() {
    let (issuer, issuers) = start().await;
    let seven = Err(OidcFault::Unavailable { retry_after_ms: 7_000 });
    for (status, body, expected) in [
        (400, json!({ "error": "invalid_grant" }), Err(OidcFault::Refused)),
        (401, json!({ "error": "invalid_client" }), seven.clone()),
        (429, Value::Null, seven.clone()),
        (500, json!("x"), seven.clone()),
        (204, Value::Null, seven),
    ] {
        issuer.answer_codes(status, body);

        assert_eq!(issuers.exchange(exchange("app")).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_provider_that_misbehaves_is_away() {
    let five = OidcFault::Unavailable { retry_after_ms: 5_000 };
    for manner in [Manner::Away, Manner::Redirect, Manner::Large, Manner::LargeChunks, Manner::Garbage] {
        let (issuer, issuers) = start().await;
        issuer.behave(manner);
        assert_eq!(issuers.authorize_url("app", REDIRECT, &secrets(), NOW).await, Err(five), "{manner:?}");

        let (issuer, issuers) = start().await;
        issuers.authorize_url("app", REDIRECT, &secrets(), NOW).await.unwrap();
        issuer.behave(manner);
        let ended = issuers.exchange(exchange("app")).await;
        let refused = if manner == Manner::Garbage { OidcFault::Refused } else { five };
        let away = if manner == Manner::Away { OidcFault::Unavailable { retry_after_ms: 5_000 } } else { refused };
        assert_eq!(ended, Err(away), "{manner:?}");
        assert_eq!(issuer.calls("/token"), 1, "a code is sent once");
        assert_eq!(issuer.calls("/elsewhere/token"), 0);
    }
}

#[tokio::test]
async fn a_provider_that_changed_its_key_is_followed_once_a_minute() {
    let (issuer, issuers) = start().await;
    issuers.exchange(exchange("app")).await.unwrap();
    issuer.publish(&[2]);
    issuer.answer_codes(200, tokens(2, &id_claims(&issuer)));

    assert!(issuers.exchange(exchange("app")).await.is_ok());
    assert_eq!(issuer.calls("/jwks"), 2);

    issuer.publish(&[3]);
    issuer.answer_codes(200, tokens(3, &id_claims(&issuer)));
    let soon = OidcExchange { now: NOW + Duration::seconds(59), ..exchange("app") };
    let later = OidcExchange { now: NOW + Duration::seconds(60), ..exchange("app") };
    assert_eq!(issuers.exchange(soon).await, Err(OidcFault::Unavailable { retry_after_ms: 60_000 }));
    assert!(issuers.exchange(later).await.is_ok());
    assert_eq!(issuer.calls("/jwks"), 3);
}

fn with(mut value: Value, name: &str, member: impl Into<Value>) -> Value {
    value[name] = member.into();
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name).unwrap();
    value
}
