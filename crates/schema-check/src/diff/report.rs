//! What a comparison has found so far.

use crate::change::{Change, Place};
use crate::contract::Contract;
use crate::diff::siblings::Siblings;
use crate::diff::spot::Spot;
use crate::kind::ChangeKind;
use crate::reach::Index;
use crate::severity::{Ground, verdict};

/// The two schemas, what is asked of them again and again, and the changes.
pub(super) struct Report<'a> {
    pub(super) base: &'a Contract,
    pub(super) head: &'a Contract,
    pub(super) base_index: Index<'a>,
    pub(super) head_index: Index<'a>,
    pub(super) siblings: Siblings<'a>,
    changes: Vec<Change>,
}

/// Where something stands in the base and in the head.
pub(super) type Places = (Option<Place>, Option<Place>);

impl<'a> Report<'a> {
    pub(super) fn new(base: &'a Contract, head: &'a Contract) -> Self {
        let (base_index, head_index) = (Index::of(base.schema()), Index::of(head.schema()));
        Self { base, head, base_index, head_index, siblings: Siblings::default(), changes: Vec::new() }
    }

    /// Adds a change; its severity follows from kind and ground alone.
    pub(super) fn add(&mut self, kind: ChangeKind, ground: Ground, spot: Spot, message: String, places: Places) {
        let (severity, reason) = verdict(kind, ground);
        // What is quoted from a schema, such as the reason of a deprecation, cannot make lines of its own in a log.
        let message = if message.contains(char::is_control) { message.replace(char::is_control, " ") } else { message };
        self.changes.push(Change {
            kind,
            coordinate: spot.coordinate,
            path: spot.path,
            severity,
            message,
            reason: reason.map(str::to_owned),
            base: places.0,
            head: places.1,
        });
    }

    pub(super) fn ordered(self) -> Vec<Change> {
        let mut changes = self.changes;
        changes.sort_by(|one, other| {
            (&one.coordinate, one.kind, &one.path, &one.message, one.base, one.head).cmp(&(
                &other.coordinate,
                other.kind,
                &other.path,
                &other.message,
                other.base,
                other.head,
            ))
        });
        changes
    }
}
