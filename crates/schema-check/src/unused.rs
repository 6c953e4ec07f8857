//! What nobody used.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;
use time::Date;

use crate::contract::Contract;
use crate::dates;
use crate::parts::{PartKind, parts};
use crate::usage::Usage;

/// A part of the schema that nobody used within the window.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unused {
    /// The day on which it was last used, if ever.
    pub last_day: Option<Date>,
    /// Its coordinate.
    pub coordinate: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// Fields, arguments, input fields and enum values without a use in the window: those never used first, then the
/// longest unused. Nothing, when the records are too short to tell.
#[must_use]
pub fn unused(contract: &Contract, usage: &Usage, today: Date) -> Option<Vec<Unused>> {
    if !usage.is_long_enough() {
        return None;
    }
    let since = today - time::Duration::days(i64::from(usage.window.days));
    let kinds = [PartKind::Field, PartKind::Argument, PartKind::InputField, PartKind::EnumValue];
    let mut last_days = BTreeMap::<&str, Date>::new();
    for one in &usage.uses {
        let last = last_days.entry(&one.coordinate).or_insert(one.last_day);
        *last = one.last_day.max(*last);
    }
    let mut unused: Vec<Unused> = parts(contract.schema())
        .into_iter()
        .filter(|part| kinds.contains(&part.kind))
        .filter_map(|part| {
            let last_day = last_days.get(part.coordinate.as_str()).copied();
            last_day.is_none_or(|day| day < since).then(|| Unused {
                last_day,
                deprecated: part.deprecated.is_some(),
                coordinate: part.coordinate,
            })
        })
        .collect();
    unused.sort();
    Some(unused)
}

/// For people.
#[must_use]
pub fn text(unused: &[Unused], days: u16, today: Date) -> String {
    if unused.is_empty() {
        return format!("Everything was used within the last {days} days.\n");
    }
    let mut text =
        format!("{} parts of the schema were used by no client within the last {days} days.\n\n", unused.len());
    let width = unused.iter().map(|one| one.coordinate.len()).max().unwrap_or_default().min(60);
    for one in unused {
        let last = one.last_day.map_or_else(
            || "never in the records".to_owned(),
            |day| format!("last {}, {} days ago", dates::show(day), (today - day).whole_days()),
        );
        let deprecated = if one.deprecated { "  deprecated" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<width$}  {last}{deprecated}", one.coordinate);
    }
    text
}

/// For programs.
#[must_use]
pub fn json(unused: &[Unused], days: u16) -> String {
    let list: Vec<_> = unused
        .iter()
        .map(|one| {
            json!({
                "coordinate": one.coordinate,
                "lastDay": one.last_day.map(dates::show),
                "deprecated": one.deprecated,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "days": days, "unused": list }))
}

#[cfg(test)]
#[path = "unused_tests.rs"]
mod tests;
