//! Recorded usage, summed by coordinate and client.

use std::collections::BTreeMap;

use time::{Date, Duration};

use crate::policy::{Scope, UsagePolicy, Window};

/// What one client application did with one coordinate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// A type, field, argument, input field, enum value or directive.
    pub coordinate: String,
    /// The application.
    pub client: String,
    /// The last day on which it did.
    pub last_day: Date,
    /// Requests within the window.
    pub requests: u64,
}

/// All that was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// Days before today that were looked at.
    pub window: Window,
    /// Days among them of which there is any record.
    pub recorded_days: u16,
    /// What was used, ever.
    pub uses: Vec<Use>,
}

impl Usage {
    /// Whether the records are long enough to say that something is not used.
    #[must_use]
    pub fn is_long_enough(&self) -> bool {
        self.recorded_days >= self.window.recorded
    }

    /// Who used what a scope covers, within the window or, if protected, ever. Sorted by client.
    #[must_use]
    pub fn of(&self, scope: &Scope, policy: &UsagePolicy, today: Date) -> Vec<&Use> {
        let since = today - Duration::days(i64::from(self.window.days));
        let counts =
            |one: &&Use| scope.covers(&one.coordinate) && (one.last_day >= since || policy.protects(&one.client));
        let mut uses: Vec<&Use> = self.uses.iter().filter(counts).collect();
        uses.sort_by(|one, other| (&one.client, &one.coordinate).cmp(&(&other.client, &other.coordinate)));
        uses
    }
}

/// Sums in the making.
#[derive(Debug, Clone, Default)]
pub struct Sums(BTreeMap<(String, String), (Date, u64)>);

impl Sums {
    /// Adds what a client did with a coordinate: the last day, and the requests that fall into the window.
    pub fn add(&mut self, coordinate: String, client: String, last_day: Date, requests: u64) {
        let sum = self.0.entry((coordinate, client)).or_insert((last_day, 0));
        *sum = (sum.0.max(last_day), sum.1.saturating_add(requests));
    }

    /// All of it.
    #[must_use]
    pub fn usage(self, window: Window, recorded_days: u16) -> Usage {
        let one = |((coordinate, client), (last_day, requests))| Use { coordinate, client, last_day, requests };
        Usage { window, recorded_days, uses: self.0.into_iter().map(one).collect() }
    }
}
