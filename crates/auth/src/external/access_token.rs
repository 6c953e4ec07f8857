//! Another issuer's access token, sent to us as our own would be.

use time::OffsetDateTime;

use super::{
    ExternalAlgorithm, ExternalKeys, ExternalRefusal,
    claims::{Claims, Person},
    signed::signed_claims,
};

/// An issuer as it is configured.
#[derive(Debug, Clone, Copy)]
pub struct ExternalIssuer<'a> {
    /// Its exact name (`iss`): a slash more or less is another issuer.
    pub issuer: &'a str,
    /// What its tokens for us carry as `aud`, alone or among others. It must not be the id of an OIDC client, which
    /// is the audience of ID tokens.
    pub audience: &'a str,
    /// What it may sign with.
    pub algorithms: &'a [ExternalAlgorithm],
    /// Whether the header must say `at+jwt` (RFC 9068). Many issuers say `JWT` or nothing; then a token is refused
    /// that shows itself to be of another kind.
    pub requires_type: bool,
}

/// What a valid access token of another issuer says. Texts that could not be stored (too long, control characters)
/// are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalAccess {
    /// Who holds it (`sub`), unique at this issuer; at most 255 characters.
    pub subject: String,
    /// When it was made, to the second.
    pub issued_at: OffsetDateTime,
    /// From when on it is refused.
    pub expires_at: OffsetDateTime,
    /// The address, if the token tells it; at most 254 characters.
    pub email: Option<String>,
    /// Whether the issuer vouches for the address. Without this an address is anybody's claim.
    pub email_verified: bool,
    /// At most 100 characters.
    pub given_name: Option<String>,
    /// At most 100 characters.
    pub family_name: Option<String>,
}

/// Checks an access token of another issuer: its form, kind, key, signature, issuer, audience and times, by the clock
/// given.
pub fn verify_access(
    keys: &ExternalKeys,
    token: &str,
    issuer: &ExternalIssuer<'_>,
    now: OffsetDateTime,
) -> Result<ExternalAccess, ExternalRefusal> {
    let type_fits = |typ: Option<&str>| match typ {
        Some("at+jwt") => true,
        None | Some("jwt") => !issuer.requires_type,
        Some(_) => false,
    };
    let claims = Claims::read(&signed_claims(keys, token, issuer.algorithms, type_fits)?)?;
    if is_of_another_kind(&claims) {
        return Err(ExternalRefusal::Invalid);
    }
    let person = claims.person(issuer.issuer, issuer.audience, now)?;
    let Person { subject, issued_at, expires_at, email, email_verified, given_name, family_name } = person;
    Ok(ExternalAccess { subject, issued_at, expires_at, email, email_verified, given_name, family_name })
}

/// Whether the claims are those of an ID, refresh or logout token. A `nonce` is no sign: some issuers put it into
/// access tokens too.
fn is_of_another_kind(claims: &Claims) -> bool {
    claims.at_hash.is_some()
        || claims.c_hash.is_some()
        || claims.events.is_some()
        || claims.typ.as_deref().is_some_and(|typ| typ != "Bearer")
        || claims.token_use.as_deref().is_some_and(|usage| usage != "access")
}
