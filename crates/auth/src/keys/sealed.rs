//! A key as it rests in the database.

use std::fmt;

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};
use time::{Duration, OffsetDateTime};

use super::{KeyEncryptionKey, SigningAlgorithm, kid::kid_from};

/// How long a new key is published before it signs. It must exceed the time between two reads of
/// the keys (30 s) by far, so that every replica knows a key before it meets its tokens.
pub const PUBLISH_LEAD: Duration = Duration::minutes(2);

/// The purpose under which the master secret of a key row is sealed.
pub const MASTER_PURPOSE: &str = "tidegate/master/v1";

/// A key row: everything but `sealed` is plain, and `kid` and `algorithm` are authenticated by it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// The key's id, in the header of each token it signs.
    pub kid: String,
    /// How its access tokens are signed.
    pub algorithm: SigningAlgorithm,
    /// The nonce (12 bytes), then the encrypted master secret with its tag.
    pub sealed: Vec<u8>,
    /// When the key was made.
    pub created_at: OffsetDateTime,
    /// From when on it signs.
    pub active_from: OffsetDateTime,
    /// From when on it neither signs nor verifies. When a key is replaced this must lie at least
    /// one access-token lifetime after its successor becomes active.
    pub retired_at: Option<OffsetDateTime>,
}

/// A master secret could not be sealed or opened. There is no detail, lest it help a forger; the
/// usual cause is a key-encryption key other than the one the row was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("wrong key-encryption key, or the key row was altered")]
pub struct SealError;

/// The randomness a new key is made of; draw it with [`crate::entropy::bytes`].
pub struct KeyEntropy {
    /// The master secret.
    pub master: [u8; 32],
    /// The nonce it is sealed with, never used twice under one key-encryption key.
    pub nonce: [u8; NONCE_LEN],
    /// The bits of the key id.
    pub kid: [u8; 10],
}

/// When a new key begins to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// At once: only right for the first key of a shop, as no replica holds an older set.
    AtOnce,
    /// [`PUBLISH_LEAD`] from now: for every later key.
    AfterPublication,
}

/// A new key, sealed and ready to be stored.
pub fn new_key(
    kek: &KeyEncryptionKey,
    algorithm: SigningAlgorithm,
    entropy: &KeyEntropy,
    activation: Activation,
    now: OffsetDateTime,
) -> Result<SealedKey, SealError> {
    let kid = kid_from(entropy.kid);
    let sealed = seal(kek, &kid, MASTER_PURPOSE, algorithm, &entropy.master, entropy.nonce)?;
    let active_from = match activation {
        // Two minutes ago: a gateway whose clock is behind must be able to sign as well.
        Activation::AtOnce => now - PUBLISH_LEAD,
        Activation::AfterPublication => now + PUBLISH_LEAD,
    };
    Ok(SealedKey { kid, algorithm, sealed, created_at: now, active_from, retired_at: None })
}

/// Encrypts `master` with AES-256-GCM, bound to the key id, the purpose and the algorithm.
pub fn seal(
    kek: &KeyEncryptionKey,
    kid: &str,
    purpose: &str,
    algorithm: SigningAlgorithm,
    master: &[u8; 32],
    nonce: [u8; NONCE_LEN],
) -> Result<Vec<u8>, SealError> {
    let mut secret = master.to_vec();
    kek.cipher()
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(associated_data(kid, purpose, algorithm)),
            &mut secret,
        )
        .map_err(|_| SealError)?;
    Ok([nonce.as_slice(), &secret].concat())
}

/// Decrypts what [`seal`] made; it fails if any byte of it, or of what it is bound to, differs.
pub fn open(
    kek: &KeyEncryptionKey,
    kid: &str,
    purpose: &str,
    algorithm: SigningAlgorithm,
    sealed: &[u8],
) -> Result<[u8; 32], SealError> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError)?;
    let mut secret = ciphertext.to_vec();
    let master = kek
        .cipher()
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(associated_data(kid, purpose, algorithm)),
            &mut secret,
        )
        .map_err(|_| SealError)?;
    <[u8; 32]>::try_from(&*master).map_err(|_| SealError)
}

