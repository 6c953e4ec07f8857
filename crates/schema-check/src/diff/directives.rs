//! Definitions of directives.

use apollo_compiler::Node;
use apollo_compiler::ast::{DirectiveDefinition, DirectiveList, InputValueDefinition};

use crate::diff::arguments::named;
use crate::diff::descriptions::{self, Kinds};
use crate::diff::fields::deprecation;
use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::diff::usages::{self, Site};
use crate::diff::{defaults, variance};
use crate::kind::ChangeKind;
use crate::reach::is_executable;
use crate::severity::Ground;

/// Compares all directives but those of the specification.
pub(super) fn compare(report: &mut Report<'_>) {
    let (base, head) = (report.base, report.head);
    let (old, new) = (&base.schema().directive_definitions, &head.schema().directive_definitions);
    for (name, directive) in old.iter().filter(|(name, _)| !is_specified(name) && !new.contains_key(*name)) {
        let message = format!("The directive `@{name}` was removed");
        let places = (base.place(directive.name.location()), None);
        report.add(ChangeKind::DirectiveRemoved, used_as(directive), Spot::of_directive(name), message, places);
    }
    for (name, directive) in new.iter().filter(|(name, _)| !is_specified(name)) {
        let before = old.get(name);
        if before.is_none() {
            let message = format!("The directive `@{name}` was added");
            let places = (None, head.place(directive.name.location()));
            report.add(ChangeKind::DirectiveAdded, Ground::Plain, Spot::of_directive(name), message, places);
        }
        compare_one(report, before, directive);
    }
}

/// The directives that every schema has.
fn is_specified(name: &str) -> bool {
    matches!(name, "skip" | "include" | "deprecated" | "specifiedBy" | "oneOf")
}

/// Whether operations or only tools can see what becomes of a directive.
fn used_as(old: &DirectiveDefinition) -> Ground {
    if old.locations.iter().any(|location| is_executable(location.name())) { Ground::Plain } else { Ground::ForTools }
}

fn compare_one(report: &mut Report<'_>, old: Option<&Node<DirectiveDefinition>>, new: &Node<DirectiveDefinition>) {
    let (base, head) = (report.base, report.head);
    let spot = || Spot::of_directive(&new.name);
    let kinds = Kinds::one(ChangeKind::DirectiveDescriptionChanged);
    let description = old.and_then(|old| old.description.as_ref());
    descriptions::compare(report, &kinds, spot, description, new.description.as_ref());
    let places = (old.and_then(|old| base.place(old.name.location())), head.place(new.name.location()));
    match old {
        Some(old) if old.repeatable && !new.repeatable => {
            let message = format!("The directive `@{}` may no longer stand twice in one place", new.name);
            report.add(ChangeKind::DirectiveRepeatableRemoved, used_as(old), spot(), message, places);
        }
        _ if new.repeatable && old.is_none_or(|old| !old.repeatable) => {
            let message = format!("The directive `@{}` may stand several times in one place now", new.name);
            report.add(ChangeKind::DirectiveRepeatableAdded, Ground::Plain, spot(), message, places);
        }
        _ => {}
    }
    let locations = old.map(|old| base.locations_of(&old.name)).unwrap_or_default();
    let known = head.locations_of(&new.name);
    for location in locations.difference(&known) {
        let executable = is_executable(location);
        let ground = if executable { Ground::Plain } else { Ground::ForTools };
        let message = format!("The directive `@{}` may no longer stand on {location}", new.name);
        report.add(ChangeKind::DirectiveLocationRemoved, ground, spot(), message, places);
    }
    for location in known.difference(&locations) {
        let message = format!("The directive `@{}` may stand on {location} now", new.name);
        report.add(ChangeKind::DirectiveLocationAdded, Ground::Plain, spot(), message, places);
    }
    compare_arguments(report, old, new);
    compare_applied(report, old, new);
}

