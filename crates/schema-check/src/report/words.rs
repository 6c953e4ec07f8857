//! How things are said.

use super::model::Report;
use crate::change::Severity;
use crate::policy::{Excuse, User};
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
