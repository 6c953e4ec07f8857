//! Fields of objects and interfaces.

use apollo_compiler::ast::DirectiveList;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, FieldDefinition};
use apollo_compiler::{Name, Node};

use crate::diff::arguments;
use crate::diff::descriptions::{self, Kinds};
use crate::diff::report::Report;
use crate::diff::siblings::Clash;
use crate::diff::spot::Spot;
use crate::diff::usages::{self, Site};
use crate::diff::variance::{self, Answer};
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// The fields of a type by name.
pub(super) type Fields = IndexMap<Name, Component<FieldDefinition>>;

/// The reason of a deprecation that gives none.
pub(super) const NO_REASON: &str = "No longer supported";

/// Compares the fields of an object or interface; without `old`, the type is new.
pub(super) fn compare<'a>(report: &mut Report<'a>, owner: &'a str, old: Option<&'a Fields>, new: &'a Fields) {
    let (base, head) = (report.base, report.head);
    for (name, field) in old.into_iter().flatten().filter(|(name, _)| !new.contains_key(*name)) {
        let deprecated = deprecation(&field.directives).is_some();
        let (ground, what) =
            if deprecated { (Ground::Deprecated, "deprecated field") } else { (Ground::Plain, "field") };
        let message = format!("The {what} `{owner}.{name}` was removed");
        let places = (base.place(field.name.location()), None);
        report.add(ChangeKind::FieldRemoved, ground, Spot::of_member(owner, name), message, places);
    }
    for (name, field) in new {
        let before = old.and_then(|fields| fields.get(name));
        if before.is_none() {
            let message = format!("The field `{owner}.{name}` of the type `{}` was added", field.ty);
            let places = (None, head.place(field.name.location()));
            report.add(ChangeKind::FieldAdded, Ground::Plain, Spot::of_member(owner, name), message, places);
        }
        compare_one(report, owner, before, field);
    }
}

fn compare_one<'a>(
    report: &mut Report<'a>,
    owner: &'a str,
    old: Option<&'a Component<FieldDefinition>>,
    new: &'a Component<FieldDefinition>,
) {
    let spot = || Spot::of_member(owner, &new.name);
    let kinds = Kinds {
        added: ChangeKind::FieldDescriptionAdded,
        removed: ChangeKind::FieldDescriptionRemoved,
        changed: ChangeKind::FieldDescriptionChanged,
    };
    let description = old.and_then(|old| old.description.as_ref());
    descriptions::compare(report, &kinds, spot, description, new.description.as_ref());
    compare_deprecation(report, owner, old, new);
    if let Some(old) = old.filter(|old| old.ty != new.ty) {
        type_changed(report, owner, old, new);
    }
    arguments::compare(report, owner, &new.name, old.map(|old| old.arguments.as_slice()), &new.arguments);
    usages::compare(report, Site::Field, spot, old.map(|old| &**old.directives), &new.directives);
}

fn type_changed<'a>(
    report: &mut Report<'a>,
    owner: &'a str,
    old: &'a Component<FieldDefinition>,
    new: &'a Component<FieldDefinition>,
) {
    let answer = variance::answer(report, &old.ty, &new.ty);
    let mut siblings = std::mem::take(&mut report.siblings);
    let clash = siblings.clash(report, owner, &new.name, &old.ty, &new.ty);
    report.siblings = siblings;
    let (ground, with) = match (answer, clash) {
        (Answer::Breaks, _) => (Ground::Plain, String::new()),
        (_, Some(Clash { other, by_alias: false })) => {
            (Ground::Clashes, format!(", which under one key no longer agrees with `{other}`"))
        }
        (Answer::Grows, _) => (Ground::Grows, String::new()),
        (Answer::Fits, Some(Clash { other, .. })) => {
            (Ground::ClashesByAlias, format!(", which under one alias no longer agrees with `{other}`"))
        }
        (Answer::Fits, None) => (Ground::Fits, String::new()),
    };
    let message = format!("The type of `{owner}.{}` changed from `{}` to `{}`{with}", new.name, old.ty, new.ty);
    let places = (report.base.place_of_type(&old.ty), report.head.place_of_type(&new.ty));
    report.add(ChangeKind::FieldTypeChanged, ground, Spot::of_member(owner, &new.name), message, places);
}

fn compare_deprecation(
    report: &mut Report<'_>,
    owner: &str,
    old: Option<&Component<FieldDefinition>>,
    new: &Component<FieldDefinition>,
) {
    let (before, after) = (old.and_then(|old| deprecation(&old.directives)), deprecation(&new.directives));
    let spot = Spot::of_member(owner, &new.name);
    let (kind, message) = match (before, after) {
        (None, Some(reason)) => {
            (ChangeKind::FieldDeprecationAdded, format!("The field `{owner}.{}` is deprecated now: {reason}", new.name))
        }
        (Some(_), None) => {
            (ChangeKind::FieldDeprecationRemoved, format!("The field `{owner}.{}` is no longer deprecated", new.name))
        }
        (Some(before), Some(after)) if before != after => {
            let kind = match (before, after) {
                (NO_REASON, _) => ChangeKind::FieldDeprecationReasonAdded,
                (_, NO_REASON) => ChangeKind::FieldDeprecationReasonRemoved,
                _ => ChangeKind::FieldDeprecationReasonChanged,
            };
            (kind, format!("The field `{owner}.{}` is deprecated for another reason: {after}", new.name))
        }
        _ => return,
    };
    let at = if kind == ChangeKind::FieldDeprecationReasonRemoved { spot } else { spot.with("@deprecated") };
    let places = (
        report.base.place(old.and_then(|old| old.directives.get("deprecated")).and_then(Node::location)),
        report.head.place(new.directives.get("deprecated").and_then(Node::location)),
    );
    report.add(kind, Ground::Plain, at, message, places);
}

/// The reason for which something is deprecated, if it is.
pub(super) fn deprecation(directives: &DirectiveList) -> Option<&str> {
    let directive = directives.get("deprecated")?;
    let reason = directive.arguments.iter().find(|argument| argument.name == "reason");
    Some(reason.and_then(|reason| reason.value.as_str()).unwrap_or(NO_REASON))
}
