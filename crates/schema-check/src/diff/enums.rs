//! Values of enums.

use apollo_compiler::Node;
use apollo_compiler::schema::{Component, EnumType, EnumValueDefinition};

use crate::diff::descriptions::{self, Kinds};
use crate::diff::fields::{NO_REASON, deprecation};
use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::diff::usages::{self, Site};
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// Compares the values of an enum; without `old`, the enum is new.
pub(super) fn compare(report: &mut Report<'_>, owner: &str, old: Option<&EnumType>, new: &EnumType) {
    let (base, head) = (report.base, report.head);
    let values = old.map(|old| &old.values);
    for (name, value) in values.into_iter().flatten().filter(|(name, _)| !new.values.contains_key(*name)) {
        let index = &report.base_index;
        let ground = if index.outputs.contains(owner) && !index.inputs.contains(owner) {
            Ground::OnlyInAnswers
        } else if deprecation(&value.directives).is_some() {
            Ground::Deprecated
        } else {
            Ground::Plain
        };
        let message = format!("The enum `{owner}` no longer has the value `{name}`");
        let places = (base.place(value.value.location()), None);
        report.add(ChangeKind::EnumValueRemoved, ground, Spot::of_member(owner, name), message, places);
    }
    for (name, value) in &new.values {
        let before = values.and_then(|values| values.get(name));
        if before.is_none() {
            let ground = if old.is_none() {
                Ground::WithParent
            } else if report.head_index.inputs.contains(owner) && !report.head_index.outputs.contains(owner) {
                Ground::OnlyInInput
            } else {
                Ground::Plain
            };
            let message = format!("The enum `{owner}` has the value `{name}` now");
            let places = (None, head.place(value.value.location()));
            report.add(ChangeKind::EnumValueAdded, ground, Spot::of_member(owner, name), message, places);
        }
        compare_one(report, owner, before, value);
    }
}

fn compare_one(
    report: &mut Report<'_>,
    owner: &str,
    old: Option<&Component<EnumValueDefinition>>,
    new: &Component<EnumValueDefinition>,
) {
    let spot = || Spot::of_member(owner, &new.value);
    let kinds = Kinds::one(ChangeKind::EnumValueDescriptionChanged);
    let description = old.and_then(|old| old.description.as_ref());
    descriptions::compare(report, &kinds, spot, description, new.description.as_ref());
    compare_deprecation(report, owner, old, new);
    usages::compare(report, Site::EnumValue, spot, old.map(|old| &**old.directives), &new.directives);
}

fn compare_deprecation(
    report: &mut Report<'_>,
    owner: &str,
    old: Option<&Component<EnumValueDefinition>>,
    new: &Component<EnumValueDefinition>,
) {
    let (before, after) = (old.and_then(|old| deprecation(&old.directives)), deprecation(&new.directives));
    let spot = Spot::of_member(owner, &new.value);
    let value = spot.quoted();
    let (kind, at, message) = match (before, after) {
        (before, after) if before == after => return,
        (Some(_), None) => {
            (ChangeKind::EnumValueDeprecationReasonRemoved, spot, format!("The value {value} is no longer deprecated"))
        }
        (Some(_), Some(NO_REASON)) => (
            ChangeKind::EnumValueDeprecationReasonRemoved,
            spot,
            format!("The value {value} is deprecated without a reason now"),
        ),
        (None | Some(NO_REASON), Some(reason)) => (
            ChangeKind::EnumValueDeprecationReasonAdded,
            spot.with("@deprecated"),
            format!("The value {value} is deprecated now: {reason}"),
        ),
        (_, after) => (
            ChangeKind::EnumValueDeprecationReasonChanged,
            spot.with("@deprecated"),
            format!("The value {value} is deprecated for another reason: {}", after.unwrap_or(NO_REASON)),
        ),
    };
    let places = (
        report.base.place(old.and_then(|old| old.directives.get("deprecated")).and_then(Node::location)),
        report.head.place(new.directives.get("deprecated").and_then(Node::location)),
    );
    report.add(kind, Ground::Plain, at, message, places);
}
