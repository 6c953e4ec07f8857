//! From the request's headers to the viewer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tidegate_auth::access::{TokenRefusal, verify};
use tidegate_auth::keys::KeySet;
use tidegate_auth::secret::CartSecret;
use tidegate_model::id::SessionId;
use tidegate_model::identity::Viewer;
use time::OffsetDateTime;

use super::refused::{Refused, code};
use crate::app::App;

static CART_SECRET: HeaderName = HeaderName::from_static("x-cart-secret");

/// Who is asking. A token that fails by itself is refused before anything is executed; whether the session behind a
/// good one still stands is checked by the statement that reads private data.
pub(crate) async fn viewer(app: &App, headers: &HeaderMap, now: OffsetDateTime) -> Result<Viewer, Refused> {
    let cart_secret = cart_secret(headers)?;
    let Some(token) = bearer(headers)? else { return Ok(Viewer { session: None, cart_secret }) };
    let session = match check(app, &app.keys().current(), token, now) {
        Err(TokenRefusal::UnknownKey(_)) => match app.keys().after_unknown_key().await {
            Some(keys) => check(app, &keys, token, now),
            None => Err(TokenRefusal::Invalid),
        },
        checked => checked,
    };
    match session {
        Ok(session) => Ok(Viewer { session: Some(session), cart_secret }),
        Err(TokenRefusal::Expired) => Err(unauthorised(code::TOKEN_EXPIRED, "The access token has expired.")),
        Err(_) => Err(invalid()),
    }
}

/// What the log says of a viewer.
pub(crate) fn kind(viewer: &Viewer) -> &'static str {
    match (viewer.session, viewer.cart_secret) {
        (Some(_), _) => "guest",
        (None, Some(_)) => "secret",
        (None, None) => "none",
    }
}

fn check(app: &App, keys: &KeySet, token: &str, now: OffsetDateTime) -> Result<SessionId, TokenRefusal> {
    let shared = app.shared();
    verify(keys, token, &shared.issuer, &shared.audience, now).map(|access| SessionId(access.session))
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

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Refused> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        // Proxies differ in which of them they believe.
        return Err(Refused::bad_request(code::BAD_REQUEST, &format!("The header {name} is given twice.")));
    }
    Ok(first)
}

fn invalid() -> Refused {
    unauthorised(code::TOKEN_INVALID, "The access token is not valid.")
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
