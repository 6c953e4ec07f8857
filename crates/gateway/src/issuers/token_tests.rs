//! Access tokens of another issuer: which are taken, and what a token cannot make the gateway do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::fake_issuer::{AUDIENCE, FakeIssuer, NOW, kid, message, public, sign};
use super::{IssuerRefusal, Issuers};
use crate::config::{Mode, Settings};

fn header() -> Value {
    json!({ "alg": "EdDSA", "kid": kid(1), "typ": "at+jwt" })
}

fn claims(issuer: &FakeIssuer) -> Value {
    let now = NOW.unix_timestamp();
    json!({ "iss": issuer.issuer, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + 900 })
}

fn with(mut value: Value, name: &str, member: impl Into<Value>) -> Value {
    value[name] = member.into();
    value
}

#[tokio::test]
async fn a_token_of_the_issuer_names_its_holder() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let token = sign(1, &header(), &with(claims(&issuer), "email", "ada@b.example"));
    let trusted = issuers.of(&token).unwrap();

    let access = trusted.check(&token, NOW).await.unwrap();

    assert_eq!(trusted.issuer(), issuer.issuer);
    assert_eq!((access.subject.as_str(), access.issued_at), ("ada", NOW));
    assert_eq!((access.email.as_deref(), access.email_verified), (Some("ada@b.example"), false));
    let later = NOW + std::time::Duration::from_mins(15);
    assert_eq!(trusted.check(&token, later).await, Err(IssuerRefusal::Expired));
}

#[tokio::test]
async fn tokens_of_issuers_that_are_not_configured_are_nobodys() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    for iss in ["https://evil.example", "", "tidegate", &format!("{}/", issuer.issuer)] {
        assert!(issuers.of(&sign(1, &header(), &with(claims(&issuer), "iss", iss))).is_none(), "{iss}");
    }
    for text in ["", "a.b.c", "tgr_x", &"x".repeat(100_000)] {
        assert!(issuers.of(text).is_none());
    }
    let none = Issuers::new(&Settings::defaults(Mode::Serve)).unwrap();

    assert!(none.of(&issuer.access_token(1)).is_none());
    assert_eq!(issuer.calls("/jwks"), 0);
}

#[tokio::test]
async fn case_46_a_public_key_is_no_secret() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let public = public(1);
    let x = BASE64URL_NOPAD.encode(&public);
    let jwk =
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid(1), "alg": "EdDSA", "use": "sig", "x": x }).to_string();
    for secret in [public.as_slice(), x.as_bytes(), jwk.as_bytes(), b""] {
        let message = message(&with(header(), "alg", "HS256"), &claims(&issuer));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        let token = format!("{message}.{}", BASE64URL_NOPAD.encode(tag.as_ref()));

        let checked = issuers.of(&token).unwrap().check(&token, NOW).await;

        assert_eq!(checked, Err(IssuerRefusal::Invalid));
    }
}

#[tokio::test]
async fn case_49_addresses_in_a_token_are_not_called() {
    let issuer = FakeIssuer::start().await;
    let elsewhere = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    for name in ["jku", "x5u", "jwk", "x5c"] {
        let url = format!("{}/jwks", elsewhere.issuer);
        let token = sign(9, &with(with(header(), name, url), "kid", kid(9)), &claims(&issuer));

        let checked = issuers.of(&token).unwrap().check(&token, NOW).await;

        assert_eq!(checked, Err(IssuerRefusal::Invalid), "{name}");
    }
    assert_eq!(elsewhere.calls("/jwks"), 0);
}

#[tokio::test]
async fn tokens_for_others_and_id_tokens_are_refused() {
    let issuer = FakeIssuer::start().await;
    let issuers = issuer.issuers();
    let changed = [
        sign(1, &header(), &with(claims(&issuer), "aud", "another-shop")),
        sign(1, &header(), &with(claims(&issuer), "aud", "app")),
        sign(1, &with(header(), "typ", "JWT"), &claims(&issuer)),
        sign(2, &header(), &claims(&issuer)),
        sign(1, &with(header(), "alg", "none"), &claims(&issuer)),
        format!("{}.", message(&with(header(), "alg", "none"), &claims(&issuer))),
    ];
    for token in changed {
        let checked = issuers.of(&token).unwrap().check(&token, NOW).await;

        assert_eq!(checked, Err(IssuerRefusal::Invalid), "{token}");
    }
}
