//! What both kinds of token share: the header, the key and the signature.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, de::IgnoredAny};

use super::{ExternalAlgorithm, ExternalKeys, MAX_TOKEN_LEN};

/// Why another issuer's token was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExternalRefusal {
    /// It is well formed, but the issuer's keys as they were last read lack the one it names (printable ASCII): read
    /// them again, at most once a minute, and if it is still unknown treat it as invalid.
    #[error("the issuer's key {0:?} is unknown")]
    UnknownKey(String),
    /// It was valid and is no longer.
    #[error("the issuer's token has expired")]
    Expired,
    /// It is not a token of this issuer, not for us, not of this kind, or not valid yet.
    #[error("the issuer's token is not valid")]
    Invalid,
}

/// A header. Members that are not here are passed over, those that name or bring a key among them.
#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: Option<String>,
    kid: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    b64: bool,
    #[serde(default, deserialize_with = "present")]
    zip: bool,
    #[serde(default, deserialize_with = "present")]
    enc: bool,
    #[serde(default, deserialize_with = "present")]
    cty: bool,
}

/// Whatever the value is, `null` too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// The claims of a token as JSON, once its signature is known to be good. `type_fits` decides by the header's `typ`,
/// in lower case and without `application/` (RFC 7515 section 4.1.9).
pub(super) fn signed_claims(
    keys: &ExternalKeys,
    token: &str,
    algorithms: &[ExternalAlgorithm],
    type_fits: impl Fn(Option<&str>) -> bool,
) -> Result<Vec<u8>, ExternalRefusal> {
    let (message, signature) = split(token).ok_or(ExternalRefusal::Invalid)?;
    let (header, claims) = message.split_once('.').ok_or(ExternalRefusal::Invalid)?;
    let header: Header =
        json_object(header).and_then(|json| serde_json::from_slice(&json).ok()).ok_or(ExternalRefusal::Invalid)?;
    let typ = header.typ.map(|typ| typ.to_ascii_lowercase());
    let typ = typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
    if header.crit || header.b64 || header.zip || header.enc || header.cty || !type_fits(typ) {
        return Err(ExternalRefusal::Invalid);
    }
    // Only what is configured and the key itself allows; see `ExternalKeys::find`.
    let algorithm = algorithms.iter().find(|algorithm| algorithm.as_str() == header.alg);
    let algorithm = *algorithm.ok_or(ExternalRefusal::Invalid)?;
    let key = keys.find(header.kid.as_deref(), algorithm)?;
    let signed = jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm.jwt());
    if !matches!(signed, Ok(true)) {
        return Err(ExternalRefusal::Invalid);
    }
    json_object(claims).ok_or(ExternalRefusal::Invalid)
}

/// The claims of a token as JSON, whoever made it.
pub(super) fn unverified_claims(token: &str) -> Option<Vec<u8>> {
    let (message, _) = split(token)?;
    json_object(message.split_once('.')?.1)
}

/// The signed part and the signature. A fourth part would be left in the claims, where base64url refuses its dot.
fn split(token: &str) -> Option<(&str, &str)> {
    Some(token).filter(|token| token.len() <= MAX_TOKEN_LEN)?.rsplit_once('.')
}

/// The bytes of a part, if they may be a JSON object: serde would also read a struct from an array of its members.
fn json_object(part: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(part.as_bytes()).ok().filter(|json| json.first() == Some(&b'{'))
}
