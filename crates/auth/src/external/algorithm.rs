//! The algorithms another issuer may sign with.

use std::str::FromStr;

use jsonwebtoken::Algorithm;

/// A signature with a public key. There is no `none` and no HMAC, so no public key can be taken for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExternalAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, the one every provider has.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA over P-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

/// A setting names an algorithm that another issuer may not use here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown algorithm {0:?}; known are RS256, PS256, ES256 and EdDSA")]
pub struct UnknownExternalAlgorithm(pub String);

impl ExternalAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    /// The name registered for JWS (RFC 7518, RFC 8037).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(super) const fn jwt(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Ps256 => Algorithm::PS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }
}

impl FromStr for ExternalAlgorithm {
    type Err = UnknownExternalAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownExternalAlgorithm> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
            .ok_or_else(|| UnknownExternalAlgorithm(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_others_are_refused() {
        for algorithm in ExternalAlgorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        }
        for text in ["none", "None", "HS256", "rs256", "RS384", "Ed25519", ""] {
            assert_eq!(text.parse::<ExternalAlgorithm>(), Err(UnknownExternalAlgorithm(text.to_owned())));
        }
    }
}
