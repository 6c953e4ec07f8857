//! Tokens that travel in cookies: what a request brought, and what its answer is to set. It is made for one request and
//! dropped with it.

use std::sync::{Mutex, PoisonError};

use tidegate_model::identity::Tokens;

/// What an answer does to the browser's cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CookieChange {
    /// It holds a new pair from now on; both texts are there.
    Set(Tokens),
    /// It holds none any more.
    Clear,
}

/// The cookies of one request.
#[derive(Debug, Default)]
pub struct Cookies {
    refresh_token: Option<String>,
    /// Written by whichever resolver grants or ends last; fields of a mutation run one after the other.
    change: Mutex<Option<CookieChange>>,
}

impl Cookies {
    /// The cookies of a request that brought this refresh token.
    #[must_use]
    pub fn new(refresh_token: Option<String>) -> Self {
        Self { refresh_token, change: Mutex::default() }
    }

    /// The refresh token that came in a cookie.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_deref()
    }

    /// Puts a pair into the answer's cookies. What is left to show holds no text.
    #[must_use]
    pub fn grant(&self, tokens: Tokens) -> Tokens {
        let shown = Tokens { access_token: None, refresh_token: None, ..tokens };
        self.put(CookieChange::Set(tokens));
        shown
    }

    /// Has the answer take the cookies away: the session they are of has ended.
    pub fn end(&self) {
        self.put(CookieChange::Clear);
    }

    /// What the answer is to do, once everything has run.
    #[must_use]
    pub fn change(&self) -> Option<CookieChange> {
        self.change.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, change: CookieChange) {
        *self.change.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::OffsetDateTime;

    #[test]
    fn a_pair_goes_into_the_cookies_and_not_into_the_payload() {
        let cookies = Cookies::new(Some("tgr_old".to_owned()));
        let tokens = Tokens {
            access_token: Some("a.b.c".to_owned()),
            access_token_expires_at: OffsetDateTime::UNIX_EPOCH,
            refresh_token: Some("tgr_new".to_owned()),
        };

        let shown = cookies.grant(tokens.clone());

        assert_eq!((shown.access_token, shown.refresh_token), (None, None));
        assert_eq!(shown.access_token_expires_at, tokens.access_token_expires_at);
        assert_eq!(cookies.refresh_token(), Some("tgr_old"));
        assert_eq!(cookies.change(), Some(CookieChange::Set(tokens)));
    }

    #[test]
    fn what_comes_last_counts() {
        let cookies = Cookies::default();
        assert_eq!(cookies.change(), None);

        cookies.end();

        assert_eq!(cookies.change(), Some(CookieChange::Clear));
    }
}
