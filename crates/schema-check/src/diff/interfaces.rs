//! Which interfaces a type implements.

use apollo_compiler::collections::IndexSet;
use apollo_compiler::schema::ComponentName;

use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// Compares the interfaces of an object or, with `of_interface`, of an interface.
pub(super) fn compare(
    report: &mut Report<'_>,
    owner: &str,
    of_interface: bool,
    old: Option<&IndexSet<ComponentName>>,
    new: &IndexSet<ComponentName>,
) {
    let (base, head) = (report.base, report.head);
    for interface in old.into_iter().flatten().filter(|interface| !new.contains(*interface)) {
        let ground = if of_interface { Ground::OfInterface } else { Ground::Plain };
        let message = format!("`{owner}` no longer implements `{interface}`");
        let places = (base.place(interface.location()), None);
        report.add(ChangeKind::ObjectTypeInterfaceRemoved, ground, Spot::of_type(owner), message, places);
    }
    for interface in new.iter().filter(|interface| old.is_none_or(|old| !old.contains(*interface))) {
        // A new type is a new case for an interface that clients know; an interface that is new has no clients.
        let is_known = base.schema().get_interface(interface).is_some();
        let ground = match (old, of_interface, is_known) {
            (Some(_), _, true) | (None, false, true) => Ground::Plain,
            _ => Ground::WithParent,
        };
        let message = format!("`{owner}` implements `{interface}` now");
        let places = (None, head.place(interface.location()));
        report.add(ChangeKind::ObjectTypeInterfaceAdded, ground, Spot::of_type(owner), message, places);
    }
}
