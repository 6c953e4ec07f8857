//! Tokens an attacker might send, and the genuine ones they are made from.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Access, AccessClaimsInput, CLIENT_STOREFRONT, TokenRefusal, issue, verify};
use crate::{
    keys::{KeySet, SigningAlgorithm},
    test_keys::{NOW, kid_of},
};

pub(super) const ISSUER: &str = "https://shop.example";
pub(super) const AUDIENCE: &str = "https://shop.example/graphql";
pub(super) const SESSION: Uuid = Uuid::from_u128(0x0192_0000);

pub(super) const ALGORITHMS: [SigningAlgorithm; 3] =
    [SigningAlgorithm::Hs256, SigningAlgorithm::EdDsa, SigningAlgorithm::Es256];

pub(super) fn input() -> AccessClaimsInput<'static> {
    AccessClaimsInput {
        issuer: ISSUER,
        audience: AUDIENCE,
        subject: "session:00000000-0000-0000-0000-000001920000",
        client_id: CLIENT_STOREFRONT,
        session: SESSION,
        token_id: Uuid::from_u128(7),
        scopes: &["cart", "order"],
        roles: &[],
    }
}

pub(super) fn genuine(keys: &KeySet) -> String {
    issue(keys, &input(), NOW).unwrap()
}

pub(super) fn check(keys: &KeySet, token: &str) -> Result<Access, TokenRefusal> {
    verify(keys, token, ISSUER, AUDIENCE, NOW)
}

/// The genuine header of an algorithm's key.
pub(super) fn header(algorithm: SigningAlgorithm) -> Value {
    json!({ "typ": "at+jwt", "alg": algorithm.as_str(), "kid": kid_of(algorithm) })
}

/// Genuine claims, made at [`NOW`].
pub(super) fn claims() -> Value {
    let now = NOW.unix_timestamp();
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": input().subject,
        "client_id": CLIENT_STOREFRONT,
        "sid": SESSION,
        "jti": Uuid::from_u128(7),
        "iat": now,
        "nbf": now,
        "exp": now + 900,
        "scope": "cart order",
    })
}

/// `value` with a member set.
pub(super) fn with(mut value: Value, name: &str, member: impl Into<Value>) -> Value {
    value[name] = member.into();
    value
}

/// `value` without a member.
pub(super) fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name).unwrap();
    value
}

pub(super) fn encode(part: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(part.as_ref())
}

/// Any header and claims, truly signed with the access key of an algorithm: what a thief of the
/// key, or a fault in this crate, could make.
pub(super) fn sign_text(keys: &KeySet, algorithm: SigningAlgorithm, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let key = &keys.key(kid_of(algorithm)).unwrap().jwt.encoding;
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm.jwt()).unwrap();
    format!("{message}.{signature}")
}

pub(super) fn sign(keys: &KeySet, algorithm: SigningAlgorithm, header: &Value, claims: &Value) -> String {
    sign_text(keys, algorithm, &header.to_string(), &claims.to_string())
}

/// Genuine but for its claims.
pub(super) fn with_claims(keys: &KeySet, claims: &Value) -> String {
    let algorithm = SigningAlgorithm::Hs256;
    sign(keys, algorithm, &header(algorithm), claims)
}

/// Genuine but for its header.
pub(super) fn with_header(keys: &KeySet, header: &Value) -> String {
    sign(keys, SigningAlgorithm::Hs256, header, &claims())
}

#[track_caller]
pub(super) fn assert_invalid(keys: &KeySet, token: &str) {
    assert_eq!(check(keys, token), Err(TokenRefusal::Invalid), "{:?}", token.get(..200.min(token.len())));
}
