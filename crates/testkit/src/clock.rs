//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};
use tidegate_model::Clock;
use time::{Duration, OffsetDateTime};

/// Starts at the real time, because PostgreSQL's own clock is real, and is moved by hand from there.
#[derive(Debug)]
pub struct TestClock {
    offset_seconds: AtomicI64,
}

/// The processor time that this thread has taken so far: other work on the machine does not count.
#[must_use]
pub fn processor_time() -> std::time::Duration {
    use rustix::time::{ClockId, clock_gettime};
    clock_gettime(ClockId::ThreadCPUTime).try_into().expect("a time since the thread began")
}

impl Default for TestClock {
    fn default() -> Self {
        Self { offset_seconds: AtomicI64::new(0) }
    }
}

impl TestClock {
    /// Moves it on.
    pub fn advance(&self, by: Duration) {
        self.offset_seconds.fetch_add(by.whole_seconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        tidegate_model::clock::SystemClock.now() + Duration::seconds(self.offset_seconds.load(Ordering::SeqCst))
    }
}
