//! Cart secrets: what lets a shared cart be reached without its session.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::opaque;
pub use crate::opaque::NotAToken;

const PREFIX: &str = "tgs_";

/// A 256-bit cart secret. It prints as `[redacted]`; [`CartSecret::to_text`] is what a client gets.
#[derive(Clone)]
pub struct CartSecret([u8; 32]);

impl CartSecret {
    /// The secret of 32 random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads `tgs_` and 43 characters of base64url; nothing else.
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        opaque::decode(PREFIX, text).map(Self)
    }

    /// The text a client keeps.
    #[must_use]
    pub fn to_text(&self) -> String {
        opaque::encode(PREFIX, &self.0)
    }

    /// What the database keeps.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        opaque::hash(PREFIX, &self.0)
    }

    /// Whether this is the secret of the stored hash, in a time that does not depend on where they
    /// differ.
    #[must_use]
    pub fn matches(&self, stored_hash: &[u8]) -> bool {
        verify_slices_are_equal(&self.hash(), stored_hash).is_ok()
    }
}

impl fmt::Debug for CartSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CartSecret([redacted])")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_secret_matches_its_own_hash_only() {
        let secret = CartSecret::from_random([5; 32]);
        let read = CartSecret::parse(&secret.to_text()).unwrap();

        assert!(read.matches(&secret.hash()));
        assert!(!read.matches(&CartSecret::from_random([6; 32]).hash()));
        assert!(!read.matches(&secret.hash()[..31]));
        assert!(!read.matches(&[]));
    }

    #[test]
    fn a_refresh_token_is_no_cart_secret() {
        let token = crate::refresh::RefreshToken::from_random([5; 32]);

        assert!(CartSecret::parse(&token.to_text()).is_err());
    }

    #[test]
    fn printing_shows_nothing() {
        assert_eq!(format!("{:?}", CartSecret::from_random([5; 32])), "CartSecret([redacted])");
    }
}
