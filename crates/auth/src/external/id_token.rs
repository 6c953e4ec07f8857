//! The ID token at the end of a sign-in (OpenID Connect Core 3.1.3.7).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use time::OffsetDateTime;

use super::{
    ExternalAlgorithm, ExternalKeys, ExternalRefusal,
    claims::{Claims, Person},
    signed::signed_claims,
};

/// What an ID token must be of.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedIdToken<'a> {
    /// The provider's exact name (`iss`).
    pub issuer: &'a str,
    /// Our id at the provider (`aud`, and `azp` where it is told).
    pub client_id: &'a str,
    /// The one that this sign-in began with.
    pub nonce: &'a str,
    /// What the provider may sign with.
    pub algorithms: &'a [ExternalAlgorithm],
}

/// Whom the provider signed in. Texts that could not be stored (too long, control characters) are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdToken {
    /// Who it is (`sub`), unique at this provider; at most 255 characters.
    pub subject: String,
    /// When the token was made, to the second.
    pub issued_at: OffsetDateTime,
    /// The address, if the provider tells it; at most 254 characters.
    pub email: Option<String>,
    /// Whether the provider vouches for the address. Without this an address is anybody's claim.
    pub email_verified: bool,
    /// At most 100 characters.
    pub given_name: Option<String>,
    /// At most 100 characters.
    pub family_name: Option<String>,
}

/// Checks an ID token that the provider's token endpoint gave: its form, kind, key, signature, issuer, audience,
/// authorised party, nonce and times, by the clock given.
pub fn verify_id_token(
    keys: &ExternalKeys,
    token: &str,
    expected: &ExpectedIdToken<'_>,
    now: OffsetDateTime,
) -> Result<IdToken, ExternalRefusal> {
    let type_fits = |typ: Option<&str>| matches!(typ, None | Some("jwt"));
    let claims = Claims::read(&signed_claims(keys, token, expected.algorithms, type_fits)?)?;
    let nonce = claims.nonce.as_deref().unwrap_or_default();
    let party_fits = match claims.azp.as_deref() {
        Some(party) => party == expected.client_id,
        None => !claims.has_several_audiences(),
    };
    let is_of_another_kind = claims.events.is_some()
        || claims.typ.as_deref().is_some_and(|typ| typ != "ID")
        || claims.token_use.as_deref().is_some_and(|usage| usage != "id");
    let same_nonce = verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes()).is_ok();
    // An empty nonce would bind the token to nothing.
    if !same_nonce || nonce.is_empty() || !party_fits || is_of_another_kind {
        return Err(ExternalRefusal::Invalid);
    }
    let person = claims.person(expected.issuer, expected.client_id, now)?;
    let Person { subject, issued_at, email, email_verified, given_name, family_name, .. } = person;
    Ok(IdToken { subject, issued_at, email, email_verified, given_name, family_name })
}
