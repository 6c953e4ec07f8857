//! Which published keys are used.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};

use super::{
    ExternalAlgorithm, ExternalKeys, ExternalKeysError, ExternalRefusal, MAX_DOCUMENT_LEN, forgery::*, verify_access,
};
use crate::test_keys::NOW;

fn parse(keys: &Value) -> Result<ExternalKeys, ExternalKeysError> {
    ExternalKeys::parse(&json!({ "keys": keys }).to_string())
}

/// The published key of an algorithm.
fn published(algorithm: ExternalAlgorithm) -> Value {
    let jwks = jwks();
    jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid(algorithm)).unwrap().clone()
}

#[test]
fn a_key_is_used_for_what_it_says() {
    use ExternalAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    let verifies = |key: Value, algorithm: ExternalAlgorithm| {
        let token = sign(algorithm, &header(algorithm), &claims());
        verify_access(&parse(&json!([key])).unwrap(), &token, &issuer(), NOW).is_ok()
    };

    assert!(verifies(rsa_jwk(), Rs256) && verifies(rsa_jwk(), Ps256));
    let only = |alg: &str| with(rsa_jwk(), "alg", alg);
    assert!(verifies(only("RS256"), Rs256) && !verifies(only("RS256"), Ps256));
    assert!(verifies(only("PS256"), Ps256) && !verifies(only("PS256"), Rs256));
    for algorithm in [Es256, EdDsa] {
        assert!(verifies(published(algorithm), algorithm));
        assert!(verifies(without(published(algorithm), "alg"), algorithm));
        assert!(verifies(without(published(algorithm), "use"), algorithm));
        assert!(verifies(with(published(algorithm), "key_ops", json!(["verify"])), algorithm));
        assert!(verifies(with(published(algorithm), "x5c", json!(["MIIB"])), algorithm));
    }
}

#[test]
fn keys_that_cannot_be_used_are_passed_over() {
    let (rsa, ec, ed) = (rsa_jwk(), published(ExternalAlgorithm::Es256), published(ExternalAlgorithm::EdDsa));
    let unusable = [
        json!({ "kty": "oct", "kid": "a", "k": "c2VjcmV0" }),
        json!({ "kty": "oct", "kid": "a", "alg": "HS256", "use": "sig", "k": "c2VjcmV0" }),
        with(rsa.clone(), "k", "c2VjcmV0"),
        with(rsa.clone(), "d", "AAAA"),
        with(ec.clone(), "d", "AAAA"),
        with(ed.clone(), "d", "AAAA"),
        with(rsa.clone(), "use", "enc"),
        with(rsa.clone(), "key_ops", json!(["encrypt"])),
        with(rsa.clone(), "alg", "RSA-OAEP"),
        with(rsa.clone(), "alg", "RS512"),
        with(rsa.clone(), "alg", "HS256"),
        with(rsa.clone(), "alg", "none"),
        with(rsa.clone(), "n", encode([0xFF; 128])),
        with(rsa.clone(), "n", encode([&[0; 200][..], &[0xFF; 100]].concat())),
        with(rsa.clone(), "n", encode([0xFF; 1025])),
        with(rsa.clone(), "n", "not base64"),
        without(rsa.clone(), "e"),
        with(rsa.clone(), "kid", "line\nfeed"),
        with(rsa.clone(), "kid", ""),
        with(rsa.clone(), "kid", "x".repeat(257)),
        with(rsa.clone(), "kid", 1),
        with(rsa, "kty", "EC"),
        with(ec.clone(), "crv", "P-384"),
        with(ec.clone(), "crv", "secp256k1"),
        with(ec.clone(), "alg", "ES384"),
        with(ec.clone(), "x", encode([1; 31])),
        with(ec, "y", encode([1; 33])),
        with(ed.clone(), "crv", "X25519"),
        with(ed.clone(), "crv", "P-256"),
        with(ed, "x", encode([1; 31])),
        json!({ "kty": "AKP", "kid": "a", "alg": "ML-DSA-44", "pub": "AAAA" }),
        json!({}),
        json!(null),
        json!("key"),
    ];

    for key in &unusable {
        assert_eq!(parse(&json!([key])).err(), Some(ExternalKeysError::NoUsableKey), "{key}");
    }
    // Beside them a good key goes on working.
    let all: Vec<_> = unusable.into_iter().chain([published(ExternalAlgorithm::EdDsa)]).collect();
    let keys = parse(&json!(all)).unwrap();
    assert!(verify_access(&keys, &with_claims(&claims()), &issuer(), NOW).is_ok());
}

#[test]
fn a_point_off_the_curve_verifies_nothing() {
    let off = with(published(ExternalAlgorithm::Es256), "y", encode([1; 32]));
    let token = sign(ExternalAlgorithm::Es256, &header(ExternalAlgorithm::Es256), &claims());

    let refused = verify_access(&parse(&json!([off])).unwrap(), &token, &issuer(), NOW);

    assert_eq!(refused, Err(ExternalRefusal::Invalid));
}

#[test]
fn other_documents_are_refused() {
    let parse = |text: &str| ExternalKeys::parse(text).unwrap_err();

    for text in ["", "null", "[]", "{}", "{\"keys\":{}}", "{\"keys\":1}", "<html>", "{\"keys\":[]}{}"] {
        assert_eq!(parse(text), ExternalKeysError::NotAKeySet, "{text}");
    }
    assert_eq!(parse("{\"keys\":[]}"), ExternalKeysError::NoUsableKey);
    assert_eq!(parse(&json!({ "keys": vec![rsa_jwk(); 65] }).to_string()), ExternalKeysError::TooManyKeys);
    assert_eq!(parse(&" ".repeat(MAX_DOCUMENT_LEN + 1)), ExternalKeysError::TooLong);
    assert_eq!(parse(&"[".repeat(MAX_DOCUMENT_LEN)), ExternalKeysError::NotAKeySet);
}
