//! Tokens of other issuers: an access token of the shop's own auth service, an ID token of a sign-in.
//!
//! An issuer is trusted by configuration alone: its exact name, its audience, its algorithms and the address of its
//! keys. Whatever a token brings along to change that (`jku`, `x5u`, `jwk`, `x5c`) is never looked at; whatever would
//! change how it is read (`crit`, `b64`, `zip`, `enc`, `cty`) is refused. Each kind has rules of its own, and a token
//! of one kind is refused as the other (RFC 8725 section 3.12). Only algorithms with public keys exist here.
//!
//! Fetching keys, and fetching them again after [`ExternalRefusal::UnknownKey`], is the caller's affair, who must
//! limit it: anybody can send a token that names an unknown key.

mod access_token;
mod algorithm;
mod claims;
mod id_token;
mod key_document;
mod peek;
mod signed;

use time::Duration;

pub use access_token::{ExternalAccess, ExternalIssuer, verify_access};
pub use algorithm::{ExternalAlgorithm, UnknownExternalAlgorithm};
pub use id_token::{ExpectedIdToken, IdToken, verify_id_token};
pub use key_document::{ExternalKeys, ExternalKeysError, MAX_DOCUMENT_LEN};
pub use peek::peek_issuer;
pub use signed::ExternalRefusal;

/// The longest token that is looked at, in bytes: some issuers put groups and profiles into theirs.
pub const MAX_TOKEN_LEN: usize = 16 * 1024;

/// How far an issuer's clock may run ahead of ours (`iat`, `nbf`). As with our own tokens, the end of a token's life
/// has no leeway.
pub const LEEWAY: Duration = Duration::seconds(30);

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod forgery;
#[cfg(test)]
mod key_document_tests;
#[cfg(test)]
mod life_tests;
