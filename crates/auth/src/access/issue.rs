//! Making access tokens.

use std::borrow::Cow;

use jsonwebtoken::encode;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{LIFETIME, MAX_TOKEN_LEN, claims::Claims};
use crate::keys::{KeySet, NoSigningKey};

/// What an access token says. Its times come from the clock given to [`issue`].
#[derive(Debug, Clone, Copy)]
pub struct AccessClaimsInput<'a> {
    /// The shop that issues the token (`iss`).
    pub issuer: &'a str,
    /// The API it is for (`aud`).
    pub audience: &'a str,
    /// Who holds it (`sub`): the customer's id, or a guest's session.
    pub subject: &'a str,
    /// Through which client (`client_id`): the shop's front end, or the API key of a server-side one.
    pub client_id: &'a str,
    /// The session it belongs to (`sid`).
    pub session: Uuid,
    /// Its own id (`jti`), new for every token.
    pub token_id: Uuid,
    /// What it permits (`scope`): words without spaces.
    pub scopes: &'a [&'a str],
    /// What its holder is (`roles`); none for guests and customers.
    pub roles: &'a [&'a str],
}

/// Why no token was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// See [`NoSigningKey`].
    #[error(transparent)]
    NoSigningKey(#[from] NoSigningKey),
    /// The clock is before 1970, or the cryptographic library refused to sign.
    #[error("the access token could not be signed")]
    NotSigned,
    /// The claims would make a token that [`super::verify`] does not read.
    #[error("the access token would exceed {MAX_TOKEN_LEN} bytes")]
    TooLong,
}

/// An access token valid for [`LIFETIME`] from `now`, signed with the newest key in force.
pub fn issue(keys: &KeySet, input: &AccessClaimsInput<'_>, now: OffsetDateTime) -> Result<String, IssueError> {
    let key = keys.signer(now)?;
    let seconds = |at: OffsetDateTime| u64::try_from(at.unix_timestamp()).map_err(|_| IssueError::NotSigned);
    let issued_at = seconds(now)?;
    let claims = Claims {
        iss: Cow::Borrowed(input.issuer),
        aud: Cow::Borrowed(input.audience),
        sub: Cow::Borrowed(input.subject),
        client_id: Cow::Borrowed(input.client_id),
        sid: input.session,
        jti: input.token_id,
        iat: issued_at,
        nbf: issued_at,
        exp: seconds(now + LIFETIME)?,
        scope: Cow::Owned(input.scopes.join(" ")),
        roles: input.roles.iter().copied().map(Cow::Borrowed).collect(),
    };
    let token = encode(&key.header, &claims, &key.jwt.encoding).map_err(|_| IssueError::NotSigned)?;
    if token.len() > MAX_TOKEN_LEN {
        return Err(IssueError::TooLong);
    }
    Ok(token)
}
