//! How things are said.

use super::model::Report;
use crate::change::Severity;
use crate::companions::Companions;
use crate::policy::{Excuse, Judged, User};
use crate::usage::Usage;

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "breaking",
        Severity::Dangerous => "dangerous",
        Severity::Safe => "safe",
    }
}

pub(super) fn excuse(excuse: &Excuse) -> String {
    match excuse {
        Excuse::Exempt { reason, expires } => format!("exempt until {expires}: {reason}"),
        Excuse::Unused { days } => format!("no client has used it for {days} days"),
        Excuse::Unreleased => "nothing has been released yet".to_owned(),
    }
}

/// A text that ends like a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// Who uses something; nothing when nobody is known to.
pub(super) fn users(users: &[User], usage: Option<&Usage>) -> Option<String> {
    const MOST: usize = 5;
    if users.is_empty() {
        return None;
    }
    let mut texts: Vec<String> = users.iter().take(MOST).map(|one| user(one, usage)).collect();
    if users.len() > MOST {
        texts.push(format!("{} more", users.len() - MOST));
    }
    Some(format!("Used by {}", texts.join("; ")))
}

fn user(user: &User, usage: Option<&Usage>) -> String {
    const MOST: usize = 3;
    let mut parts = Vec::new();
    if !user.operations.is_empty() {
        let names = user.operations.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
        let more = user.operations.len().saturating_sub(MOST);
        parts.push(if more > 0 { format!("in {names} and {more} more") } else { format!("in {names}") });
    }
    if let (Some(requests), Some(last_day), Some(usage)) = (user.requests, &user.last_day, usage) {
        let times = count(usize::try_from(requests).unwrap_or(usize::MAX), "request", "requests");
        parts.push(format!("{times} in {} days, last on {last_day}", usage.window.days));
    }
    format!("{} ({})", user.client, parts.join("; "))
}

/// The kinds whose changes take a part away, and those that add one of the same sort.
const PAIRS: [(&str, &str, &str); 5] = [
    ("FIELD_REMOVED", "FIELD_ADDED", "field"),
    ("INPUT_FIELD_REMOVED", "INPUT_FIELD_ADDED", "input field"),
    ("FIELD_ARGUMENT_REMOVED", "FIELD_ARGUMENT_ADDED", "argument"),
    ("ENUM_VALUE_REMOVED", "ENUM_VALUE_ADDED", "value"),
    ("TYPE_REMOVED", "TYPE_ADDED", "type"),
];

/// What to say of something that was perhaps renamed: it alone went, and one of its sort came in the same place.
pub(super) fn renamed(report: &Report, judged: &Judged) -> Option<String> {
    let (gone, added, sort) = PAIRS.into_iter().find(|(gone, ..)| *gone == judged.change.kind.name())?;
    let of = |kind| report.siblings(kind, around(&judged.change.coordinate));
    match (of(gone), of(added)) {
        ([_], [new]) => Some(format!(
            "Perhaps it is called `{new}` now: clients cannot follow a new name, so leave the old {sort} beside it"
        )),
        _ => None,
    }
}

/// What a part belongs to: of `Type.field(argument:)` the field, of `Type.field` the type, of a type nothing.
pub(super) fn around(coordinate: &str) -> &str {
    coordinate.split_once('(').or_else(|| coordinate.split_once('.')).map_or("", |(around, _)| around)
}

/// The safe changes that are worth a line.
pub(super) fn telling<'a>(safe: &[&'a Judged]) -> Vec<&'a Judged> {
    let companions = Companions::of(safe.iter().map(|judged| &judged.change));
    safe.iter().filter(|judged| !companions.has(&judged.change)).copied().collect()
}

/// `1 change`, `2 changes`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What is to be said of recorded usage, when it was read.
pub(super) fn usage(usage: &Usage) -> String {
    let days = usage.window.days;
    if usage.is_long_enough() {
        format!("Usage is recorded for {} of the last {days} days.", usage.recorded_days)
    } else {
        format!(
            "Usage is recorded for {} of the last {days} days, and {} are needed: it excuses nothing.",
            usage.recorded_days, usage.window.recorded
        )
    }
}

/// Why the check fails, in a sentence, or what it found when it does not.
#[must_use]
pub fn summary(report: &Report) -> String {
    let counts = report.counts();
    if !report.verdict.fails() {
        return match counts.breaking + counts.dangerous + counts.safe {
            0 => "the schemas are the same".to_owned(),
            _ => "nothing breaks that is not excused".to_owned(),
        };
    }
    let mut parts = Vec::new();
    let failing = report.verdict.changes.iter().filter(|judged| judged.fails).count();
    if failing > 0 {
        parts.push(count(failing, "change would break clients", "changes would break clients"));
    }
    let operations = report.verdict.operations.iter().filter(|judged| judged.excuse.is_none()).count();
    if operations > 0 {
        parts.push(count(operations, "operation of a client breaks", "operations of clients break"));
    }
    let expired = report.verdict.expired.len();
    if expired > 0 {
        parts.push(count(expired, "exemption has expired", "exemptions have expired"));
    }
    parts.join(", ")
}
