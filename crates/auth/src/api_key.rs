//! API keys: how a server-side front end names itself, known to the database by their hash alone.

use std::fmt;

use crate::opaque;
pub use crate::opaque::NotAToken;

const PREFIX: &str = "tgk_";

/// A 256-bit API key. It prints as `[redacted]`; [`ApiKey::to_text`] is shown once, when it is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ApiKey([u8; 32]);

impl ApiKey {
    /// The key of 32 random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads `tgk_` and 43 characters of base64url; nothing else.
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        opaque::decode(PREFIX, text).map(Self)
    }

    /// The text its holder keeps.
    #[must_use]
    pub fn to_text(&self) -> String {
        opaque::encode(PREFIX, &self.0)
    }

    /// What the database keeps, and finds the key by.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        opaque::hash(PREFIX, &self.0)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{refresh::RefreshToken, secret::CartSecret};

    #[test]
    fn a_key_reads_back_and_prints_nothing() {
        let key = ApiKey::from_random([5; 32]);

        assert_eq!(ApiKey::parse(&key.to_text()), Ok(key));
        assert_eq!(format!("{key:?}"), "ApiKey([redacted])");
    }

    #[test]
    fn no_other_secret_is_an_api_key() {
        let (refresh, cart) = (RefreshToken::from_random([5; 32]), CartSecret::from_random([5; 32]));

        assert_eq!(ApiKey::parse(&refresh.to_text()), Err(NotAToken));
        assert_eq!(ApiKey::parse(&cart.to_text()), Err(NotAToken));
        assert_eq!(RefreshToken::parse(&ApiKey::from_random([5; 32]).to_text()), Err(NotAToken));
        assert_ne!(ApiKey::from_random([5; 32]).hash(), refresh.hash());
        assert_ne!(ApiKey::from_random([5; 32]).hash(), cart.hash());
    }
}
