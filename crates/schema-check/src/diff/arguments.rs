//! Arguments of fields.

use std::collections::HashMap;

use apollo_compiler::Node;
use apollo_compiler::ast::InputValueDefinition;

use crate::diff::descriptions::{self, Kinds};
use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::diff::usages::{self, Site};
use crate::diff::{defaults, variance};
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// Arguments by name.
pub(super) fn named(arguments: &[Node<InputValueDefinition>]) -> HashMap<&str, &Node<InputValueDefinition>> {
    arguments.iter().map(|argument| (argument.name.as_str(), argument)).collect()
}

/// Compares the arguments of a field; without `old`, the field is new.
pub(super) fn compare(
    report: &mut Report<'_>,
    owner: &str,
    field: &str,
    old: Option<&[Node<InputValueDefinition>]>,
    new: &[Node<InputValueDefinition>],
) {
    if old.is_none_or(<[_]>::is_empty) && new.is_empty() {
        return;
    }
    let (base, head) = (report.base, report.head);
    let (before, after) = (named(old.unwrap_or_default()), named(new));
    for argument in old.unwrap_or_default().iter().filter(|argument| !after.contains_key(argument.name.as_str())) {
        let message = format!("`{owner}.{field}` no longer takes the argument `{}`", argument.name);
        let places = (base.place(argument.name.location()), None);
        let spot = Spot::of_argument(owner, field, &argument.name);
        report.add(ChangeKind::FieldArgumentRemoved, Ground::Plain, spot, message, places);
    }
    for argument in new {
        if let Some(previous) = before.get(argument.name.as_str()) {
            compare_one(report, owner, field, previous, argument);
            continue;
        }
        let ground = match old {
            None => Ground::WithParent,
            Some(_) if argument.is_required() => Ground::Required,
            Some(_) => Ground::Plain,
        };
        let what = if argument.is_required() { "required argument" } else { "argument" };
        let message = format!("`{owner}.{field}` takes the {what} `{}: {}` now", argument.name, argument.ty);
        let places = (None, head.place(argument.name.location()));
        let spot = Spot::of_argument(owner, field, &argument.name);
        report.add(ChangeKind::FieldArgumentAdded, ground, spot, message, places);
    }
}

fn compare_one(
    report: &mut Report<'_>,
    owner: &str,
    field: &str,
    old: &Node<InputValueDefinition>,
    new: &Node<InputValueDefinition>,
) {
    let spot = || Spot::of_argument(owner, field, &new.name);
    let kinds = Kinds::one(ChangeKind::FieldArgumentDescriptionChanged);
    descriptions::compare(report, &kinds, spot, old.description.as_ref(), new.description.as_ref());
    defaults::compare(report, ChangeKind::FieldArgumentDefaultChanged, Ground::Required, spot, old, new);
    variance::compare_input(report, ChangeKind::FieldArgumentTypeChanged, None, spot, old, new);
    usages::compare(report, Site::Argument, spot, Some(&old.directives), &new.directives);
}
