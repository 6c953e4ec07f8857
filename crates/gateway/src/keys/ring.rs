//! The key set, re-read every 30 s, and at most once a second when a token names a key that is not in it.

use std::sync::Arc;
use std::time::Duration;

use tidegate_auth::keys::{KeyEncryptionKey, KeySet, SigningAlgorithm};
use tidegate_model::Clock;
use tidegate_store::Store;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::rows;
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
        let keys = Arc::new(rows::read(&store, &kek, clock.now()).await?);
        let (read, _) = watch::channel(Read { keys, at: Instant::now() });
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
        let mut reading = self.0.read.subscribe();
        if reading.borrow_and_update().at.elapsed() < SHORTEST_INTERVAL {
            return None;
        }
        self.0.wanted.notify_one();
        tokio::time::timeout(PATIENCE, reading.changed()).await.ok()?.ok()?;
        Some(self.current())
    }

    /// Re-reads the keys for as long as it is polled. The keys last read stay in force while the database is away.
    pub(crate) async fn keep_current(self) {
        loop {
            let wanted = self.0.wanted.notified();
            let due = tokio::time::timeout(INTERVAL, wanted).await;
            let at = self.0.read.borrow().at;
            if due.is_ok() {
                tokio::time::sleep_until(at + SHORTEST_INTERVAL).await;
            }
            let keys = match rows::read(&self.0.store, &self.0.kek, self.0.clock.now()).await {
                Ok(keys) => Arc::new(keys),
                Err(error) => {
                    tracing::warn!(%error, "the keys could not be read again; the last ones stay in force");
                    self.current()
                }
            };
            self.0.read.send_replace(Read { keys, at: Instant::now() });
        }
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("KeyRing").field(&self.current().fingerprint()).finish()
    }
}
