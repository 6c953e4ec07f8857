//! The header and the claims as they stand in a token.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The header, with no other member: neither `crit` nor `zip` nor anything that names a key by
/// URL or brings one along. Members are borrowed, so that escapes in their text are refused too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StrictHeader<'a> {
    pub(super) typ: &'a str,
    pub(super) alg: &'a str,
    pub(super) kid: &'a str,
}

/// The claims. serde refuses a missing, duplicate or wrongly typed one: times are whole,
/// non-negative numbers and `aud` is one text. Further claims are ignored (RFC 7519 section 4), so
/// that a release can add one while replicas of the release before are still running.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims<'a> {
    #[serde(borrow)]
    pub(super) iss: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) aud: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) sub: Cow<'a, str>,
    /// The client it was issued to (RFC 9068 section 2.2).
    #[serde(borrow)]
    pub(super) client_id: Cow<'a, str>,
    /// The session.
    pub(super) sid: Uuid,
    /// The token's own id.
    pub(super) jti: Uuid,
    /// Seconds since 1970, as are `nbf` and `exp`.
    pub(super) iat: u64,
    pub(super) nbf: u64,
    pub(super) exp: u64,
    /// Scopes, separated by one space each (RFC 8693 section 4.2).
    #[serde(borrow)]
    pub(super) scope: Cow<'a, str>,
    /// Roles (RFC 9068 section 2.2.3.1), left out where there are none.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub(super) roles: Vec<Cow<'a, str>>,
}
