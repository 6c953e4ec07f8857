//! Changes that say no more than another one beside them.

use std::collections::BTreeSet;

use crate::change::Change;

const WHOLES: [&str; 4] = ["TYPE_ADDED", "FIELD_ADDED", "INPUT_FIELD_ADDED", "DIRECTIVE_ADDED"];

/// What makes others superfluous in a list for people.
#[derive(Debug)]
pub(crate) struct Companions<'a> {
    new: BTreeSet<&'a str>,
    deprecated: BTreeSet<&'a str>,
}

impl<'a> Companions<'a> {
    /// Reads a list of changes.
    pub(crate) fn of(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let (mut new, mut deprecated) = (BTreeSet::new(), BTreeSet::new());
        for change in changes {
            let kind = change.kind.name();
            if WHOLES.contains(&kind) {
                new.insert(change.coordinate.as_str());
            } else if kind.contains("_DEPRECATION_") {
                deprecated.insert(change.coordinate.as_str());
            }
        }
        Self { new, deprecated }
    }

    /// Whether a change comes with something that is new itself, or is the directive that a deprecation is written as.
    pub(crate) fn has(&self, change: &Change) -> bool {
        let (coordinate, kind) = (change.coordinate.as_str(), change.kind.name());
        let field = coordinate.split('(').next().unwrap_or_default();
        let owner = coordinate.split(['.', '(']).next().unwrap_or_default();
        let itself = self.new.contains(coordinate) && !WHOLES.contains(&kind);
        let within = [field, owner].into_iter().any(|around| around != coordinate && self.new.contains(around));
        itself || within || kind.starts_with("DIRECTIVE_USAGE_") && self.deprecated.contains(coordinate)
    }
}
