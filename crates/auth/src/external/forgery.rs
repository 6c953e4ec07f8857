//! A made-up issuer: its keys, its genuine tokens, and what an attacker might make of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256},
};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::{
    ExpectedIdToken, ExternalAccess, ExternalAlgorithm, ExternalIssuer, ExternalKeys, ExternalRefusal, IdToken,
    verify_access, verify_id_token,
};
use crate::test_keys::{NOW, key_set, kid_of};

pub(super) const ISSUER: &str = "https://accounts.example/realms/shop";
pub(super) const AUDIENCE: &str = "https://shop.example/graphql";
pub(super) const CLIENT: &str = "shop-client";
pub(super) const NONCE: &str = "n-0S6_WzA2Mj";
pub(super) const RSA_KID: &str = "2026-01/RSA+key=";

/// Made once: it takes a tenth of a second or more.
static RSA: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

/// The public half of the RSA key, without an `alg`.
pub(super) fn rsa_jwk() -> Value {
    let parts: PublicKeyComponents<Vec<u8>> = RSA.public_key().into();
    json!({ "kty": "RSA", "kid": RSA_KID, "use": "sig", "n": encode(parts.n), "e": encode(parts.e) })
}

/// What an attacker knows of the RSA key, in the forms that were taken for an HMAC secret elsewhere.
pub(super) fn rsa_public_forms() -> Vec<Vec<u8>> {
    let parts: PublicKeyComponents<Vec<u8>> = RSA.public_key().into();
    let spki = RSA.public_key().as_der().unwrap().as_ref().to_vec();
    let pem =
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", data_encoding::BASE64.encode(&spki));
    vec![RSA.public_key().as_ref().to_vec(), spki, pem.into_bytes(), encode(&parts.n).into_bytes(), parts.n]
}

/// The issuer's document: an Ed25519 key, a P-256 key and an RSA key.
pub(super) fn jwks() -> Value {
    let mut document = key_set().jwks();
    document["keys"].as_array_mut().unwrap().push(rsa_jwk());
    document
}

pub(super) fn keys() -> ExternalKeys {
    ExternalKeys::parse(&jwks().to_string()).unwrap()
}

pub(super) fn kid(algorithm: ExternalAlgorithm) -> &'static str {
    match algorithm {
        ExternalAlgorithm::Rs256 | ExternalAlgorithm::Ps256 => RSA_KID,
        ExternalAlgorithm::Es256 => kid_of(crate::keys::SigningAlgorithm::Es256),
        ExternalAlgorithm::EdDsa => kid_of(crate::keys::SigningAlgorithm::EdDsa),
    }
}

pub(super) fn issuer() -> ExternalIssuer<'static> {
    ExternalIssuer { issuer: ISSUER, audience: AUDIENCE, algorithms: &ExternalAlgorithm::ALL, requires_type: false }
}

pub(super) fn expected() -> ExpectedIdToken<'static> {
    ExpectedIdToken { issuer: ISSUER, client_id: CLIENT, nonce: NONCE, algorithms: &ExternalAlgorithm::ALL }
}

pub(super) fn header(algorithm: ExternalAlgorithm) -> Value {
    json!({ "typ": "JWT", "alg": algorithm.as_str(), "kid": kid(algorithm) })
}

/// The claims of an access token, made at [`NOW`].
pub(super) fn claims() -> Value {
    let now = NOW.unix_timestamp();
    json!({
        "iss": ISSUER,
        "sub": "248289761001",
        "aud": AUDIENCE,
        "exp": now + 300,
        "iat": now,
        "email": "grace@example.org",
        "email_verified": true,
        "given_name": "Grace",
        "family_name": "Hopper",
    })
}

/// The claims of an ID token, made at [`NOW`].
pub(super) fn id_claims() -> Value {
    with(with(claims(), "aud", CLIENT), "nonce", NONCE)
}

pub(super) fn with(mut value: Value, name: &str, member: impl Into<Value>) -> Value {
    value[name] = member.into();
    value
}

pub(super) fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name).unwrap();
    value
}

pub(super) fn encode(part: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(part.as_ref())
}

/// Any header and claims, truly signed with the issuer's key of an algorithm.
pub(super) fn sign_text(algorithm: ExternalAlgorithm, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let rsa = |padding| {
        let mut signature = vec![0; RSA.public_modulus_len()];
        RSA.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        encode(signature)
    };
    let signature = match algorithm {
        ExternalAlgorithm::Rs256 => rsa(&RSA_PKCS1_SHA256),
        ExternalAlgorithm::Ps256 => rsa(&RSA_PSS_SHA256),
        ExternalAlgorithm::Es256 | ExternalAlgorithm::EdDsa => {
            let keys = key_set();
            let key = &keys.key(kid(algorithm)).unwrap().jwt.encoding;
            jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm.jwt()).unwrap()
        }
    };
    format!("{message}.{signature}")
}

pub(super) fn sign(algorithm: ExternalAlgorithm, header: &Value, claims: &Value) -> String {
    sign_text(algorithm, &header.to_string(), &claims.to_string())
}

/// Any header and claims under an HMAC with a secret of the attacker's choice.
pub(super) fn sign_hmac(secret: &[u8], header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

/// Genuine but for its claims.
pub(super) fn with_claims(claims: &Value) -> String {
    sign(ExternalAlgorithm::EdDsa, &header(ExternalAlgorithm::EdDsa), claims)
}

/// Genuine but for its header: an access token and an ID token.
pub(super) fn with_header(header: &Value) -> [String; 2] {
    [claims(), id_claims()].map(|claims| sign(ExternalAlgorithm::EdDsa, header, &claims))
}

pub(super) fn check(token: &str) -> Result<ExternalAccess, ExternalRefusal> {
    verify_access(&keys(), token, &issuer(), NOW)
}

pub(super) fn check_id(token: &str) -> Result<IdToken, ExternalRefusal> {
    verify_id_token(&keys(), token, &expected(), NOW)
}

/// Refused as an access token and as an ID token.
#[track_caller]
pub(super) fn assert_invalid(token: &str) {
    let shown = token.get(..200.min(token.len()));
    assert_eq!(check(token), Err(ExternalRefusal::Invalid), "{shown:?}");
    assert_eq!(check_id(token), Err(ExternalRefusal::Invalid), "{shown:?}");
}

#[track_caller]
pub(super) fn assert_both_invalid(tokens: &[String; 2]) {
    for token in tokens {
        assert_invalid(token);
    }
}
