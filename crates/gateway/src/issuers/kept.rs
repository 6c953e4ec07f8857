//! Something public that is fetched from an issuer and kept for a while: its discovery document, its keys.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;
use tokio::sync::{Semaphore, watch};

use super::fetch::FetchFault;

/// Between two fetches that an unknown key asks for, and between two tries while an issuer is away. Tokens with
/// invented key ids must not become calls (S21).
pub(super) const INTERVAL: Duration = Duration::from_mins(1);
/// Between two tries while there is nothing at all to go by.
pub(super) const FIRST_INTERVAL: Duration = Duration::from_secs(5);
/// How long a request waits for a fetch while it could do without.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a request waits for a fetch that it cannot do without: two calls, should a document lead to another.
const FIRST_PATIENCE: Duration = Duration::from_secs(10);

/// Where it comes from.
#[async_trait]
pub(super) trait Source: std::fmt::Debug + Send + Sync + 'static {
    type Value: Send + Sync + 'static;

    /// What it is, for the log.
    fn name(&self) -> &'static str;

    /// Whose it is, for the log.
    fn issuer(&self) -> &str;

    /// Fetches it.
    async fn fetch(&self, now: OffsetDateTime) -> Result<Fetched<Self::Value>, FetchFault>;
}

/// What came, and how long it is good.
pub(super) struct Fetched<T> {
    pub(super) value: T,
    pub(super) lifetime: Duration,
}

/// There is nothing to go by yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Away {
    /// When the next try may be made.
    pub(super) retry_after: Duration,
}

/// The last value and when to ask for the next. There is one for each document of the configuration's issuers.
#[derive(Debug)]
pub(super) struct Kept<S: Source> {
    source: S,
    /// Whoever fetches holds the one permit, so there is one fetch at a time.
    turn: Arc<Semaphore>,
    last: watch::Sender<Last<S::Value>>,
}

#[derive(Debug)]
struct Last<T> {
    value: Option<Arc<T>>,
    fresh_until: OffsetDateTime,
    tried_at: Option<OffsetDateTime>,
    failed: bool,
    /// When an unknown key last asked for a fetch.
    asked_at: Option<OffsetDateTime>,
}

impl<S: Source> Kept<S> {
    /// Fetches nothing yet.
    pub(super) fn new(source: S) -> Arc<Self> {
        let last = Last {
            value: None,
            fresh_until: OffsetDateTime::UNIX_EPOCH,
            tried_at: None,
            failed: false,
            asked_at: None,
        };
        Arc::new(Self { source, turn: Arc::new(Semaphore::new(1)), last: watch::Sender::new(last) })
    }

    /// The value. One that is too old is fetched again first, and stays in force while the issuer is away.
    pub(super) async fn value(self: &Arc<Self>, now: OffsetDateTime) -> Result<Arc<S::Value>, Away> {
        let due = self.last.borrow().is_due(now);
        if due {
            self.begin(now, |last| last.is_due(now) && last.may_be_tried(now));
            // While an issuer is away, nobody waits who has a value.
            if let Some(patience) = self.patience() {
                self.wait(patience).await;
            }
        }
        let last = self.last.borrow();
        last.value.clone().ok_or_else(|| Away { retry_after: left(last.tried_at, now, FIRST_INTERVAL) })
    }

    /// The value after one turned out not to have a key. `None` when that was asked for within the last minute.
    pub(super) async fn newer_than(
        self: &Arc<Self>,
        known: &Arc<S::Value>,
        now: OffsetDateTime,
    ) -> Option<Arc<S::Value>> {
        self.begin(now, |last| {
            let may = passed(last.asked_at, now, INTERVAL);
            if may {
                last.asked_at = Some(now);
            }
            may
        });
        self.wait(PATIENCE).await;
        self.last.borrow().value.clone().filter(|value| !Arc::ptr_eq(value, known))
    }

    fn patience(&self) -> Option<Duration> {
        let last = self.last.borrow();
        match (&last.value, last.failed) {
            (None, _) => Some(FIRST_PATIENCE),
            (Some(_), false) => Some(PATIENCE),
            (Some(_), true) => None,
        }
    }

    /// Begins a fetch if none is under way and `may` agrees. It goes on when whoever asked for it is gone, so that
    /// nobody can keep it from ending.
    fn begin(self: &Arc<Self>, now: OffsetDateTime, may: impl FnOnce(&mut Last<S::Value>) -> bool) {
        let Ok(permit) = Arc::clone(&self.turn).try_acquire_owned() else { return };
        let begun = self.last.send_if_modified(|last| {
            let may = may(last);
            if may {
                last.tried_at = Some(now);
            }
            may
        });
        if begun {
            let kept = Arc::clone(self);
            tokio::spawn(async move {
                kept.fetch(now).await;
                drop(permit);
            });
        }
    }

    /// Waits for the fetch under way, if there is one. Too slow is as good as away: what there is has to do.
    async fn wait(&self, patience: Duration) {
        drop(tokio::time::timeout(patience, self.turn.acquire()).await);
    }

    async fn fetch(&self, now: OffsetDateTime) {
        let fetched = self.source.fetch(now).await;
        self.last.send_modify(|last| match fetched {
            Ok(fetched) => {
                last.value = Some(Arc::new(fetched.value));
                last.fresh_until = now + fetched.lifetime;
                last.failed = false;
            }
            Err(fault) => {
                let (issuer, what) = (self.source.issuer(), self.source.name());
                if last.value.is_some() {
                    tracing::warn!(issuer, %fault, "{what} could not be fetched; the last one stays in force");
                } else {
                    tracing::warn!(issuer, %fault, "{what} could not be fetched");
                }
                last.failed = true;
            }
        });
    }
}

impl<T> Last<T> {
    /// Whether the value is missing or too old.
    fn is_due(&self, now: OffsetDateTime) -> bool {
        self.value.is_none() || self.fresh_until <= now
    }

    /// Whether an issuer that failed has had its pause.
    fn may_be_tried(&self, now: OffsetDateTime) -> bool {
        let interval = if self.value.is_some() { INTERVAL } else { FIRST_INTERVAL };
        !self.failed || passed(self.tried_at, now, interval)
    }
}

/// Whether an interval has passed. A clock that was set back does not stop the fetching.
fn passed(since: Option<OffsetDateTime>, now: OffsetDateTime, interval: Duration) -> bool {
    since.is_none_or(|since| (now - since).abs() >= interval)
}

fn left(since: Option<OffsetDateTime>, now: OffsetDateTime, interval: Duration) -> Duration {
    let gone = since.map_or(interval, |since| (now - since).unsigned_abs());
    interval.saturating_sub(gone).max(Duration::from_secs(1))
}
