//! Key sets for this crate's tests.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use time::{Duration, OffsetDateTime, macros::datetime};

use crate::keys::{KeyEncryptionKey, KeySet, MASTER_PURPOSE, SealedKey, SigningAlgorithm, seal};

/// The moment of most tests.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

/// A key of [`key_set`] that is in force but does not sign there.
pub(crate) const KID: &str = "es256key";

pub(crate) fn kek() -> KeyEncryptionKey {
    KeyEncryptionKey::from_bytes(&[42; 32]).unwrap()
}

/// The key of an algorithm, active since a day before [`NOW`]. Its master depends on the kid.
pub(crate) fn row(kid: &str, algorithm: SigningAlgorithm) -> SealedKey {
    let mut master = [7; 32];
    master[..kid.len()].copy_from_slice(kid.as_bytes());
    SealedKey {
        kid: kid.to_owned(),
        algorithm,
        sealed: seal(&kek(), kid, MASTER_PURPOSE, algorithm, &master, [1; 12]).unwrap(),
        created_at: NOW - Duration::days(1),
        active_from: NOW - Duration::days(1),
        retired_at: None,
    }
}

pub(crate) const fn kid_of(algorithm: SigningAlgorithm) -> &'static str {
    match algorithm {
        SigningAlgorithm::Hs256 => "hs256key",
        SigningAlgorithm::EdDsa => "eddsakey",
        SigningAlgorithm::Es256 => KID,
    }
}

/// One key per algorithm, all in force; that of `signer` is the newest.
pub(crate) fn key_set_signing_with(signer: SigningAlgorithm) -> KeySet {
    let rows = [SigningAlgorithm::Hs256, SigningAlgorithm::EdDsa, SigningAlgorithm::Es256].map(|algorithm| {
        let mut row = row(kid_of(algorithm), algorithm);
        if algorithm == signer {
            row.active_from += Duration::hours(1);
        }
        row
    });
    build(rows.into())
}

pub(crate) fn key_set() -> KeySet {
    key_set_signing_with(SigningAlgorithm::Hs256)
}

/// A set that shares no key with [`key_set`].
pub(crate) fn key_set_of_strangers() -> KeySet {
    build(vec![row("strangerkey", SigningAlgorithm::Hs256)])
}

pub(crate) fn build(rows: Vec<SealedKey>) -> KeySet {
    KeySet::build(rows, &kek(), NOW).unwrap()
}
