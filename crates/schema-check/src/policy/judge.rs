//! The changes under the policy: what fails, what is excused, and why.

use serde::Serialize;
use time::Date;

use super::file::{Exemption, OperationExemption, Policy, UnreachableTypes, Unreleased};
use super::scope::Scope;
use crate::change::{Change, Severity};
use crate::contract::Contract;
use crate::dates;
use crate::operations::{Broken, Operations};
use crate::usage::Usage;

/// What is known besides the two schemas.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The day it is.
    pub today: Date,
    /// Whether the base has never been released.
    pub unreleased: bool,
    /// Recorded usage, if there is any.
    pub usage: Option<&'a Usage>,
    /// The clients' operations, if they are known.
    pub operations: Option<&'a Operations>,
    /// The schema before.
    pub base: &'a Contract,
    /// The schema after.
    pub head: &'a Contract,
}

/// Why a change does not fail though it is severe enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "camelCase")]
pub enum Excuse {
    /// The policy wants it.
    Exempt {
        /// Its reason.
        reason: String,
        /// The last day on which this holds.
        expires: String,
    },
    /// No client used it.
    Unused {
        /// For so many days.
        days: u16,
    },
    /// Nothing has been released yet.
    Unreleased,
}

/// One that uses what a change concerns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The application.
    pub client: String,
    /// Requests within the window, where usage is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<u64>,
    /// The last day on which it did, where usage is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// Its operations that do, where they are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
}

/// A change under the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The change.
    pub change: Change,
    /// What it counts as.
    pub severity: Severity,
    /// Whose word that is, when it is not the change's own severity.
    pub by_policy: Option<String>,
    /// Why it does not fail.
    pub excuse: Option<Excuse>,
    /// Whether it fails the check.
    pub fails: bool,
    /// Who uses it, by client.
    pub users: Vec<User>,
}

/// An operation that breaks, under the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedOperation {
    /// The operation.
    pub broken: Broken,
    /// Why it does not fail.
    pub excuse: Option<Excuse>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The worst first, then by coordinate.
    pub changes: Vec<Judged>,
    /// Operations that break.
    pub operations: Vec<JudgedOperation>,
    /// What is wrong with the policy, and fails: exemptions that have expired.
    pub expired: Vec<String>,
    /// What is idle in the policy: exemptions that match nothing.
    pub idle: Vec<String>,
}

impl Verdict {
    /// Whether the check fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        let operation = |judged: &JudgedOperation| judged.excuse.is_none();
        !self.expired.is_empty()
            || self.changes.iter().any(|judged| judged.fails)
            || self.operations.iter().any(operation)
    }
}

/// Judges changes.
#[must_use]
pub fn judge(policy: &Policy, changes: Vec<Change>, facts: &Facts<'_>) -> Verdict {
    let reach = match policy.unreachable_types {
        UnreachableTypes::Ignore => Some((facts.base.reachable_types(), facts.head.reachable_types())),
        UnreachableTypes::Judge => None,
    };
    let unreachable = |change: &Change| {
        let name = change.type_name();
        name.zip(reach.as_ref()).is_some_and(|(name, (base, head))| !base.contains(name) && !head.contains(name))
    };
    let mut judged: Vec<Judged> = changes
        .into_iter()
        .map(|change| {
            let out_of_reach = change.severity > Severity::Safe && unreachable(&change);
            let (severity, by_policy) = if out_of_reach {
                (Severity::Safe, Some("the policy: no operation can reach the type".to_owned()))
            } else {
                policy.severity(&change)
            };
            let users = if severity == Severity::Safe { Vec::new() } else { users(policy, &change, facts) };
            let severe = policy.fails(severity);
            let excuse = if severe { excuse(policy, &change, &users, facts) } else { None };
            Judged { severity, by_policy, fails: severe && excuse.is_none(), excuse, users, change }
        })
        .collect();
    judged.sort_by(|one, other| {
        rank(other).cmp(&rank(one)).then_with(|| one.change.coordinate.cmp(&other.change.coordinate))
    });
    let operations = facts.operations.map(|operations| operations.broken.clone()).unwrap_or_default();
    let operations = operations.into_iter().map(|broken| judge_operation(policy, broken, facts.today)).collect();
    let (expired, idle) = exemptions(policy, &judged, facts);
    Verdict { changes: judged, operations, expired, idle }
}

