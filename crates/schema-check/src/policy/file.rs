//! The policy as it is written.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use apollo_compiler::coordinate::SchemaCoordinate;
use serde::{Deserialize, Deserializer, de};
use time::{Date, Month};

use crate::change::{Change, Severity};
use crate::kind::ChangeKind;
use crate::lint::{Level, RULES};

/// A policy. Without a file everything has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Whether a breaking change fails even though nobody uses what it breaks.
    pub strict: bool,
    /// The least severity that fails.
    pub fail_on: FailOn,
    /// What becomes of breaking changes while nothing has been released.
    pub unreleased: Unreleased,
    /// What becomes of changes to types that no operation can reach.
    pub unreachable_types: UnreachableTypes,
    /// Another severity for every change of a kind.
    #[serde(deserialize_with = "severities")]
    pub severity: BTreeMap<String, Severity>,
    /// Another severity for changes of a kind to some coordinates.
    #[serde(rename = "override")]
    pub overrides: Vec<Override>,
    /// Changes that are wanted though they break.
    #[serde(rename = "exempt")]
    pub exemptions: Vec<Exemption>,
    /// Operations that may break.
    #[serde(rename = "exempt_operation")]
    pub operation_exemptions: Vec<OperationExemption>,
    /// How recorded usage is read.
    pub usage: UsagePolicy,
    /// How `lint` judges.
    pub lint: LintPolicy,
}

/// The least severity that fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Only what breaks.
    #[default]
    Breaking,
    /// What is dangerous, too.
    Dangerous,
}

/// What becomes of breaking changes while nothing has been released.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unreleased {
    /// They fail.
    #[default]
    Fail,
    /// They are reported.
    Report,
}

/// What becomes of changes to types that no operation can reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnreachableTypes {
    /// They are judged like others.
    #[default]
    Judge,
    /// They are safe.
    Ignore,
}

/// Another severity for changes of a kind to some coordinates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The kind, such as `FIELD_REMOVED`.
    pub kind: String,
    /// A coordinate; a `*` stands for any text.
    pub coordinate: String,
    /// The severity.
    #[serde(deserialize_with = "severity")]
    pub severity: Severity,
    /// Why.
    pub reason: String,
}

/// A change that is wanted though it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// The change's kind.
    pub kind: String,
    /// The change's coordinate, whole.
    pub coordinate: String,
    /// Why it is wanted.
    pub reason: String,
    /// The last day on which this holds.
    #[serde(deserialize_with = "date")]
    pub expires: Date,
}

/// Operations of a client that may break.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationExemption {
    /// The client.
    pub client: String,
    /// One operation; without it, all of the client's.
    pub operation: Option<String>,
    /// Why they may.
    pub reason: String,
    /// The last day on which this holds.
    #[serde(deserialize_with = "date")]
    pub expires: Date,
}

/// How recorded usage is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UsagePolicy {
    /// For so many days before today nobody must have used what is taken away.
    pub window_days: u16,
    /// On so many of those days something must have been recorded; without it, on each.
    pub min_recorded_days: Option<u16>,
    /// Clients whose use counts however long ago it was; a `*` stands for any text.
    pub protected_clients: Vec<String>,
}

/// The days that usage is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Days before today.
    pub days: u16,
    /// Recorded days among them that are needed to say anything.
    pub recorded: u16,
}

/// How `lint` judges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LintPolicy {
    /// Another level for a rule.
    pub rules: BTreeMap<String, Level>,
    /// What a rule is not to say.
    #[serde(rename = "exempt")]
    pub exemptions: Vec<LintExemption>,
}

/// What a rule is not to say.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LintExemption {
    /// The rule.
    pub rule: String,
    /// A coordinate; a `*` stands for any text.
    pub coordinate: String,
    /// Why.
    pub reason: String,
}

/// Why a text is no policy, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", line.map_or_else(String::new, |line| format!("line {line}: ")))]
pub struct PolicyFault {
    /// The line, from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl Default for UsagePolicy {
    fn default() -> Self {
        Self { window_days: 30, min_recorded_days: None, protected_clients: Vec::new() }
    }
}

impl UsagePolicy {
    /// The days to look at.
    #[must_use]
    pub fn window(&self) -> Window {
        Window { days: self.window_days, recorded: self.min_recorded_days.unwrap_or(self.window_days) }
    }

    /// Whether a client's use counts however long ago it was.
    #[must_use]
    pub fn protects(&self, client: &str) -> bool {
        self.protected_clients.iter().any(|pattern| covers(pattern, client))
    }
}

impl Policy {
    /// Reads a policy.
    pub fn parse(text: &str) -> Result<Self, PolicyFault> {
        let policy: Self = toml::from_str(text).map_err(|error| PolicyFault {
            line: error.span().map(|span| 1 + text[..span.start.min(text.len())].matches('\n').count()),
            message: error.message().replace('\n', "; "),
        })?;
        policy.check()?;
        Ok(policy)
    }

