//! The key set and the API keys, re-read every 30 s, and at most once a second when a request names a key that is not
//! among them.

use std::sync::Arc;
use std::time::Duration;

use tidegate_auth::keys::{KeyEncryptionKey, KeySet, SigningAlgorithm};
use tidegate_model::Clock;
use tidegate_store::Store;
use time::OffsetDateTime;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::api_keys::{ApiKey, ApiKeys};
use super::rows::{self, KeyError};
use crate::problem::Problem;

/// A key is published two minutes before it signs, so every replica meets it in time.
const INTERVAL: Duration = Duration::from_secs(30);
/// Over all requests: tokens with invented key ids must not become statements.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);
/// How long a request with an unknown key waits for the keys to be read again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The keys in force. Cheap to clone.
#[derive(Clone)]
pub struct KeyRing(Arc<Ring>);

struct Ring {
    store: Store,
    clock: Arc<dyn Clock>,
    kek: KeyEncryptionKey,
    read: watch::Sender<Read>,
    wanted: Notify,
}

/// The last reading.
#[derive(Clone)]
struct Read {
    keys: Arc<KeySet>,
    api_keys: Arc<ApiKeys>,
    /// When it was tried, whether it succeeded or not.
    at: Instant,
}

impl KeyRing {
    /// Reads the keys, and makes the first one where there is none.
    pub async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        kek: KeyEncryptionKey,
        algorithm: SigningAlgorithm,
    ) -> Result<Self, Problem> {
        rows::make_first(&store, &kek, algorithm, clock.now()).await?;
        let (keys, api_keys) = read_all(&store, &kek, clock.now()).await?;
        let (read, _) = watch::channel(Read { keys, api_keys, at: Instant::now() });
        Ok(Self(Arc::new(Ring { store, clock, kek, read, wanted: Notify::new() })))
    }

    /// The keys as they were last read.
    #[must_use]
    pub fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.0.read.borrow().keys)
    }

    /// The keys after a token named one that is not among them. `None` when they were read within the last second:
    /// a key that was published properly would have been there.
    pub(crate) async fn after_unknown_key(&self) -> Option<Arc<KeySet>> {
        self.read_again().await.then(|| self.current())
    }

    /// The API key of a hash, if it is in force. One that is unknown may be new.
    pub(crate) async fn api_key(&self, hash: &[u8; 32], now: OffsetDateTime) -> Option<Arc<ApiKey>> {
        let known = || self.0.read.borrow().api_keys.get(hash, now);
        match known() {
            None if self.read_again().await => known(),
            found => found,
        }
    }

    /// Has the keys read again, unless they were within the last second; whether they have been.
    async fn read_again(&self) -> bool {
        let mut reading = self.0.read.subscribe();
        if reading.borrow_and_update().at.elapsed() < SHORTEST_INTERVAL {
            return false;
        }
        self.0.wanted.notify_one();
        matches!(tokio::time::timeout(PATIENCE, reading.changed()).await, Ok(Ok(())))
    }

    /// Re-reads the keys for as long as it is polled. The keys last read stay in force while the database is away.
    pub(crate) async fn keep_current(self) {
        loop {
            let wanted = self.0.wanted.notified();
            let due = tokio::time::timeout(INTERVAL, wanted).await;
            let last = self.0.read.borrow().clone();
            if due.is_ok() {
                tokio::time::sleep_until(last.at + SHORTEST_INTERVAL).await;
            }
            let read = match read_all(&self.0.store, &self.0.kek, self.0.clock.now()).await {
                Ok((keys, api_keys)) => Read { keys, api_keys, at: Instant::now() },
                Err(error) => {
                    tracing::warn!(%error, "the keys could not be read again; the last ones stay in force");
                    Read { at: Instant::now(), ..last }
                }
            };
            self.0.read.send_replace(read);
        }
    }
}

async fn read_all(
    store: &Store,
    kek: &KeyEncryptionKey,
    now: OffsetDateTime,
) -> Result<(Arc<KeySet>, Arc<ApiKeys>), KeyError> {
    let keys = rows::read(store, kek, now).await?;
    let api_keys = ApiKeys::read(store, now).await.map_err(KeyError::Store)?;
    Ok((Arc::new(keys), Arc::new(api_keys)))
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("KeyRing").field(&self.current().fingerprint()).finish()
    }
}
