//! Tokens in cookies, for browsers. Whoever sends one must show that the page it comes from is one of ours: a browser
//! adds cookies to requests of any page.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tidegate_resolvers::CookieChange;

use super::header_values::single;
use super::refused::{Refused, code};
use crate::config::Origins;

/// The prefix makes a browser take them only over TLS, for the whole of one host, and never from a subdomain.
const ACCESS: &str = "__Host-tidegate-access";
const REFRESH: &str = "__Host-tidegate-refresh";

/// As long as a refresh token lives: the access token stays in the browser when it has ended, so that a request with it
/// is answered `TOKEN_EXPIRED`, as in a header, and not taken for one of a stranger.
const MAX_AGE_SECONDS: u32 = 30 * 24 * 60 * 60;

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The cookies of ours that a request brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) access: Option<String>,
    pub(crate) refresh: Option<String>,
}

impl Sent {
    /// Whether there is one.
    pub(crate) fn any(&self) -> bool {
        self.access.is_some() || self.refresh.is_some()
    }
}

/// Reads our cookies. One that comes twice was put beside ours by somebody else, and no order says which is which.
pub(crate) fn read(headers: &HeaderMap) -> Result<Sent, Refused> {
    let mut sent = Sent::default();
    let lines = headers.get_all(header::COOKIE).iter();
    for pair in lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';')) {
        let Some((name, value)) = split(pair) else { continue };
        let (place, name) = match name {
            _ if name == ACCESS.as_bytes() => (&mut sent.access, ACCESS),
            _ if name == REFRESH.as_bytes() => (&mut sent.refresh, REFRESH),
            _ => continue,
        };
        // What is no text is no token.
        let value = std::str::from_utf8(value).unwrap_or_default().to_owned();
        if place.replace(value).is_some() {
            let message = format!("The cookie {name} is given twice.");
            return Err(Refused::bad_request(code::BAD_REQUEST, &message));
        }
    }
    Ok(sent)
}

fn split(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let pair = pair.trim_ascii();
    let at = pair.iter().position(|byte| *byte == b'=')?;
    Some((pair.get(..at)?, pair.get(at + 1..)?))
}

/// Refuses a request of another site's page. A page's origin must be on the list, exactly; a request with our cookies
/// that names none must be marked by the browser as of the same origin.
pub(crate) fn check_origin(headers: &HeaderMap, sent: &Sent, origins: &Origins) -> Result<(), Refused> {
    let ours = match single(headers, &header::ORIGIN)? {
        Some(origin) => origins.contain(origin.as_bytes()),
        None if sent.any() => single(headers, &SEC_FETCH_SITE)?.is_some_and(|site| site == "same-origin"),
        None => true,
    };
    if ours {
        return Ok(());
    }
    let message = "This request does not come from a page of this shop (its Origin is not in session.origins).";
    Err(Refused::new(StatusCode::FORBIDDEN, code::CSRF_REFUSED, message))
}

