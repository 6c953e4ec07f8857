//! Tests of the comparison, by theme.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod applied;
mod directives;
mod every_kind;
mod growth;
mod hostile;
mod input;
mod newer;
mod places;
mod properties;
mod reachable;

use crate::{Change, Contract, Place, changes};

fn read(text: &str) -> Contract {
    Contract::parse(text, "schema.graphql").unwrap()
}

/// The changes between two schemas, each of which gets a query type of its own.
fn found(base: &str, head: &str) -> Vec<Change> {
    let query = "type Query { ok: Boolean } ";
    changes(&read(&format!("{query}{base}")), &read(&format!("{query}{head}")))
}

/// The changes as lines: severity, kind, coordinate.
fn told(base: &str, head: &str) -> String {
    lines(&found(base, head), |change| format!("{:?} {} {}", change.severity, change.kind.name(), change.coordinate))
}

/// The changes with paths and places.
fn placed(base: &str, head: &str) -> String {
    let place = |place: Option<Place>| place.map_or_else(|| "-".to_owned(), |at| format!("{}:{}", at.line, at.column));
    lines(&changes(&read(base), &read(head)), |change| {
        format!(
            "{:?} {} {} [{}] {} {}",
            change.severity,
            change.kind.name(),
            change.coordinate,
            change.path,
            place(change.base),
            place(change.head),
        )
    })
}

fn lines(changes: &[Change], line: impl Fn(&Change) -> String) -> String {
    changes.iter().map(line).collect::<Vec<_>>().join("\n")
}
