//! Single cases that are worth a name.

use tidegate_schema_check::{Contract, Severity, changes};

use crate::pairs::Pair;
use crate::reference::{Answer, judge};

/// Inspector's `simplifyChanges` takes every change at a path for told once another at the path is (its issue 2955):
/// here a description that came hides that the field may be null now.
#[test]
#[ignore = "needs the packages of differential/, see its README.md"]
fn simplification_of_the_inspector_drops_a_breaking_change_and_ours_is_complete() {
    let base = "type Query { price: Int! }";
    let head = "type Query { \"In cents.\" price: Int }";
    let pair = || Pair { number: 0, changes: Vec::new(), base: base.to_owned(), head: head.to_owned() };
    let inspector = |simplify| {
        let mut told = Vec::new();
        judge(std::iter::once(pair()), simplify, |_, answer| {
            if let Answer::Changes(found) = answer {
                told.extend(found.into_iter().map(|(kind, _, level)| format!("{kind} {level}")));
            }
        });
        told
    };

    let ours = changes(&Contract::parse(base, "base").unwrap(), &Contract::parse(head, "head").unwrap());

    assert_eq!(inspector(false), ["FIELD_DESCRIPTION_ADDED NON_BREAKING", "FIELD_TYPE_CHANGED BREAKING"]);
    assert_eq!(inspector(true), ["FIELD_DESCRIPTION_ADDED NON_BREAKING"]);
    let breaking = ours.iter().filter(|change| change.severity == Severity::Breaking);
    assert_eq!(breaking.map(|change| change.kind.name()).collect::<Vec<_>>(), ["FIELD_TYPE_CHANGED"]);
}
