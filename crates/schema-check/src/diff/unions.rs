//! Members of unions.

use apollo_compiler::schema::UnionType;

use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// Compares the members of a union.
pub(super) fn compare(report: &mut Report<'_>, name: &str, old: Option<&UnionType>, new: &UnionType) {
    let (base, head) = (report.base, report.head);
    let members = old.map(|old| &old.members);
    for member in members.into_iter().flatten().filter(|member| !new.members.contains(*member)) {
        let message = format!("The union `{name}` no longer has the member `{member}`");
        let places = (base.place(member.location()), None);
        report.add(ChangeKind::UnionMemberRemoved, Ground::Plain, Spot::of_type(name), message, places);
    }
    for member in new.members.iter().filter(|member| members.is_none_or(|old| !old.contains(*member))) {
        let ground = if old.is_some() { Ground::Plain } else { Ground::WithParent };
        let message = format!("The union `{name}` has the member `{member}` now");
        let places = (None, head.place(member.location()));
        report.add(ChangeKind::UnionMemberAdded, ground, Spot::of_type(name), message, places);
    }
}
