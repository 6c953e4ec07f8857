//! Refresh tokens: opaque to the client, known to the database by their hash alone.

use std::fmt;

use aws_lc_rs::hmac;

pub use crate::opaque::NotAToken;
use crate::{
    keys::{KeySet, is_kid},
    opaque,
};

const PREFIX: &str = "tgr_";

/// A 256-bit refresh token. It prints as `[redacted]`; [`RefreshToken::to_text`] is what a client
/// gets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken([u8; 32]);

/// The key a child should be derived with is not in force, by its id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refresh key {0:?} is not in force")]
pub struct UnknownRefreshKey(pub String);

impl RefreshToken {
    /// The token of 32 random bytes: the first of its family.
    #[must_use]
    pub const fn from_random(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads `tgr_` and 43 characters of base64url; nothing else.
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
}

/// The token that replaces `parent`, as an HMAC-SHA256 of it under the refresh key of `kid`.
///
/// The same parent, key and generation give the same child on any replica: when a reply is lost
/// the client repeats its request and gets the very token that was already stored, so that no
/// second branch of the family comes to life. `kid` must be stored with the child's row.
pub fn derive_child(
    keys: &KeySet,
    kid: &str,
    parent: &RefreshToken,
    generation: u32,
) -> Result<RefreshToken, UnknownRefreshKey> {
    let key = is_kid(kid).then(|| keys.key(kid)).flatten().ok_or_else(|| UnknownRefreshKey(kid.to_owned()))?;
    let mut context = hmac::Context::with_key(&key.refresh);
    context.update(&parent.0);
    context.update(&generation.to_be_bytes());
    let mut child = [0; 32];
    child.copy_from_slice(context.sign().as_ref());
    Ok(RefreshToken(child))
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken([redacted])")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::test_keys::{KID, NOW, key_set};

    #[test]
    fn a_token_reads_back_and_prints_nothing() {
        let token = RefreshToken::from_random([5; 32]);

        assert_eq!(RefreshToken::parse(&token.to_text()), Ok(token));
        assert_eq!(format!("{token:?}"), "RefreshToken([redacted])");
    }

    #[test]
    fn a_cart_secret_is_no_refresh_token() {
        let secret = crate::secret::CartSecret::from_random([5; 32]);

        assert_eq!(RefreshToken::parse(&secret.to_text()), Err(NotAToken));
        assert_ne!(secret.hash(), RefreshToken::from_random([5; 32]).hash());
    }

    #[test]
    fn replicas_derive_the_same_child() {
        let parent = RefreshToken::from_random([5; 32]);
        let (one, two) = (key_set(), key_set());

        let child = derive_child(&one, KID, &parent, 1).unwrap();

        assert_eq!(derive_child(&two, KID, &parent, 1), Ok(child));
        assert_eq!(RefreshToken::parse(&child.to_text()), Ok(child));
    }

    #[test]
    fn another_parent_generation_or_key_derives_another_child() {
        let keys = key_set();
        let parent = RefreshToken::from_random([5; 32]);
        let child = derive_child(&keys, KID, &parent, 1).unwrap();

        let others = [
            derive_child(&keys, KID, &parent, 2).unwrap(),
            derive_child(&keys, KID, &child, 1).unwrap(),
            derive_child(&keys, keys.signer(NOW).unwrap().kid(), &parent, 1).unwrap(),
            parent,
        ];

        assert!(!others.contains(&child));
    }

    #[test]
    fn a_key_that_is_not_in_force_is_named() {
        let parent = RefreshToken::from_random([5; 32]);

        assert_eq!(derive_child(&key_set(), "nosuchkey", &parent, 1), Err(UnknownRefreshKey("nosuchkey".to_owned())));
    }
}
