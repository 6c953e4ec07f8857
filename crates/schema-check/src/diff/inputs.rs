//! Fields of input objects.

use apollo_compiler::Node;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::schema::InputObjectType;

use crate::diff::descriptions::{self, Kinds};
use crate::diff::fields::deprecation;
use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::diff::usages::{self, Site};
use crate::diff::{defaults, variance};
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// Compares the fields of an input object; without `old`, the input object is new.
pub(super) fn compare(report: &mut Report<'_>, owner: &str, old: Option<&InputObjectType>, new: &InputObjectType) {
    let (base, head) = (report.base, report.head);
    let fields = old.map(|old| &old.fields);
    for (name, field) in fields.into_iter().flatten().filter(|(name, _)| !new.fields.contains_key(*name)) {
        let ground = if deprecation(&field.directives).is_some() { Ground::Deprecated } else { Ground::Plain };
        let message = format!("The input object `{owner}` no longer has the field `{name}`");
        let places = (base.place(field.name.location()), None);
        report.add(ChangeKind::InputFieldRemoved, ground, Spot::of_member(owner, name), message, places);
    }
    for (name, field) in &new.fields {
        let before = fields.and_then(|fields| fields.get(name));
        if before.is_none() {
            let ground = match old {
                None => Ground::WithParent,
                Some(_) if field.is_required() => Ground::Required,
                Some(_) if field.default_value.is_some() => Ground::Defaulted,
                Some(_) => Ground::Plain,
            };
            let what = if field.is_required() { "required field" } else { "field" };
            let message = format!("The input object `{owner}` has the {what} `{name}: {}` now", field.ty);
            let places = (None, head.place(field.name.location()));
            report.add(ChangeKind::InputFieldAdded, ground, Spot::of_member(owner, name), message, places);
        }
        compare_one(report, owner, before.map(|before| &before.node), &field.node);
    }
}

fn compare_one(
    report: &mut Report<'_>,
    owner: &str,
    old: Option<&Node<InputValueDefinition>>,
    new: &Node<InputValueDefinition>,
) {
    let spot = || Spot::of_member(owner, &new.name);
    let kinds = Kinds {
        added: ChangeKind::InputFieldDescriptionAdded,
        removed: ChangeKind::InputFieldDescriptionRemoved,
        changed: ChangeKind::InputFieldDescriptionChanged,
    };
    let description = old.and_then(|old| old.description.as_ref());
    descriptions::compare(report, &kinds, spot, description, new.description.as_ref());
    if let Some(old) = old {
        defaults::compare(report, ChangeKind::InputFieldDefaultValueChanged, Ground::Required, spot, old, new);
        variance::compare_input(report, ChangeKind::InputFieldTypeChanged, None, spot, old, new);
    }
    usages::compare(report, Site::InputField, spot, old.map(|old| &**old.directives), &new.directives);
}
