#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::json;
use time::Duration;

use super::{Activation, KeyEntropy, KeySet, KeySetError, NoSigningKey, SigningAlgorithm, new_key};
use crate::test_keys::{NOW, build, kek, key_set, key_set_of_strangers, key_set_signing_with, row};

const HS: SigningAlgorithm = SigningAlgorithm::Hs256;

#[test]
fn the_newest_active_key_signs() {
    let entropy = KeyEntropy { master: [1; 32], nonce: [2; 12], kid: [3; 10] };
    let new = new_key(&kek(), HS, &entropy, Activation::AfterPublication, NOW).unwrap();
    let new_kid = new.kid.clone();
    let keys = build(vec![new, row("old", HS)]);

    let signer = |after| keys.signer(NOW + after).map(|key| key.kid().to_owned());

    assert_eq!(signer(Duration::ZERO), Ok("old".to_owned()));
    assert_eq!(signer(Duration::seconds(119)), Ok("old".to_owned()));
    assert_eq!(signer(Duration::seconds(120)), Ok(new_kid.clone()));
    assert!(keys.knows(&new_kid));
}

#[test]
fn a_retired_key_does_not_sign_even_if_the_snapshot_is_older() {
    let mut old = row("old", HS);
    old.retired_at = Some(NOW + Duration::seconds(10));
    let keys = build(vec![old]);

    assert!(keys.signer(NOW).is_ok());
    assert_eq!(keys.signer(NOW + Duration::seconds(10)).err(), Some(NoSigningKey));
}

#[test]
fn a_retired_key_is_known_but_not_opened() {
    let mut retired = row("retired", HS);
    retired.retired_at = Some(NOW);
    retired.sealed.clear();

    let keys = build(vec![retired, row("live", HS)]);

    assert!(keys.knows("retired") && keys.knows("live") && !keys.knows("other"));
    assert!(keys.key("retired").is_none());
}

#[test]
fn an_empty_set_signs_nothing() {
    let keys = build(vec![]);

    assert_eq!(keys.signer(NOW).err(), Some(NoSigningKey));
    assert_eq!(keys.jwks(), json!({ "keys": [] }));
}

#[test]
fn bad_rows_are_refused_by_name() {
    let refuse = |rows| KeySet::build(rows, &kek(), NOW).unwrap_err();
    let mut moved = row("from", HS);
    moved.kid = "to".to_owned();
    let mut other_algorithm = row("hs", HS);
    other_algorithm.algorithm = SigningAlgorithm::EdDsa;
    let mut odd = row("odd", HS);
    odd.kid = "../odd".to_owned();

    assert_eq!(refuse(vec![moved]), KeySetError::NotOpened("to".to_owned()));
    assert_eq!(refuse(vec![other_algorithm]), KeySetError::NotOpened("hs".to_owned()));
    assert_eq!(refuse(vec![odd]), KeySetError::NotAKeyId("../odd".to_owned()));
    assert_eq!(refuse(vec![row("twin", HS), row("twin", HS)]), KeySetError::Duplicate("twin".to_owned()));
}

#[test]
fn only_public_keys_are_published() {
    assert_eq!(key_set_of_strangers().jwks(), json!({ "keys": [] }));

    let jwks = key_set().jwks();

    let keys = jwks["keys"].as_array().unwrap();
    let algorithms: Vec<_> = keys.iter().map(|key| &key["alg"]).collect();
    assert_eq!(algorithms, ["ES256", "EdDSA"].map(|name| json!(name)).iter().collect::<Vec<_>>());
    for key in keys {
        let mut members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        members.retain(|name| !["kty", "crv", "x", "y", "kid", "alg", "use"].contains(name));
        assert!(members.is_empty(), "{members:?}");
    }
}

#[test]
fn published_keys_verify_what_the_set_signs() {
    for algorithm in [SigningAlgorithm::EdDsa, SigningAlgorithm::Es256] {
        let keys = key_set_signing_with(algorithm);
        let signer = keys.signer(NOW).unwrap();
        let jwk = signer.jwk().unwrap();

        let public = jsonwebtoken::DecodingKey::from_jwk(&serde_json::from_value(jwk).unwrap());
        let signature = jsonwebtoken::crypto::sign(b"message", &signer.jwt.encoding, algorithm.jwt()).unwrap();

        let verify = |message| {
            let public = public.as_ref().unwrap();
            jsonwebtoken::crypto::verify(&signature, message, public, algorithm.jwt()).unwrap()
        };
        assert!(verify(b"message"));
        assert!(!verify(b"massage"));
    }
}

#[test]
fn the_fingerprint_is_of_the_keys_not_of_their_order_or_sealing() {
    let rows = || vec![row("a", HS), row("b", HS)];
    let base = build(rows());

    let mut reordered = rows();
    reordered.reverse();
    assert_eq!(build(reordered).fingerprint(), base.fingerprint());

    let mut retiring = rows();
    retiring[0].retired_at = Some(NOW + Duration::days(1));
    let mut later = rows();
    later[0].active_from += Duration::seconds(1);
    for other in [retiring, later, vec![row("a", HS)], vec![row("a", HS), row("c", HS)]] {
        assert_ne!(build(other).fingerprint(), base.fingerprint());
    }
}

#[test]
fn printing_a_set_shows_no_key() {
    let text = format!("{:?}", build(vec![row("a", HS)]));

    assert!(text.starts_with(r#"KeySet { keys: [SigningKey { kid: "a", algorithm: Hs256, .. }]"#));
}
