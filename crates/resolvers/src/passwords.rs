//! Password hashing off the threads that answer requests, and only so much of it at once: each hash takes megabytes and
//! tens of milliseconds, which makes it the cheapest way to bring a process down.

use std::sync::Arc;
use std::time::Duration;

use tidegate_auth::password::{self, HashCost, Password};
use tidegate_model::{Failure, Refusal, RefusalKind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::mint;

/// How long a password waits for its turn.
const WAIT: Duration = Duration::from_secs(1);
/// Milliseconds that a client is asked to wait when there was no turn.
const RETRY_AFTER_MS: u32 = 2_000;

/// Hashes and verifies passwords. Holds nothing of a client.
#[derive(Debug, Clone)]
pub struct Passwords {
    cost: HashCost,
    turns: Arc<Semaphore>,
    /// What to verify against when there is no account, so that it takes as long.
    dummy: Arc<str>,
}

impl Passwords {
    /// Hashes at `cost`, as many at once as fit into `memory` bytes, and never more than there are processors.
    #[must_use]
    pub fn new(cost: HashCost, memory: u64) -> Self {
        let fit = usize::try_from(memory / cost.memory_bytes().max(1)).unwrap_or(usize::MAX);
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            cost,
            turns: Arc::new(Semaphore::new(fit.min(processors).max(1))),
            dummy: Arc::from(password::dummy(cost)),
        }
    }

    /// Whether a stored hash should be made anew at today's cost.
    #[must_use]
    pub fn needs_upgrade(&self, phc: &str) -> bool {
        password::needs_upgrade(phc, self.cost)
    }

    /// The hash to store.
    pub(crate) async fn hash(&self, password: Password) -> Result<Result<String, Refusal>, Failure> {
        let salt = mint::salt()?;
        let cost = self.cost;
        let hashed = self.run(move || password::hash(&password, salt, cost)).await?;
        Ok(match hashed {
            Ok(Ok(phc)) => Ok(phc),
            Ok(Err(error)) => {
                tracing::error!(%error, "a password could not be hashed");
                return Err(Failure::Internal);
            }
            Err(refusal) => Err(refusal),
        })
    }

    /// Whether the text is the password of the hash. Without a hash, and for a text that no password can be, it takes
    /// as long and says no.
    pub(crate) async fn verify(&self, text: &str, phc: Option<&str>) -> Result<Result<bool, Refusal>, Failure> {
        let (password, known) = match Password::for_verification(text) {
            Some(password) => (Some(password), phc.is_some()),
            None => (Password::for_verification("no password can be this long"), false),
        };
        let phc: Arc<str> = phc.filter(|_| known).map_or_else(|| Arc::clone(&self.dummy), Arc::from);
        self.run(move || password.is_some_and(|password| password::verify(&password, &phc)) && known).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Result<T, Refusal>, Failure> {
        let Some(turn) = self.turn().await else {
            let kind = RefusalKind::RateLimited { retry_after_ms: RETRY_AFTER_MS };
            return Ok(Err(Refusal::whole(kind)));
        };
        let task = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        task.await.map(Ok).map_err(|_| Failure::Internal)
    }

    async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        tokio::time::timeout(WAIT, Arc::clone(&self.turns).acquire_owned()).await.ok()?.ok()
    }
}
