//! What becomes of keys: what each is doing, a new one, an end to an old one.

use std::sync::Arc;

use tidegate_auth::access::{LEEWAY, LIFETIME};
use tidegate_auth::keys::{Activation, KeyEncryptionKey, KeySet, SigningAlgorithm};
use tidegate_store::Store;
use tidegate_store::identity::{Retirement, SigningKeyRow};
use time::{Duration, OffsetDateTime};

use super::rows::{self, KeyError};
use crate::problem::Problem;

/// How long an access token can outlive the last moment at which its key signed.
pub(crate) const TOKEN_LIFE: Duration = LIFETIME.saturating_add(LEEWAY);

/// What a key is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyState {
    /// Known to every gateway, and waiting for its turn.
    Published,
    /// The one that signs.
    Signing,
    /// Signs no more, and vouches for what it has signed.
    Verifying,
    /// Over.
    Retired,
}

impl KeyState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Signing => "signing",
            Self::Verifying => "verifying",
            Self::Retired => "retired",
        }
    }
}

/// Every key, the newest first, with what it is doing.
pub(crate) async fn all(store: &Store, now: OffsetDateTime) -> Result<Vec<(SigningKeyRow, KeyState)>, Problem> {
    let rows = store.signing_keys(Arc::default()).await.map_err(KeyError::Store)?;
    Ok(with_states(rows, now))
}

fn with_states(mut rows: Vec<SigningKeyRow>, now: OffsetDateTime) -> Vec<(SigningKeyRow, KeyState)> {
    // The order in which a key set chooses its signer.
    rows.sort_by(|a, b| (b.active_from, b.created_at, &b.kid).cmp(&(a.active_from, a.created_at, &a.kid)));
    let mut signer_found = false;
    rows.into_iter()
        .map(|row| {
            let state = if row.retired_at.is_some_and(|at| at <= now) {
                KeyState::Retired
            } else if row.active_from > now {
                KeyState::Published
            } else if std::mem::replace(&mut signer_found, true) {
                KeyState::Verifying
            } else {
                KeyState::Signing
            };
            (row, state)
        })
        .collect()
}

/// What a rotation did.
#[derive(Debug)]
pub(crate) struct Rotated {
    /// The new key.
    pub(crate) key: SigningKeyRow,
    /// The one that signs until the new one does; none where there was no key.
    pub(crate) before: Option<String>,
}

/// Makes a key. It is published now and signs two minutes later, when every gateway has read it; a shop's first signs
/// at once. The key-encryption key must open the keys that are there, or no gateway could read the new one.
pub(crate) async fn rotate(
    store: &Store,
    kek: &KeyEncryptionKey,
    algorithm: SigningAlgorithm,
    now: OffsetDateTime,
) -> Result<Rotated, Problem> {
    let keys = rows::read(store, kek, now).await?;
    let Some(before) = signer(&keys, now) else {
        let rows = store.signing_keys(Arc::default()).await.map_err(KeyError::Store)?;
        let activation = if rows.is_empty() { Activation::AtOnce } else { Activation::AfterPublication };
        return add(store, rows::draw(kek, algorithm, activation, now)?, None).await;
    };
    add(store, rows::draw(kek, algorithm, Activation::AfterPublication, now)?, Some(before)).await
}

fn signer(keys: &KeySet, now: OffsetDateTime) -> Option<String> {
    keys.signer(now).ok().map(|key| key.kid().to_owned())
}

async fn add(store: &Store, key: SigningKeyRow, before: Option<String>) -> Result<Rotated, Problem> {
    match store.signing_key_add(Arc::default(), key.clone()).await.map_err(KeyError::Store)? {
        None => Ok(Rotated { key, before }),
        Some(waiting) => Err(Problem::failed(format!("key {waiting} is published already and waits for its turn"))
            .hint("see `tidegate keys list`; rotate again when it signs")),
    }
}

/// Ends a key at an instant; a key that has never signed ends at once. Answers when.
pub(crate) async fn retire(
    store: &Store,
    kid: &str,
    at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, Problem> {
    let keys = all(store, now).await?;
    let waits = keys.iter().any(|(row, state)| row.kid == kid && *state == KeyState::Published);
    let at = if waits { now } else { at };
    let retired = store.signing_key_retire(Arc::default(), kid.to_owned(), at, now).await.map_err(KeyError::Store)?;
    match retired {
        Retirement::Done => Ok(at),
        Retirement::Unknown => {
            Err(Problem::failed("there is no such key").hint("`tidegate keys list` has the ids of all"))
        }
        Retirement::Already => Err(Problem::failed(format!("key {kid} has ended or ends before that anyway"))),
        Retirement::NoSuccessor => Err(Problem::failed(format!("no other key could sign after {kid}"))
            .hint("`tidegate keys rotate`, wait until the new key signs (two minutes), and retire this one then")),
        Retirement::Signs => Err(Problem::failed(format!("key {kid} is the one that signs"))
            .hint("`tidegate keys rotate`, wait until the new key signs; or end it at once with --now")),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use tidegate_auth::keys::{KeyEntropy, new_key};
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    fn row(number: u8, active_from: OffsetDateTime, retired_at: Option<OffsetDateTime>) -> SigningKeyRow {
        let kek = KeyEncryptionKey::from_bytes(&[1; 32]).unwrap();
        let entropy = KeyEntropy { master: [number; 32], nonce: [number; 12], kid: [number; 10] };
        let key = new_key(&kek, SigningAlgorithm::Hs256, &entropy, Activation::AtOnce, active_from).unwrap();
        SigningKeyRow { active_from, retired_at, ..rows::row(key) }
    }

    #[test]
    fn each_key_does_one_thing_and_one_key_signs() {
        let (hour, minute) = (Duration::hours(1), Duration::minutes(1));
        let rows = vec![
            row(1, NOW - hour * 9, Some(NOW - minute)),
            row(2, NOW - hour * 8, Some(NOW + minute)),
            row(3, NOW - hour, None),
            row(4, NOW - hour, None),
            row(5, NOW + minute, None),
        ];

        let told = with_states(rows.clone(), NOW);

        let states: Vec<_> = told.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!(states, ["published", "signing", "verifying", "verifying", "retired"]);
        let kek = KeyEncryptionKey::from_bytes(&[1; 32]).unwrap();
        let keys = KeySet::build(rows.into_iter().map(|row| rows::sealed(row).unwrap()).collect(), &kek, NOW).unwrap();
        assert_eq!(keys.signer(NOW).unwrap().kid(), told[1].0.kid);
    }
}