/// Writes what an answer does to the browser's cookies.
pub(crate) fn write(headers: &mut HeaderMap, change: &CookieChange) {
    let (access, refresh, max_age) = match change {
        CookieChange::Set(tokens) => (tokens.access_token.as_deref(), tokens.refresh_token.as_deref(), MAX_AGE_SECONDS),
        CookieChange::Clear => (None, None, 0),
    };
    for (name, value) in [(ACCESS, access), (REFRESH, refresh)] {
        let value = value.unwrap_or_default();
        let text = format!("{name}={value}; Max-Age={max_age}; Path=/; Secure; HttpOnly; SameSite=Lax");
        // Tokens are of base64url and dots.
        if let Ok(text) = HeaderValue::from_str(&text) {
            headers.append(header::SET_COOKIE, text);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use tidegate_model::identity::Tokens;
    use time::OffsetDateTime;

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        headers
    }

    fn sent(lines: &[&str]) -> Result<Sent, u16> {
        let lines: Vec<_> = lines.iter().map(|line| ("cookie", *line)).collect();
        read(&headers(&lines)).map_err(|refused| refused.status.as_u16())
    }

    fn pair(access: Option<&str>, refresh: Option<&str>) -> Sent {
        Sent { access: access.map(str::to_owned), refresh: refresh.map(str::to_owned) }
    }

    #[test]
    fn our_cookies_are_found_among_others() {
        assert_eq!(sent(&[]), Ok(pair(None, None)));
        assert_eq!(sent(&["a=1; __Host-tidegate-access=x.y=z; b"]), Ok(pair(Some("x.y=z"), None)));
        let lines = ["__Host-tidegate-access=x", "__Host-tidegate-refresh=y"];
        assert_eq!(sent(&lines), Ok(pair(Some("x"), Some("y"))));
    }

    #[test]
    fn a_name_without_the_prefix_or_in_other_letters_is_not_ours() {
        for other in [
            "tidegate-access=x",
            "__Secure-tidegate-access=x",
            "__host-tidegate-access=x",
            "__Host-tidegate-accessx=x",
            "x__Host-tidegate-access=x",
            "__Host-tidegate-access =x",
            "__Host-tidegate-access",
            "=__Host-tidegate-access=x",
        ] {
            assert_eq!(sent(&[other]), Ok(pair(None, None)), "{other}");
        }
    }

    #[test]
    fn a_cookie_that_comes_twice_is_refused() {
        let (access, refresh) = ("__Host-tidegate-access=x", "__Host-tidegate-refresh=x");
        for twice in [
            &[&*format!("{access}; {access}")][..],
            &[access, access],
            &[&*format!("{refresh}; a=1; __Host-tidegate-refresh=")],
        ] {
            assert_eq!(sent(twice), Err(400), "{twice:?}");
        }
    }

    #[test]
    fn only_pages_of_ours_may_send_cookies() {
        let origins: Origins = "https://shop.example, http://localhost:3000".parse().unwrap();
        let with = Sent { access: Some("x".to_owned()), refresh: None };
        let checked = |lines: &[(&str, &str)], sent: &Sent| {
            check_origin(&headers(lines), sent, &origins).map_err(|refused| (refused.status.as_u16(), refused.code))
        };
        let refused = Err((403, "CSRF_REFUSED"));

        assert_eq!(checked(&[("origin", "https://shop.example")], &with), Ok(()));
        assert_eq!(checked(&[("sec-fetch-site", "same-origin")], &with), Ok(()));
        for foreign in [
            "null",
            "",
            "https://evil.example",
            "https://shop.example.evil.io",
            "https://evil.shop.example",
            "https://shop.exampl",
            "http://shop.example",
            "https://shop.example:444",
            "https://shop.example/",
            "https://shop.example, https://shop.example",
            "https://user@shop.example",
        ] {
            assert_eq!(checked(&[("origin", foreign)], &with), refused, "{foreign}");
            let marked = [("origin", foreign), ("sec-fetch-site", "same-origin")];
            assert_eq!(checked(&marked, &with), refused, "{foreign}: a present Origin decides");
            assert_eq!(checked(&[("origin", foreign)], &Sent::default()), refused, "nor may it be given cookies");
        }
        for site in ["none", "same-site", "cross-site", "", "Same-Origin"] {
            assert_eq!(checked(&[("sec-fetch-site", site)], &with), refused, "{site}");
        }
        assert_eq!(checked(&[], &with), refused);
        assert_eq!(checked(&[("referer", "https://shop.example/")], &with), refused);
        assert_eq!(checked(&[], &Sent::default()), Ok(()), "a program is no browser");
    }

    #[test]
    fn cookies_are_set_and_cleared_with_every_attribute() {
        let written = |change: &CookieChange| {
            let mut headers = HeaderMap::new();
            write(&mut headers, change);
            headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let tokens = Tokens {
            access_token: Some("a.b-_.c".to_owned()),
            access_token_expires_at: OffsetDateTime::UNIX_EPOCH,
            refresh_token: Some("tgr_x".to_owned()),
        };

        insta::assert_snapshot!(written(&CookieChange::Set(tokens)).join("\n"), @"
        __Host-tidegate-access=a.b-_.c; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax
        __Host-tidegate-refresh=tgr_x; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax
        ");
        insta::assert_snapshot!(written(&CookieChange::Clear).join("\n"), @"
        __Host-tidegate-access=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax
        __Host-tidegate-refresh=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax
        ");
    }
}
