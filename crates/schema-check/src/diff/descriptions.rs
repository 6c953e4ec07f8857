//! Descriptions.

use apollo_compiler::Node;

use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// The kinds for a description that came, that went and that changed.
pub(super) struct Kinds {
    pub(super) added: ChangeKind,
    pub(super) removed: ChangeKind,
    pub(super) changed: ChangeKind,
}

impl Kinds {
    /// One kind for all.
    pub(super) fn one(kind: ChangeKind) -> Self {
        Self { added: kind, removed: kind, changed: kind }
    }
}

/// Compares two descriptions. An empty one is none.
pub(super) fn compare(
    report: &mut Report<'_>,
    kinds: &Kinds,
    spot: impl FnOnce() -> Spot,
    old: Option<&Node<str>>,
    new: Option<&Node<str>>,
) {
    let (old, new) = (old.filter(|text| !text.is_empty()), new.filter(|text| !text.is_empty()));
    let (kind, what) = match (old, new) {
        (None, Some(_)) => (kinds.added, "has a description now"),
        (Some(_), None) => (kinds.removed, "no longer has a description"),
        (Some(old), Some(new)) if old.as_str() != new.as_str() => (kinds.changed, "has another description"),
        _ => return,
    };
    let spot = spot();
    let message = format!("{} {what}", capitalised(&spot.quoted()));
    let places = (
        old.and_then(|text| report.base.place(text.location())),
        new.and_then(|text| report.head.place(text.location())),
    );
    report.add(kind, Ground::Plain, spot, message, places);
}

/// A message starts with a capital unless it starts with a quoted name.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
