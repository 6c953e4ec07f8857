//! Access tokens: short-lived JWTs (RFC 9068) that every replica checks without the database.
//!
//! Reading one is strict, after RFC 8725: a token has exactly one acceptable header, each claim
//! has one type, and whatever this crate would not have written is refused.

mod claims;
mod issue;
mod verify;

pub use issue::{AccessClaimsInput, IssueError, issue};
pub use verify::{Access, TokenRefusal, verify};

use time::Duration;

/// How long an access token lives. A revoked session may go on for as long, unless the caller
/// looks it up.
pub const LIFETIME: Duration = Duration::minutes(15);

/// How far another replica's clock may run ahead of ours (`iat`, `nbf`). The end of a token's
/// life has no leeway: a client renews ahead of it.
pub const LEEWAY: Duration = Duration::seconds(30);

/// The longest token that is looked at, in bytes; ours are shorter than 1 KiB.
pub const MAX_TOKEN_LEN: usize = 4096;

/// The scope of every shopper, guest or customer: the catalogue, a cart, a checkout.
pub const SCOPE_STOREFRONT: &str = "storefront";

/// The scope of a customer who has signed in: the account with its addresses, orders and sessions.
pub const SCOPE_ACCOUNT: &str = "account";

/// The `client_id` of a session that no API key began: the shop's own front end.
pub const CLIENT_STOREFRONT: &str = "storefront";

/// The `typ` of the header, which no other kind of token has (RFC 9068 section 2.1).
pub(crate) const HEADER_TYPE: &str = "at+jwt";

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod forgery;
#[cfg(test)]
mod life_tests;
