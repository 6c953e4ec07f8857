//! An issuer's public keys, as it publishes them (RFC 7517).

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

use super::{ExternalAlgorithm, ExternalRefusal};

/// The longest document that is read, in bytes: certificates make some long.
pub const MAX_DOCUMENT_LEN: usize = 256 * 1024;

/// Issuers publish two or three keys.
const MAX_KEYS: usize = 64;

/// The longest key id that is looked at; others than ours may have any characters.
const MAX_KID_LEN: usize = 256;

/// The members that only a secret key has: what was published with one is everybody's.
const SECRET_MEMBERS: [&str; 7] = ["d", "k", "p", "q", "dp", "dq", "qi"];

/// The public keys of one issuer at one moment.
#[derive(Clone)]
pub struct ExternalKeys(Vec<ExternalKey>);

#[derive(Clone)]
struct ExternalKey {
    kid: Option<String>,
    /// What this key may sign with, whatever a token says: more than one only for an RSA key that does not say.
    algorithms: &'static [ExternalAlgorithm],
    public: DecodingKey,
}

/// Why a document was refused; the keys read before are to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExternalKeysError {
    /// More than [`MAX_DOCUMENT_LEN`] bytes.
    #[error("the key set has more than {MAX_DOCUMENT_LEN} bytes")]
    TooLong,
    /// Not JSON with an array `keys`.
    #[error("not a JSON Web Key Set")]
    NotAKeySet,
    /// More keys than any issuer has.
    #[error("the key set has more than {MAX_KEYS} keys")]
    TooManyKeys,
    /// None of the keys is public, for signatures and of a known type.
    #[error("the key set has no key that can be used")]
    NoUsableKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl ExternalKeys {
    /// Reads a JSON Web Key Set. Keys that cannot be used here are passed over, as RFC 7517 section 5 wants: unknown
    /// types, curves and algorithms, keys for encryption, RSA keys under 2048 or over 8192 bits, symmetric keys, and
    /// private keys that somebody published.
    pub fn parse(jwks_json: &str) -> Result<Self, ExternalKeysError> {
        if jwks_json.len() > MAX_DOCUMENT_LEN {
            return Err(ExternalKeysError::TooLong);
        }
        let document: Document = serde_json::from_str(jwks_json).map_err(|_| ExternalKeysError::NotAKeySet)?;
        if document.keys.len() > MAX_KEYS {
            return Err(ExternalKeysError::TooManyKeys);
        }
        let keys: Vec<_> = document.keys.into_iter().filter_map(ExternalKey::read).collect();
        if keys.is_empty() {
            return Err(ExternalKeysError::NoUsableKey);
        }
        Ok(Self(keys))
    }

    /// The key that a token's header names for an algorithm. A header may leave the id out if only one key could be
    /// meant (OpenID Connect Core 10.1).
    pub(super) fn find(
        &self,
        kid: Option<&str>,
        algorithm: ExternalAlgorithm,
    ) -> Result<&DecodingKey, ExternalRefusal> {
        let mut usable = self.0.iter().filter(|key| key.algorithms.contains(&algorithm));
        let Some(kid) = kid else {
            return match (usable.next(), usable.next()) {
                (Some(only), None) => Ok(&only.public),
                _ => Err(ExternalRefusal::Invalid),
            };
        };
        if !is_printable(kid) {
            return Err(ExternalRefusal::Invalid);
        }
        if !self.0.iter().any(|key| key.kid.as_deref() == Some(kid)) {
            return Err(ExternalRefusal::UnknownKey(kid.to_owned()));
        }
        usable.find(|key| key.kid.as_deref() == Some(kid)).map(|key| &key.public).ok_or(ExternalRefusal::Invalid)
    }
}

impl ExternalKey {
    fn read(value: Value) -> Option<Self> {
        let members = value.as_object()?;
        if SECRET_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return None;
        }
        let jwk: Jwk = serde_json::from_value(value).ok()?;
        let common = &jwk.common;
        let signs = common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature)
            && common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        if !signs || common.key_id.as_deref().is_some_and(|kid| !is_printable(kid)) {
            return None;
        }
        let algorithms = algorithms(&jwk)?;
        let public = DecodingKey::from_jwk(&jwk).ok().filter(|_| has_right_length(&jwk.algorithm))?;
        Some(Self { kid: jwk.common.key_id, algorithms, public })
    }
}

/// What a key may sign with, by its type and, where it says so, by its own algorithm.
fn algorithms(jwk: &Jwk) -> Option<&'static [ExternalAlgorithm]> {
    use ExternalAlgorithm::{EdDsa, Es256, Ps256, Rs256};
    match (&jwk.algorithm, jwk.common.key_algorithm) {
        (AlgorithmParameters::RSA(_), None) => Some(&[Rs256, Ps256]),
        (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::RS256)) => Some(&[Rs256]),
        (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::PS256)) => Some(&[Ps256]),
        (AlgorithmParameters::EllipticCurve(key), None | Some(KeyAlgorithm::ES256)) => {
            (key.curve == EllipticCurve::P256).then_some(&[Es256])
        }
        (AlgorithmParameters::OctetKeyPair(key), None | Some(KeyAlgorithm::EdDSA)) => {
            (key.curve == EllipticCurve::Ed25519).then_some(&[EdDsa])
        }
        _ => None,
    }
}

/// An RSA modulus of 2048 to 8192 bits, an uncompressed point of P-256, an Ed25519 key. That a point is on its curve
/// is checked with each signature.
fn has_right_length(key: &AlgorithmParameters) -> bool {
    let len = |text: &str| {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap_or_default();
        bytes.len() - bytes.iter().take_while(|byte| **byte == 0).count()
    };
    let is_coordinate = |text: &str| BASE64URL_NOPAD.decode_len(text.len()) == Ok(32);
    match key {
        AlgorithmParameters::RSA(key) => (256..=1024).contains(&len(&key.n)),
        AlgorithmParameters::EllipticCurve(key) => is_coordinate(&key.x) && is_coordinate(&key.y),
        AlgorithmParameters::OctetKeyPair(key) => is_coordinate(&key.x),
        _ => false,
    }
}

/// Safe to look up and to log.
fn is_printable(kid: &str) -> bool {
    (1..=MAX_KID_LEN).contains(&kid.len()) && kid.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for ExternalKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| (&key.kid, key.algorithms))).finish()
    }
}
