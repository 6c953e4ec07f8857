//! One key per purpose, derived from a master secret.

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};

use super::SigningAlgorithm;

/// What a derived key is for. Two purposes never share a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Signing access tokens.
    Access,
    /// Page cursors.
    Cursor,
    /// Deriving a refresh token from the one it replaces.
    Refresh,
    /// Links and codes sent by e-mail, signed links, device tokens and sign-ins at a provider.
    Link,
}

/// A constant salt: the master secret is uniformly random, so the salt only separates this
/// project's derivations from any other use of HKDF (RFC 5869 section 3.1).
const SALT: &[u8] = b"tidegate/hkdf/v1";

/// The label of the value that stands for a key in the set's fingerprint.
const CHECK_LABEL: &str = "tidegate/check/v1";

/// HKDF refused to derive. It does so only for outputs longer than any asked for here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key derivation failed")]
pub(crate) struct DeriveError;

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::Access, Self::Cursor, Self::Refresh, Self::Link];

    /// The text that separates this purpose from the others in HKDF.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Access => "tidegate/access/v1",
            Self::Cursor => "tidegate/cursor/v1",
            Self::Refresh => "tidegate/refresh/v1",
            Self::Link => "tidegate/link/v1",
        }
    }
}

/// The key for `purpose`. `attempt` counts rejected candidates where not every 32 bytes are a key.
pub(crate) fn derive(
    master: &[u8; 32],
    purpose: Purpose,
    algorithm: SigningAlgorithm,
    attempt: u8,
) -> Result<[u8; 32], DeriveError> {
    expand(master, purpose.label(), algorithm, attempt)
}

/// A value that tells two masters apart and reveals neither.
pub(crate) fn check_value(master: &[u8; 32], algorithm: SigningAlgorithm) -> Result<[u8; 32], DeriveError> {
    expand(master, CHECK_LABEL, algorithm, 0)
}

fn expand(master: &[u8; 32], label: &str, algorithm: SigningAlgorithm, attempt: u8) -> Result<[u8; 32], DeriveError> {
    // HKDF concatenates these; a NUL after each text keeps the parts apart.
    let info: [&[u8]; 5] = [label.as_bytes(), &[0], algorithm.as_str().as_bytes(), &[0], &[attempt]];
    let mut key = [0; 32];
    Salt::new(HKDF_SHA256, SALT)
        .extract(master)
        .expand(&info, HKDF_SHA256)
        .and_then(|output| output.fill(&mut key))
        .map_err(|_| DeriveError)?;
    Ok(key)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const ALGORITHMS: [SigningAlgorithm; 3] =
        [SigningAlgorithm::Hs256, SigningAlgorithm::EdDsa, SigningAlgorithm::Es256];

    /// Every key two masters give rise to, and the masters.
    fn all_keys(masters: [[u8; 32]; 2]) -> Vec<[u8; 32]> {
        let mut keys = masters.to_vec();
        for master in masters {
            for algorithm in ALGORITHMS {
                keys.push(check_value(&master, algorithm).unwrap());
                for purpose in Purpose::ALL {
                    for attempt in 0..3 {
                        keys.push(derive(&master, purpose, algorithm, attempt).unwrap());
                    }
                }
            }
        }
        keys
    }

    proptest! {
        #[test]
        fn no_two_derived_keys_are_equal(a: [u8; 32], b: [u8; 32]) {
            prop_assume!(a != b);

            let keys = all_keys([a, b]);

            let distinct: HashSet<_> = keys.iter().collect();
            prop_assert_eq!(distinct.len(), keys.len());
        }
    }

    #[test]
    fn the_derivation_never_changes() {
        // Computed by another HKDF (RFC 5869). A change would log every shopper out: it needs a new
        // label, not a new expectation.
        let key = derive(&[7; 32], Purpose::Access, SigningAlgorithm::Hs256, 0).unwrap();

        assert_eq!(
            data_encoding::HEXLOWER.encode(&key),
            "67e0e17a89fc850269374542b49b8ffef57be4bedb1f34693ebb6a43fcc9bd3b"
        );
    }
}
