//! What an access token says (RFC 9068), and that others can check it with the published keys.

use axum::body::Body;
use axum::http::Request;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use tidegate_auth::keys::SigningAlgorithm;
use tidegate_testkit::{Answer, Shop};

use super::Held;
use crate::customers::Customer;

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn published(shop: &Shop, gateway: usize) -> Answer {
    shop.client_of(gateway).request(Request::get("/.well-known/jwks.json"), Body::empty()).await
}

#[tokio::test]
async fn an_access_token_says_who_for_how_long_and_what_for() {
    let shop = Shop::open().await;
    let guest = Held::guest(&shop).await;
    let customer = Customer::new(&shop, "ada@example.com").await;
    let mut refreshed = Held::of(&customer);
    assert!(refreshed.refresh(&shop.client()).await);
    let now = tidegate_model::Clock::now(&*shop.clock).unix_timestamp();

    let tokens = [
        (&guest.access, &guest.session, "storefront"),
        (&customer.client.access_token().unwrap(), &customer.id, "storefront account"),
        (&refreshed.access, &customer.id, "storefront account"),
    ];
    let mut ids = std::collections::HashSet::new();
    for (token, subject, scope) in tokens {
        let (header, claims) = (part(token, 0), part(token, 1));
        assert_eq!((names(&header), &header["typ"]), (vec!["alg", "kid", "typ"], &json!("at+jwt")));
        assert_eq!(names(&claims), ["aud", "client_id", "exp", "iat", "iss", "jti", "nbf", "scope", "sid", "sub"]);
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!("tidegate"), &json!("tidegate-storefront")));
        assert_eq!((&claims["sub"], &claims["scope"]), (&json!(subject), &json!(scope)));
        assert_eq!(claims["client_id"], json!("storefront"));
        let [issued, from, until] = ["iat", "nbf", "exp"].map(|name| claims[name].as_i64().unwrap());
        assert!((now - 30..=now).contains(&issued) && from == issued, "{issued} {from}");
        assert!((5 * 60..=15 * 60).contains(&(until - issued)), "lives {} s", until - issued);
        assert!(ids.insert(claims["jti"].as_str().unwrap().to_owned()), "jti is new for every token");
        let session = "select count(*) from session where revoked_at is null and id::text = ";
        let id = claims["sid"].as_str().unwrap();
        assert_eq!(shop.database.count(&format!("{session}'{id}'")).await, 1, "sid is the session's");
    }
    assert!(guest.access.len() < 1_024, "{}", guest.access.len());
}

#[tokio::test]
async fn others_verify_tokens_with_the_published_keys() {
    let choices = [(SigningAlgorithm::EdDsa, Algorithm::EdDSA), (SigningAlgorithm::Es256, Algorithm::ES256)];
    for (configured, algorithm) in choices {
        let shop = Shop::empty(|settings| settings.signing_algorithm = configured).await;
        let guest = Held::guest(&shop).await;

        let answers = [published(&shop, 0).await, published(&shop, 1).await];

        assert_eq!(answers[0].text, answers[1].text);
        assert_eq!(answers[0].headers["cache-control"], "public, max-age=60");
        assert_eq!(answers[0].headers["content-type"], "application/json");
        let secret = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];
        for key in answers[0].body["keys"].as_array().unwrap() {
            assert!(names(key).iter().all(|name| !secret.contains(name)), "{key}");
            assert_eq!((&key["use"], &key["alg"]), (&json!("sig"), &json!(configured.as_str())));
        }
        let set: JwkSet = serde_json::from_value(answers[0].body.clone()).unwrap();
        let header = jsonwebtoken::decode_header(&guest.access).unwrap();
        let key = DecodingKey::from_jwk(set.find(&header.kid.unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&["tidegate"]);
        validation.set_audience(&["tidegate-storefront"]);
        let read = jsonwebtoken::decode::<Value>(&guest.access, &key, &validation).unwrap();
        assert_eq!(read.claims["sub"], json!(guest.session));
        validation.set_audience(&["another"]);
        assert!(jsonwebtoken::decode::<Value>(&guest.access, &key, &validation).is_err());
    }
}

#[tokio::test]
async fn a_symmetric_key_is_not_published() {
    let shop = Shop::empty(|_| {}).await;
    let guest = Held::guest(&shop).await;

    for gateway in [0, 1] {
        assert_eq!(published(&shop, gateway).await.text, r#"{"keys":[]}"#);
    }
    assert_eq!(part(&guest.access, 0)["alg"], json!("HS256"));
}