fn compare_arguments(
    report: &mut Report<'_>,
    old: Option<&Node<DirectiveDefinition>>,
    new: &Node<DirectiveDefinition>,
) {
    let (base, head) = (report.base, report.head);
    let previous = old.map(|old| old.arguments.as_slice()).unwrap_or_default();
    let (before, after) = (named(previous), named(&new.arguments));
    let tools = old.map(|old| used_as(old)).filter(|ground| *ground == Ground::ForTools);
    for argument in previous.iter().filter(|argument| !after.contains_key(argument.name.as_str())) {
        let message = format!("The directive `@{}` no longer takes the argument `{}`", new.name, argument.name);
        let places = (base.place(argument.name.location()), None);
        let spot = Spot::of_directive_argument(&new.name, &argument.name);
        report.add(ChangeKind::DirectiveArgumentRemoved, tools.unwrap_or(Ground::Plain), spot, message, places);
    }
    for argument in &new.arguments {
        if let Some(previous) = before.get(argument.name.as_str()) {
            compare_argument(report, new, tools, previous, argument);
            continue;
        }
        let ground = match old {
            None => Ground::WithParent,
            Some(_) if argument.is_required() => tools.unwrap_or(Ground::Required),
            Some(_) => Ground::Plain,
        };
        let message =
            format!("The directive `@{}` takes the argument `{}: {}` now", new.name, argument.name, argument.ty);
        let places = (None, head.place(argument.name.location()));
        // GraphQL Inspector's path for this kind alone leaves the argument out.
        let path = Spot::of_directive(&new.name).path;
        let spot = Spot { path, ..Spot::of_directive_argument(&new.name, &argument.name) };
        report.add(ChangeKind::DirectiveArgumentAdded, ground, spot, message, places);
    }
}

fn compare_argument(
    report: &mut Report<'_>,
    directive: &DirectiveDefinition,
    tools: Option<Ground>,
    old: &Node<InputValueDefinition>,
    new: &Node<InputValueDefinition>,
) {
    let spot = || Spot::of_directive_argument(&directive.name, &new.name);
    let kinds = Kinds::one(ChangeKind::DirectiveArgumentDescriptionChanged);
    descriptions::compare(report, &kinds, spot, old.description.as_ref(), new.description.as_ref());
    // No operation can leave out what none can give.
    let required = tools.map_or(Ground::Required, |_| Ground::Plain);
    defaults::compare(report, ChangeKind::DirectiveArgumentDefaultValueChanged, required, spot, old, new);
    variance::compare_input(report, ChangeKind::DirectiveArgumentTypeChanged, tools, spot, old, new);
    usages::compare(report, Site::DirectiveArgument, spot, Some(&old.directives), &new.directives);
}

/// Compares the directives that are applied to a directive.
fn compare_applied(report: &mut Report<'_>, old: Option<&Node<DirectiveDefinition>>, new: &Node<DirectiveDefinition>) {
    let (base, head) = (report.base, report.head);
    let (applied, before) = (head.applied_to(&new.name), old.map(|old| base.applied_to(&old.name)));
    let spot = || Spot::of_directive(&new.name);
    usages::compare(report, Site::Directive, spot, before, applied);
    let (was, is) = (DirectiveList(before.unwrap_or_default().to_vec()), DirectiveList(applied.to_vec()));
    let (kind, message) = match (deprecation(&was), deprecation(&is)) {
        (None, Some(reason)) => (
            ChangeKind::DirectiveDeprecationAdded,
            format!("The directive `@{}` is deprecated now: {reason}", new.name),
        ),
        (Some(_), None) => {
            (ChangeKind::DirectiveDeprecationRemoved, format!("The directive `@{}` is no longer deprecated", new.name))
        }
        (Some(was), Some(is)) if was != is => (
            ChangeKind::DirectiveDeprecationReasonChanged,
            format!("The directive `@{}` is deprecated for another reason: {is}", new.name),
        ),
        _ => return,
    };
    let places = (
        base.place(was.get("deprecated").and_then(Node::location)),
        head.place(is.get("deprecated").and_then(Node::location)),
    );
    report.add(kind, Ground::Plain, spot().with("@deprecated"), message, places);
}
