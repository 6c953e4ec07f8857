//! Deprecations: what to use instead, and until when.

use std::str::FromStr as _;

use apollo_compiler::coordinate::SchemaCoordinate;
use time::Date;

use super::rules::Subject;
use crate::dates;

/// What the reason says.
struct Deprecation<'a> {
    coordinate: &'a str,
    reason: &'a str,
}

fn deprecations<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = Deprecation<'a>> {
    subject.parts.iter().filter_map(|part| Some(Deprecation { coordinate: &part.coordinate, reason: part.deprecated? }))
}

pub(super) fn replacement(subject: &Subject<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for one in deprecations(subject) {
        let owner = one.coordinate.split(['.', '(']).next().unwrap_or_default();
        let names: Vec<&str> = one.reason.split('`').skip(1).step_by(2).collect();
        let message = match names.first() {
            None => "its deprecation names no replacement: write @deprecated(reason: \"Use `other`. Removed after …\")"
                .to_owned(),
            Some(_) if names.iter().any(|name| exists(subject, owner, name)) => continue,
            Some(name) => format!("its deprecation names `{name}`, which the schema does not have"),
        };
        found.push((one.coordinate.to_owned(), message));
    }
    found
}

/// Whether a name is a coordinate, or a member of the same type.
fn exists(subject: &Subject<'_>, owner: &str, name: &str) -> bool {
    let known =
        |text: &str| SchemaCoordinate::from_str(text).is_ok_and(|coordinate| coordinate.lookup(subject.schema).is_ok());
    known(name) || known(&format!("{owner}.{name}"))
}

pub(super) fn date(subject: &Subject<'_>) -> Vec<(String, String)> {
    let dateless = deprecations(subject).filter(|one| date_in(one.reason).is_none());
    let message = "its deprecation has no date: say from when on it may be gone, as in \"Removed after 2027-01-31\"";
    dateless.map(|one| (one.coordinate.to_owned(), message.to_owned())).collect()
}

pub(super) fn overdue(subject: &Subject<'_>) -> Vec<(String, String)> {
    deprecations(subject)
        .filter_map(|one| {
            let date = date_in(one.reason).filter(|date| *date < subject.today)?;
            let message = format!("it was to be gone after {}: remove it, or give a later date", dates::show(date));
            Some((one.coordinate.to_owned(), message))
        })
        .collect()
}

/// The first date in a text.
fn date_in(text: &str) -> Option<Date> {
    (0..text.len()).find_map(|start| text.get(start..start + 10).and_then(dates::parse))
}