/// The parts, each after its length, so that no other split of the same text is the same data.
fn associated_data(kid: &str, purpose: &str, algorithm: SigningAlgorithm) -> Vec<u8> {
    let mut data = Vec::new();
    for part in [kid, purpose, algorithm.as_str()] {
        data.extend_from_slice(&(part.len() as u64).to_be_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    data
}

impl fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .field("active_from", &self.active_from)
            .field("retired_at", &self.retired_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const ES: SigningAlgorithm = SigningAlgorithm::Es256;
    const HS: SigningAlgorithm = SigningAlgorithm::Hs256;

    fn kek(byte: u8) -> KeyEncryptionKey {
        KeyEncryptionKey::from_bytes(&[byte; 32]).unwrap()
    }

    fn entropy() -> KeyEntropy {
        KeyEntropy { master: [1; 32], nonce: [2; 12], kid: [3; 10] }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens(kek_bytes: [u8; 32], master: [u8; 32], nonce: [u8; 12], kid in "[a-z0-9]{1,32}") {
            let kek = KeyEncryptionKey::from_bytes(&kek_bytes).unwrap();

            let sealed = seal(&kek, &kid, MASTER_PURPOSE, ES, &master, nonce).unwrap();

            prop_assert_eq!(open(&kek, &kid, MASTER_PURPOSE, ES, &sealed), Ok(master));
            prop_assert!(!sealed.windows(32).any(|window| window == master));
        }

        #[test]
        fn one_flipped_bit_fails(byte in 0..60_usize, bit in 0..8_u32) {
            let kek = kek(9);
            let mut sealed = seal(&kek, "abc", MASTER_PURPOSE, HS, &[1; 32], [2; 12]).unwrap();

            sealed[byte] ^= 1 << bit;

            prop_assert_eq!(open(&kek, "abc", MASTER_PURPOSE, HS, &sealed), Err(SealError));
        }
    }

    #[test]
    fn a_row_moved_to_another_kid_purpose_algorithm_or_kek_fails_to_open() {
        let sealed = seal(&kek(9), "abc", "p", HS, &[1; 32], [2; 12]).unwrap();

        assert_eq!(open(&kek(9), "abc", "p", HS, &sealed), Ok([1; 32]));
        assert_eq!(open(&kek(9), "abd", "p", HS, &sealed), Err(SealError));
        assert_eq!(open(&kek(9), "abc", "q", HS, &sealed), Err(SealError));
        assert_eq!(open(&kek(9), "ab", "cp", HS, &sealed), Err(SealError));
        assert_eq!(open(&kek(9), "abc", "p", ES, &sealed), Err(SealError));
        assert_eq!(open(&kek(8), "abc", "p", HS, &sealed), Err(SealError));
    }

    #[test]
    fn truncated_rows_fail_to_open() {
        let sealed = seal(&kek(9), "abc", "p", HS, &[1; 32], [2; 12]).unwrap();

        for len in 0..sealed.len() {
            assert_eq!(open(&kek(9), "abc", "p", HS, &sealed[..len]), Err(SealError));
        }
    }

    #[test]
    fn a_key_is_published_before_it_signs_unless_it_is_the_first() {
        let now = datetime!(2026-01-01 0:00 UTC);
        let make = |activation| new_key(&kek(9), HS, &entropy(), activation, now).unwrap();

        assert_eq!(make(Activation::AtOnce).active_from, datetime!(2025-12-31 23:58 UTC));
        assert_eq!(make(Activation::AfterPublication).active_from, datetime!(2026-01-01 0:02 UTC));
    }

    #[test]
    fn printing_a_row_shows_no_key_bytes() {
        let now = datetime!(2026-01-01 0:00 UTC);
        let key = new_key(&kek(9), HS, &entropy(), Activation::AtOnce, now).unwrap();

        assert!(!format!("{key:?}").contains("sealed"));
    }
}
