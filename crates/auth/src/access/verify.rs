//! Reading access tokens.

use std::borrow::Cow;

use data_encoding::BASE64URL_NOPAD;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    HEADER_TYPE, LEEWAY, MAX_TOKEN_LEN,
    claims::{Claims, StrictHeader},
};
use crate::keys::{KeySet, SigningKey, is_kid};

/// What a valid access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The session (`sid`).
    pub session: Uuid,
    /// Who holds it (`sub`).
    pub subject: String,
    /// What it permits (`scope`).
    pub scopes: Vec<String>,
    /// What its holder is (`roles`).
    pub roles: Vec<String>,
    /// When it was made, to the second: a token older than a password change is to be refused.
    pub issued_at: OffsetDateTime,
    /// From when on it is refused.
    pub expires_at: OffsetDateTime,
}

/// Why a token was refused. A client learns no more than the first two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// It was valid and is no longer: refresh it.
    #[error("the access token has expired")]
    Expired,
    /// It is not a token of this shop, not an access token, or not valid yet.
    #[error("the access token is not valid")]
    Invalid,
    /// It is well formed, but its key (a proper key id, safe to log) is unknown: read the keys
    /// again, at most once a second, and if it is still unknown treat it as invalid.
    #[error("the access token's key {0} is unknown")]
    UnknownKey(String),
}

/// Checks a token made by [`super::issue`]: its form, key, signature, issuer and audience (exactly
/// equal) and times, by the clock given.
pub fn verify(
    keys: &KeySet,
    token: &str,
    issuer: &str,
    audience: &str,
    now: OffsetDateTime,
) -> Result<Access, TokenRefusal> {
    if token.len() > MAX_TOKEN_LEN {
        return Err(TokenRefusal::Invalid);
    }
    // Exactly three parts: a JWE has five. The last dot is found first, so a fourth part would be
    // left in the claims, where base64url refuses its dot.
    let (message, signature) = token.rsplit_once('.').ok_or(TokenRefusal::Invalid)?;
    let (header, claims) = message.split_once('.').ok_or(TokenRefusal::Invalid)?;
    let key = key_of(keys, header)?;
    if !key.verifies_at(now) {
        return Err(TokenRefusal::Invalid);
    }
    // The algorithm is the key's own. No claim is looked at before the signature is known to be
    // good; then they are checked here, for `jsonwebtoken::decode` would read the machine's clock.
    let signed = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.jwt.decoding, key.algorithm().jwt());
    if !matches!(signed, Ok(true)) {
        return Err(TokenRefusal::Invalid);
    }
    let json = json_object(claims)?;
    let claims: Claims<'_> = serde_json::from_slice(&json).map_err(|_| TokenRefusal::Invalid)?;
    if claims.iss != issuer || claims.aud != audience {
        return Err(TokenRefusal::Invalid);
    }
    let issued_at = instant(claims.iat)?;
    let expires_at = instant(claims.exp)?;
    if issued_at > now + LEEWAY || instant(claims.nbf)? > now + LEEWAY {
        return Err(TokenRefusal::Invalid);
    }
    if expires_at <= now {
        return Err(TokenRefusal::Expired);
    }
    Ok(Access {
        session: claims.sid,
        subject: claims.sub.into_owned(),
        scopes: claims.scope.split_ascii_whitespace().map(str::to_owned).collect(),
        roles: claims.roles.into_iter().map(Cow::into_owned).collect(),
        issued_at,
        expires_at,
    })
}

/// The key a token's header names, provided that the header is one this key could have written.
fn key_of<'k>(keys: &'k KeySet, header: &str) -> Result<&'k SigningKey, TokenRefusal> {
    let json = json_object(header)?;
    let header: StrictHeader<'_> = serde_json::from_slice(&json).map_err(|_| TokenRefusal::Invalid)?;
    if header.typ != HEADER_TYPE || !is_kid(header.kid) {
        return Err(TokenRefusal::Invalid);
    }
    match keys.key(header.kid) {
        Some(key) if key.algorithm().as_str() == header.alg => Ok(key),
        Some(_) => Err(TokenRefusal::Invalid),
        None if keys.knows(header.kid) => Err(TokenRefusal::Invalid),
        None => Err(TokenRefusal::UnknownKey(header.kid.to_owned())),
    }
}

/// The bytes of a part, if they may be a JSON object: serde would also read a struct from an array
/// of its members.
fn json_object(part: &str) -> Result<Vec<u8>, TokenRefusal> {
    BASE64URL_NOPAD.decode(part.as_bytes()).ok().filter(|json| json.first() == Some(&b'{')).ok_or(TokenRefusal::Invalid)
}

fn instant(seconds: u64) -> Result<OffsetDateTime, TokenRefusal> {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .ok_or(TokenRefusal::Invalid)
}
