//! The rules, and running them under a policy.

use std::collections::BTreeMap;

use apollo_compiler::Schema;
use serde::{Deserialize, Serialize};
use time::Date;

use super::{deprecations, names, pages, shapes};
use crate::change::Place;
use crate::contract::Contract;
use crate::parts::{Part, parts};
use crate::policy::{LintPolicy, covers};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is not applied.
    Off,
    /// It is told.
    Warning,
    /// It fails.
    Error,
}

/// A rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name in reports and in the policy.
    pub name: &'static str,
    /// Its level without a policy.
    pub level: Level,
    /// What it asks for, in a sentence.
    pub about: &'static str,
    check: fn(&Subject<'_>) -> Vec<(String, String)>,
}

/// What a rule looks at.
pub(super) struct Subject<'a> {
    pub(super) schema: &'a Schema,
    pub(super) parts: &'a [Part<'a>],
    pub(super) today: Date,
}

const fn rule(
    name: &'static str,
    level: Level,
    about: &'static str,
    check: fn(&Subject<'_>) -> Vec<(String, String)>,
) -> Rule {
    Rule { name, level, about, check }
}

/// All rules.
pub const RULES: &[Rule] = &[
    rule("type-names", Level::Error, "Types are named in PascalCase.", names::types),
    rule("member-names", Level::Error, "Fields, arguments and directives are named in camelCase.", names::members),
    rule("enum-value-names", Level::Error, "Enum values are named in UPPER_CASE.", names::enum_values),
    rule("descriptions", Level::Error, "Everything a client meets is described.", names::descriptions),
    rule(
        "deprecation-reason",
        Level::Error,
        "A deprecation says what to use instead, in `backticks`.",
        deprecations::replacement,
    ),
    rule(
        "deprecation-date",
        Level::Error,
        "A deprecation says from when on it may be gone, as 2027-01-31.",
        deprecations::date,
    ),
    rule("deprecation-overdue", Level::Warning, "What was to be gone is gone.", deprecations::overdue),
    rule("id-not-null", Level::Error, "A field named `id` is an `ID!`.", shapes::ids),
    rule("list-items-not-null", Level::Warning, "Lists of an answer have no null among their items.", shapes::items),
    rule("lists-not-null", Level::Warning, "A list of an answer is empty rather than null.", shapes::lists),
    rule(
        "mutation-payloads",
        Level::Error,
        "A mutation answers with a payload of its own that is never null.",
        shapes::payloads,
    ),
    rule(
        "connection-shape",
        Level::Error,
        "A connection has `edges` and `pageInfo` as Relay defines them.",
        pages::shapes,
    ),
    rule(
        "connection-arguments",
        Level::Error,
        "A field with a connection takes `first` and `after`, or `last` and `before`.",
        pages::arguments,
    ),
    rule("pages-for-nodes", Level::Warning, "A list of nodes, which can grow, comes in pages.", pages::nodes),
    rule("unreachable-types", Level::Warning, "Every type can be reached by some operation.", shapes::unreachable),
];

/// What a rule has to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// Of what.
    pub coordinate: String,
    /// The rule.
    pub rule: &'static str,
    /// What it says, and what to do.
    pub message: String,
    /// Where it stands.
    pub place: Option<Place>,
}

/// All that the rules have to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linted {
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// How many findings the policy's exemptions took away.
    pub exempted: usize,
    /// Exemptions that take nothing away.
    pub idle: Vec<String>,
}

impl Linted {
    /// Whether there is an error.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }
}

/// Looks at a schema.
#[must_use]
pub fn lint(contract: &Contract, policy: &LintPolicy, today: Date) -> Linted {
    let schema = contract.schema();
    let parts = parts(schema);
    let by_coordinate: BTreeMap<&str, &Part<'_>> = parts.iter().map(|part| (part.coordinate.as_str(), part)).collect();
    let subject = Subject { schema, parts: &parts, today };
    let mut findings = Vec::new();
    let mut used = vec![0_usize; policy.exemptions.len()];
    for rule in RULES {
        let level = policy.rules.get(rule.name).copied().unwrap_or(rule.level);
        if level == Level::Off {
            continue;
        }
        for (coordinate, message) in (rule.check)(&subject) {
            // What is quoted from a schema cannot make lines of its own in a log.
            let message = message.replace(char::is_control, " ");
            let excuses = policy
                .exemptions
                .iter()
                .position(|entry| entry.rule == rule.name && covers(&entry.coordinate, &coordinate));
            if let Some(index) = excuses {
                used[index] += 1;
                continue;
            }
            let place = by_coordinate.get(coordinate.as_str()).and_then(|part| part.place(contract));
            findings.push(Finding { level, coordinate, rule: rule.name, message, place });
        }
    }
    findings.sort_by(|one, other| {
        (one.place.is_none(), one.place, &one.coordinate).cmp(&(other.place.is_none(), other.place, &other.coordinate))
    });
    let idle = policy.exemptions.iter().zip(&used).filter(|(_, used)| **used == 0);
    let idle = idle.map(|(entry, _)| {
        format!("the exemption from {} for {} takes nothing away: remove it", entry.rule, entry.coordinate)
    });
    Linted { findings, exempted: used.iter().sum(), idle: idle.collect() }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
