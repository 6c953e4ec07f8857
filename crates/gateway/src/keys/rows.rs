//! Key rows: from the database to a key set, and the first key of a shop.

use std::sync::Arc;

use tidegate_auth::entropy;
use tidegate_auth::keys::{
    Activation, KeyEncryptionKey, KeyEntropy, KeySet, KeySetError, SealedKey, SigningAlgorithm, new_key,
};
use tidegate_store::identity::SigningKeyRow;
use tidegate_store::{Store, StoreError};
use time::OffsetDateTime;

use crate::problem::Problem;

/// Why the keys could not be read.
#[derive(Debug)]
pub(super) enum KeyError {
    Store(StoreError),
    /// A row names an algorithm that this release lacks.
    Algorithm,
    Set(KeySetError),
    /// No first key could be made.
    NotMade,
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(formatter),
            Self::Algorithm => formatter.write_str("a key has an algorithm that this release does not know"),
            Self::Set(error) => error.fmt(formatter),
            Self::NotMade => formatter.write_str("no signing key could be made"),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        let problem = Self::configuration(error.to_string());
        match error {
            KeyError::Set(_) => {
                problem.hint("TIDEGATE_KEY_ENCRYPTION_KEY must be the one that the keys were made with")
            }
            KeyError::Algorithm => problem.hint("a later release made it: run that release"),
            KeyError::Store(_) | KeyError::NotMade => problem,
        }
    }
}

/// Reads the keys.
pub(super) async fn read(store: &Store, kek: &KeyEncryptionKey, now: OffsetDateTime) -> Result<KeySet, KeyError> {
    let rows = store.signing_keys(Arc::default()).await.map_err(KeyError::Store)?;
    let rows = rows.into_iter().map(sealed).collect::<Result<_, _>>()?;
    KeySet::build(rows, kek, now).map_err(KeyError::Set)
}

/// Makes the first key of a shop, unless another replica has. It signs at once, as nobody holds an older set.
pub(super) async fn make_first(
    store: &Store,
    kek: &KeyEncryptionKey,
    algorithm: SigningAlgorithm,
    now: OffsetDateTime,
) -> Result<(), KeyError> {
    let rows = store.signing_keys(Arc::default()).await.map_err(KeyError::Store)?;
    if !rows.is_empty() {
        return Ok(());
    }
    let row = draw(kek, algorithm, Activation::AtOnce, now)?;
    store.signing_key_insert_first(Arc::default(), row).await.map(drop).map_err(KeyError::Store)
}

/// A new key, from the operating system's randomness.
pub(super) fn draw(
    kek: &KeyEncryptionKey,
    algorithm: SigningAlgorithm,
    activation: Activation,
    now: OffsetDateTime,
) -> Result<SigningKeyRow, KeyError> {
    let entropy = || {
        Ok::<_, entropy::EntropyError>(KeyEntropy {
            master: entropy::bytes()?,
            nonce: entropy::bytes()?,
            kid: entropy::bytes()?,
        })
    };
    let drawn = entropy().map_err(|_| KeyError::NotMade)?;
    new_key(kek, algorithm, &drawn, activation, now).map(row).map_err(|_| KeyError::NotMade)
}

/// A key as the database has it.
pub(super) fn row(key: SealedKey) -> SigningKeyRow {
    SigningKeyRow {
        kid: key.kid,
        algorithm: key.algorithm.as_str().to_owned(),
        sealed: key.sealed,
        created_at: key.created_at,
        active_from: key.active_from,
        retired_at: key.retired_at,
    }
}

/// A row as a key set takes it.
pub(super) fn sealed(row: SigningKeyRow) -> Result<SealedKey, KeyError> {
    Ok(SealedKey {
        algorithm: row.algorithm.parse().map_err(|_| KeyError::Algorithm)?,
        kid: row.kid,
        sealed: row.sealed,
        created_at: row.created_at,
        active_from: row.active_from,
        retired_at: row.retired_at,
    })
}
