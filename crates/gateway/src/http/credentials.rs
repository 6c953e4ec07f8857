//! From the request's headers to the viewer.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tidegate_auth::access::{TokenRefusal, verify};
use tidegate_auth::keys::KeySet;
use tidegate_auth::secret::CartSecret;
use tidegate_model::id::{CustomerId, SessionId};
use tidegate_model::identity::{ExternalClaims, ExternalToken, Viewer};
use time::OffsetDateTime;

use super::cookies::Sent;
use super::header_values::single;
use super::refused::{Refused, code};
use crate::app::App;
use crate::issuers::IssuerRefusal;

static CART_SECRET: HeaderName = HeaderName::from_static("x-cart-secret");

/// Who is asking.
#[derive(Debug)]
pub(crate) struct Asking {
    pub(crate) viewer: Viewer,
    /// Why the cookie's access token is not good. A browser sends it all the same, so this must not refuse the one
    /// operation that makes it good again.
    pub(crate) ended: Option<Refused>,
}

/// Who is asking. A token that fails by itself is refused before anything is executed; whether the session behind a
/// good one still stands is checked by the statement that reads private data.
pub(crate) async fn asking(
    app: &App,
    headers: &HeaderMap,
    cookies: &Sent,
    now: OffsetDateTime,
) -> Result<Asking, Refused> {
    let cart_secret = cart_secret(headers)?;
    let bearer = bearer(headers)?;
    if bearer.is_some() && cookies.any() {
        return Err(Refused::bad_request(code::BAD_REQUEST, "An Authorization header and a cookie are both given."));
    }
    let holder = match (bearer, cookies.access.as_deref()) {
        (Some(token), _) | (None, Some(token)) => holder(app, token, now).await,
        // A browser drops both at once; whoever dropped one alone still has a session.
        (None, None) if cookies.refresh.is_some() => Err(expired()),
        (None, None) => Ok(Viewer::default()),
    };
    match holder {
        Ok(viewer) => Ok(Asking { viewer: Viewer { cart_secret, ..viewer }, ended: None }),
        Err(refused) if cookies.any() => {
            Ok(Asking { viewer: Viewer { cart_secret, ..Viewer::default() }, ended: Some(refused) })
        }
        Err(refused) => Err(refused),
    }
}

/// Whom a token names: one of ours a session, one of a trusted issuer a person there.
async fn holder(app: &App, token: &str, now: OffsetDateTime) -> Result<Viewer, Refused> {
    let Some(issuer) = app.issuers().of(token) else {
        let (session, customer) = session(app, token, now).await?;
        return Ok(Viewer { session: Some(session), customer, ..Viewer::default() });
    };
    let access = issuer.check(token, now).await.map_err(|refusal| match refusal {
        IssuerRefusal::Expired => expired(),
        IssuerRefusal::Invalid => invalid(),
        IssuerRefusal::Unavailable { retry_after } => issuer_away(retry_after),
    })?;
    let claims = ExternalClaims {
        issuer: issuer.issuer().to_owned(),
        subject: access.subject,
        email: access.email,
        email_verified: access.email_verified,
        given_name: access.given_name,
        family_name: access.family_name,
    };
    let token = ExternalToken { claims, issued_at: access.issued_at, expires_at: access.expires_at };
    Ok(Viewer { session: Some(token.session()), external: Some(Box::new(token)), ..Viewer::default() })
}

async fn session(app: &App, token: &str, now: OffsetDateTime) -> Result<(SessionId, Option<CustomerId>), Refused> {
    let checked = match check(app, &app.keys().current(), token, now) {
        Err(TokenRefusal::UnknownKey(_)) => match app.keys().after_unknown_key().await {
            Some(keys) => check(app, &keys, token, now),
            None => Err(TokenRefusal::Invalid),
        },
        checked => checked,
    };
    checked.map_err(|refusal| if refusal == TokenRefusal::Expired { expired() } else { invalid() })
}

/// What the log says of a viewer.
pub(crate) fn kind(viewer: &Viewer) -> &'static str {
    match (viewer.session, viewer.cart_secret) {
        (Some(_), _) if viewer.external.is_some() => "external",
        (Some(_), _) if viewer.customer.is_some() => "customer",
        (Some(_), _) => "guest",
        (None, Some(_)) => "secret",
        (None, None) => "none",
    }
}

/// The session that one of our tokens names, and the customer, where it was made for one.
fn check(
    app: &App,
    keys: &KeySet,
    token: &str,
    now: OffsetDateTime,
) -> Result<(SessionId, Option<CustomerId>), TokenRefusal> {
    let shared = app.shared();
    verify(keys, token, &shared.issuer, &shared.audience, now)
        .map(|access| (SessionId(access.session), CustomerId::decode(&access.subject).ok()))
}

/// The token of the one `Authorization` header (RFC 6750, 2.1).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refused> {
    let Some(value) = single(headers, &header::AUTHORIZATION)? else { return Ok(None) };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(invalid)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(token)) } else { Err(invalid()) }
}

/// A secret that is none opens nothing, so it is ignored rather than told apart from a wrong one.
fn cart_secret(headers: &HeaderMap) -> Result<Option<[u8; 32]>, Refused> {
    let text = single(headers, &CART_SECRET)?.and_then(|value| value.to_str().ok());
    Ok(text.and_then(|text| CartSecret::parse(text).ok()).map(|secret| secret.hash()))
}

fn expired() -> Refused {
    unauthorised(code::TOKEN_EXPIRED, "The access token has expired.")
}

fn invalid() -> Refused {
    unauthorised(code::TOKEN_INVALID, "The access token is not valid.")
}

/// Its keys were never read since this process started: whether the token is good cannot be told.
fn issuer_away(retry_after: Duration) -> Refused {
    let message = "The issuer of the access token does not answer; try again.";
    let seconds = HeaderValue::from(retry_after.as_secs().max(1));
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, code::ISSUER_UNAVAILABLE, message).with(header::RETRY_AFTER, seconds)
}

fn unauthorised(code: &'static str, message: &str) -> Refused {
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    Refused::new(StatusCode::UNAUTHORIZED, code, message).with(header::WWW_AUTHENTICATE, challenge)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn headers(pairs: &[(&HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn one_bearer_token_is_read() {
        let read = |values: &[&str]| {
            let pairs: Vec<_> = values.iter().map(|value| (&header::AUTHORIZATION, *value)).collect();
            bearer(&headers(&pairs)).map(|token| token.map(str::to_owned)).map_err(|refused| refused.status.as_u16())
        };

        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["Bearer abc"]), Ok(Some("abc".to_owned())));
        assert_eq!(read(&["bEARER abc"]), Ok(Some("abc".to_owned())));
        assert_eq!(read(&["Basic abc"]), Err(401));
        assert_eq!(read(&["Bearer"]), Err(401));
        assert_eq!(read(&[""]), Err(401));
        assert_eq!(read(&["Bearer abc", "Bearer abc"]), Err(400));
    }

    #[test]
    fn a_cart_secret_is_hashed_and_a_malformed_one_is_none() {
        let secret = CartSecret::from_random([7; 32]);

        assert_eq!(cart_secret(&headers(&[(&CART_SECRET, &secret.to_text())])).unwrap(), Some(secret.hash()));
        assert_eq!(cart_secret(&headers(&[(&CART_SECRET, "tgs_x")])).unwrap(), None);
        assert_eq!(cart_secret(&HeaderMap::new()).unwrap(), None);
    }
}
