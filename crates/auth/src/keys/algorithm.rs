//! The signing algorithms a key may be made for.

use std::{fmt, str::FromStr};

use jsonwebtoken::Algorithm;

/// How access tokens of a key are signed. It is fixed when the key is made and never taken from a
/// token (RFC 8725 section 3.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SigningAlgorithm {
    /// HMAC-SHA256, the default: a few microseconds, but only the shop itself can verify.
    #[default]
    Hs256,
    /// Ed25519: others verify with the published key.
    EdDsa,
    /// ECDSA over P-256: for verifiers that lack Ed25519.
    Es256,
}

/// A key row or a setting names an algorithm this build does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown signing algorithm {0:?}; known are HS256, EdDSA and ES256")]
pub struct UnknownAlgorithm(pub String);

impl SigningAlgorithm {
    /// The name registered for JWS (RFC 7518, RFC 8037), also the one stored in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
        }
    }

    pub(crate) const fn jwt(self) -> Algorithm {
        match self {
            Self::Hs256 => Algorithm::HS256,
            Self::EdDsa => Algorithm::EdDSA,
            Self::Es256 => Algorithm::ES256,
        }
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SigningAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        [Self::Hs256, Self::EdDsa, Self::Es256]
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
            .ok_or_else(|| UnknownAlgorithm(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_others_are_refused() {
        for algorithm in [SigningAlgorithm::Hs256, SigningAlgorithm::EdDsa, SigningAlgorithm::Es256] {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        }
        for text in ["none", "hs256", "RS256", ""] {
            assert_eq!(text.parse::<SigningAlgorithm>(), Err(UnknownAlgorithm(text.to_owned())));
        }
    }
}