/// What fails comes before what is excused.
fn rank(judged: &Judged) -> (bool, Severity) {
    (judged.fails, judged.severity)
}

fn users(policy: &Policy, change: &Change, facts: &Facts<'_>) -> Vec<User> {
    let scope = Scope::of(change);
    let mut users: Vec<User> = Vec::new();
    let mut at = |client: &str| -> usize {
        let place = users.iter().position(|user| user.client == client);
        place.unwrap_or_else(|| {
            users.push(User { client: client.to_owned(), requests: None, last_day: None, operations: Vec::new() });
            users.len() - 1
        })
    };
    let mut recorded = Vec::new();
    for one in facts.usage.map(|usage| usage.of(&scope, &policy.usage, facts.today)).unwrap_or_default() {
        recorded.push((at(&one.client), one));
    }
    let mut sent = Vec::new();
    for operation in facts.operations.map_or(&[][..], |operations| &operations.uses) {
        if operation.coordinates.iter().any(|coordinate| scope.covers(coordinate)) {
            sent.push((at(&operation.client), operation));
        }
    }
    for (index, one) in recorded {
        let user = &mut users[index];
        let day = dates::show(one.last_day);
        // Of a field and its arguments in one request, the larger figure is the number of requests.
        user.requests = Some(user.requests.unwrap_or_default().max(one.requests));
        user.last_day = user.last_day.take().max(Some(day));
    }
    for (index, operation) in sent {
        users[index].operations.push(operation.name.clone());
    }
    users.sort();
    users
}

fn excuse(policy: &Policy, change: &Change, users: &[User], facts: &Facts<'_>) -> Option<Excuse> {
    let exempt = |entry: &&Exemption| names(entry, change) && entry.expires >= facts.today;
    if let Some(entry) = policy.exemptions.iter().find(exempt) {
        return Some(Excuse::Exempt { reason: entry.reason.clone(), expires: dates::show(entry.expires) });
    }
    if facts.unreleased && policy.unreleased == Unreleased::Report {
        return Some(Excuse::Unreleased);
    }
    let usage = facts.usage.filter(|usage| usage.is_long_enough() && !policy.strict)?;
    let unused = users.is_empty() && Scope::of(change) != Scope::Everything;
    unused.then_some(Excuse::Unused { days: usage.window.days })
}

fn names(entry: &Exemption, change: &Change) -> bool {
    entry.kind == change.kind.name() && entry.coordinate == change.coordinate
}

fn judge_operation(policy: &Policy, broken: Broken, today: Date) -> JudgedOperation {
    let entry = policy.operation_exemptions.iter().find(|entry| may_break(entry, &broken) && entry.expires >= today);
    let excuse =
        entry.map(|entry| Excuse::Exempt { reason: entry.reason.clone(), expires: dates::show(entry.expires) });
    JudgedOperation { broken, excuse }
}

fn may_break(entry: &OperationExemption, broken: &Broken) -> bool {
    entry.client == broken.client && entry.operation.as_ref().is_none_or(|operation| *operation == broken.name)
}

/// The exemptions that have expired, and those that match nothing.
fn exemptions(policy: &Policy, judged: &[Judged], facts: &Facts<'_>) -> (Vec<String>, Vec<String>) {
    let (mut expired, mut idle) = (Vec::new(), Vec::new());
    let broken = facts.operations.map_or(&[][..], |operations| &operations.broken);
    let changes = policy.exemptions.iter().map(|entry| {
        let what = format!("{} {}", entry.kind, entry.coordinate);
        (what, &entry.reason, entry.expires, judged.iter().any(|judged| names(entry, &judged.change)))
    });
    let operations = policy.operation_exemptions.iter().map(|entry| {
        let what = match &entry.operation {
            Some(operation) => format!("operation {operation} of {}", entry.client),
            None => format!("operations of {}", entry.client),
        };
        (what, &entry.reason, entry.expires, broken.iter().any(|broken| may_break(entry, broken)))
    });
    for (what, reason, expires, matches) in changes.chain(operations) {
        if expires < facts.today {
            expired.push(format!(
                "the exemption for {what} expired on {} ({reason}); {}",
                dates::show(expires),
                if matches {
                    "take the change back, or give it a new date"
                } else {
                    "it matches nothing here: remove it"
                }
            ));
        } else if !matches {
            idle.push(format!(
                "the exemption for {what} matches nothing here ({reason}); remove it when it is done with"
            ));
        }
    }
    (expired, idle)
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
