//! Whose token this claims to be.

use serde::Deserialize;

use super::signed::unverified_claims;

/// The longest issuer that is told, in bytes.
const MAX_ISSUER_LEN: usize = 512;

#[derive(Deserialize)]
struct Issuer {
    iss: String,
}

/// The `iss` of a token, **unverified**: anybody can write any name there. It serves to choose which configured issuer
/// verifies the token, and nothing else may rely on it: compare it with the configured names, and do not log it, fetch
/// it or answer with it.
#[must_use]
pub fn peek_issuer(token: &str) -> Option<String> {
    let issuer: Issuer = serde_json::from_slice(&unverified_claims(token)?).ok()?;
    Some(issuer.iss).filter(|issuer| issuer.len() <= MAX_ISSUER_LEN)
}