    /// What the syntax does not say.
    fn check(&self) -> Result<(), PolicyFault> {
        let overridden = self.overrides.iter().map(|entry| &entry.kind);
        let exempted = self.exemptions.iter().map(|entry| &entry.kind);
        for kind in self.severity.keys().chain(overridden).chain(exempted) {
            if ChangeKind::from_name(kind).is_none() {
                return Err(unknown("kind of change", kind, ChangeKind::ALL.iter().map(|known| known.name())));
            }
        }
        for rule in self.lint.rules.keys().chain(self.lint.exemptions.iter().map(|entry| &entry.rule)) {
            if !RULES.iter().any(|known| known.name == rule) {
                return Err(unknown("lint rule", rule, RULES.iter().map(|known| known.name)));
            }
        }
        for exemption in &self.exemptions {
            let coordinate = &exemption.coordinate;
            if coordinate != "schema" && SchemaCoordinate::from_str(coordinate).is_err() {
                return Err(fault(format!(
                    "{coordinate:?} is no schema coordinate: write Type, Type.field, Type.field(argument:), \
                     Enum.VALUE, @directive, @directive(argument:) or schema"
                )));
            }
        }
        let reasons = self.overrides.iter().map(|entry| (&entry.reason, &entry.coordinate));
        let reasons = reasons.chain(self.exemptions.iter().map(|entry| (&entry.reason, &entry.coordinate)));
        let reasons = reasons.chain(self.operation_exemptions.iter().map(|entry| (&entry.reason, &entry.client)));
        let mut reasons = reasons.chain(self.lint.exemptions.iter().map(|entry| (&entry.reason, &entry.coordinate)));
        if let Some((_, what)) = reasons.find(|(reason, _)| reason.trim().is_empty()) {
            return Err(fault(format!("the entry for {what:?} has an empty reason: say why")));
        }
        if self.usage.window_days == 0 || self.usage.min_recorded_days == Some(0) {
            return Err(fault("usage.window_days and usage.min_recorded_days are at least 1".to_owned()));
        }
        if self.usage.min_recorded_days.is_some_and(|days| days > self.usage.window_days) {
            return Err(fault("usage.min_recorded_days is more than usage.window_days".to_owned()));
        }
        Ok(())
    }

    /// The severity of a change under this policy, and whose word that is when it is not the change's own.
    #[must_use]
    pub fn severity(&self, change: &Change) -> (Severity, Option<String>) {
        let kind = change.kind.name();
        // The last one that fits, so that a special case can stand after the rule.
        let fitting =
            self.overrides.iter().rfind(|entry| entry.kind == kind && covers(&entry.coordinate, &change.coordinate));
        if let Some(entry) = fitting {
            return (entry.severity, Some(format!("the policy's override for {}: {}", entry.coordinate, entry.reason)));
        }
        match self.severity.get(kind) {
            Some(severity) => (*severity, Some(format!("the policy's severity for {kind}"))),
            None => (change.severity, None),
        }
    }

    /// Whether a severity fails.
    #[must_use]
    pub fn fails(&self, severity: Severity) -> bool {
        match self.fail_on {
            FailOn::Breaking => severity == Severity::Breaking,
            FailOn::Dangerous => severity >= Severity::Dangerous,
        }
    }
}

/// Whether a pattern covers a text; each `*` stands for any text.
pub(crate) fn covers(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text.strip_prefix(start).is_some_and(|rest| {
            if !end.contains('*') {
                return rest.ends_with(end);
            }
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| covers(end, &rest[at..]))
        }),
    }
}

fn fault(message: String) -> PolicyFault {
    PolicyFault { line: None, message }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> PolicyFault {
    let shared = |known: &str| known.chars().zip(name.chars()).take_while(|(one, other)| one == other).count();
    let near = known.filter(|known| shared(known) >= 4).max_by_key(|known| shared(known));
    fault(near.map_or_else(
        || format!("there is no {what} {name:?}"),
        |near| format!("there is no {what} {name:?}; there is {near}"),
    ))
}

fn level(text: &str) -> Option<Severity> {
    match text {
        "breaking" => Some(Severity::Breaking),
        "dangerous" => Some(Severity::Dangerous),
        "safe" => Some(Severity::Safe),
        _ => None,
    }
}

fn severity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
    let text = String::deserialize(deserializer)?;
    level(&text).ok_or_else(|| de::Error::custom(format!("a severity is breaking, dangerous or safe, not {text:?}")))
}

fn severities<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Severity>, D::Error> {
    #[derive(Deserialize)]
    struct Entry(#[serde(deserialize_with = "severity")] Severity);
    let entries = BTreeMap::<String, Entry>::deserialize(deserializer)?;
    Ok(entries.into_iter().map(|(kind, Entry(severity))| (kind, severity)).collect())
}

/// A TOML date, or the same in quotes.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Date(toml::value::Datetime),
        Text(String),
    }
    let wrong = || de::Error::custom("a date is written 2027-01-31");
    match Written::deserialize(deserializer).map_err(|_| wrong())? {
        Written::Date(toml::value::Datetime { date: Some(date), time: None, offset: None }) => {
            let month = Month::try_from(date.month).map_err(|_| wrong())?;
            Date::from_calendar_date(i32::from(date.year), month, date.day).map_err(|_| wrong())
        }
        Written::Date(_) => Err(wrong()),
        Written::Text(text) => crate::dates::parse(&text).ok_or_else(wrong),
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
