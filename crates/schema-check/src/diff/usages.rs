//! Directives that are applied to parts of a schema.

use std::collections::{HashMap, VecDeque};

use apollo_compiler::Node;
use apollo_compiler::ast::Directive;
use apollo_compiler::schema::DirectiveList;

use crate::diff::descriptions::capitalised;
use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// What directives are applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    Schema,
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    EnumValue,
    InputObject,
    Field,
    Argument,
    InputField,
    Directive,
    DirectiveArgument,
}

impl Site {
    fn kinds(self) -> (ChangeKind, ChangeKind) {
        use ChangeKind as K;
        match self {
            Self::Schema => (K::DirectiveUsageSchemaAdded, K::DirectiveUsageSchemaRemoved),
            Self::Scalar => (K::DirectiveUsageScalarAdded, K::DirectiveUsageScalarRemoved),
            Self::Object => (K::DirectiveUsageObjectAdded, K::DirectiveUsageObjectRemoved),
            Self::Interface => (K::DirectiveUsageInterfaceAdded, K::DirectiveUsageInterfaceRemoved),
            Self::Union => (K::DirectiveUsageUnionMemberAdded, K::DirectiveUsageUnionMemberRemoved),
            Self::Enum => (K::DirectiveUsageEnumAdded, K::DirectiveUsageEnumRemoved),
            Self::EnumValue => (K::DirectiveUsageEnumValueAdded, K::DirectiveUsageEnumValueRemoved),
            Self::InputObject => (K::DirectiveUsageInputObjectAdded, K::DirectiveUsageInputObjectRemoved),
            Self::Field => (K::DirectiveUsageFieldDefinitionAdded, K::DirectiveUsageFieldDefinitionRemoved),
            Self::Argument => (K::DirectiveUsageArgumentDefinitionAdded, K::DirectiveUsageArgumentDefinitionRemoved),
            Self::InputField => {
                (K::DirectiveUsageInputFieldDefinitionAdded, K::DirectiveUsageInputFieldDefinitionRemoved)
            }
            Self::Directive => (K::DirectiveUsageDirectiveDefinitionAdded, K::DirectiveUsageDirectiveDefinitionRemoved),
            Self::DirectiveArgument => {
                (K::DirectiveUsageDirectiveArgumentDefinitionAdded, K::DirectiveUsageDirectiveArgumentDefinitionRemoved)
            }
        }
    }
}

/// The directives of a type, by its definition and its extensions.
pub(super) fn of(directives: &DirectiveList) -> Vec<Node<Directive>> {
    directives.iter().map(|directive| directive.node.clone()).collect()
}

/// Compares what is applied to one thing; without `old`, the thing is new.
pub(super) fn compare(
    report: &mut Report<'_>,
    site: Site,
    spot: impl FnOnce() -> Spot,
    old: Option<&[Node<Directive>]>,
    new: &[Node<Directive>],
) {
    if old.is_none_or(<[_]>::is_empty) && new.is_empty() {
        return;
    }
    let (base, head) = (report.base, report.head);
    let spot = spot();
    let (added, removed) = site.kinds();
    for (before, after) in paired(old.unwrap_or_default(), new) {
        let Some(directive) = after.or(before) else { continue };
        let at = spot.with(&format!("@{}", directive.name));
        if after.is_none() {
            let message = format!("{} no longer has the directive `@{}`", capitalised(&spot.quoted()), directive.name);
            let places = (base.place(directive.location()), None);
            report.add(removed, ground(directive, None), at, message, places);
            continue;
        }
        if before.is_none() {
            let message = format!("{} has the directive `@{}` now", capitalised(&spot.quoted()), directive.name);
            let places = (None, head.place(directive.location()));
            report.add(added, ground(directive, Some(old.is_none())), at.clone(), message, places);
        }
        arguments(report, &at, before, directive);
    }
}

/// The ground for a directive that was taken off, or applied to something that is new or not.
fn ground(directive: &Directive, added_to_new: Option<bool>) -> Ground {
    match (directive.name.as_str(), added_to_new) {
        (_, Some(true)) => Ground::WithParent,
        ("deprecated", _) | ("oneOf", None) => Ground::Harmless,
        ("oneOf", Some(false)) => Ground::OneOf,
        _ => Ground::Usage,
    }
}

type Pair<'a> = (Option<&'a Node<Directive>>, Option<&'a Node<Directive>>);

/// Pairs directives of one name: equal ones first, then the others in their order.
fn paired<'a>(old: &'a [Node<Directive>], new: &'a [Node<Directive>]) -> Vec<Pair<'a>> {
    let mut equal: HashMap<String, VecDeque<usize>> = HashMap::new();
    let mut left: Vec<Option<&Node<Directive>>> = old.iter().map(Some).collect();
    for (index, directive) in old.iter().enumerate() {
        equal.entry(written(directive)).or_default().push_back(index);
    }
    let mut pairs = Vec::with_capacity(old.len().max(new.len()));
    let mut rest = Vec::new();
    for directive in new {
        let same = equal.get_mut(&written(directive)).and_then(VecDeque::pop_front);
        match same.and_then(|index| left.get_mut(index)).and_then(Option::take) {
            Some(before) => pairs.push((Some(before), Some(directive))),
            None => rest.push(directive),
        }
    }
    let mut by_name: HashMap<&str, VecDeque<&Node<Directive>>> = HashMap::new();
    for directive in left.into_iter().flatten() {
        by_name.entry(directive.name.as_str()).or_default().push_back(directive);
    }
    for directive in rest {
        let before = by_name.get_mut(directive.name.as_str()).and_then(VecDeque::pop_front);
        pairs.push((before, Some(directive)));
    }
    pairs.extend(by_name.into_values().flatten().map(|directive| (Some(directive), None)));
    pairs
}

/// A directive with its arguments in the order of their names.
fn written(directive: &Directive) -> String {
    let mut arguments: Vec<String> =
        directive.arguments.iter().map(|argument| format!("{}:{}", argument.name, argument.value)).collect();
    arguments.sort_unstable();
    format!("{}({})", directive.name, arguments.join(","))
}

/// Compares the arguments of an applied directive. One with another value is told as removed and added.
fn arguments(report: &mut Report<'_>, spot: &Spot, old: Option<&Node<Directive>>, new: &Node<Directive>) {
    let (base, head) = (report.base, report.head);
    let previous = old.map(|old| old.arguments.as_slice()).unwrap_or_default();
    // Deprecation has kinds of its own, which are safe.
    let ground = if new.name == "deprecated" { Ground::Harmless } else { Ground::Plain };
    for before in previous {
        let after = new.arguments.iter().find(|after| after.name == before.name);
        if after.is_none_or(|after| after.value != before.value) {
            let message =
                format!("`@{}` on {} no longer has `{}: {}`", new.name, spot.quoted(), before.name, before.value);
            let places = (base.place(before.location()), after.and_then(|after| head.place(after.location())));
            let at = spot.with(&before.name);
            report.add(ChangeKind::DirectiveUsageArgumentRemoved, ground, at, message, places);
        }
    }
    for after in &new.arguments {
        let before = previous.iter().find(|before| before.name == after.name);
        if before.is_none_or(|before| after.value != before.value) {
            let message = format!("`@{}` on {} has `{}: {}` now", new.name, spot.quoted(), after.name, after.value);
            let places = (before.and_then(|before| base.place(before.location())), head.place(after.location()));
            let at = spot.with(&after.name);
            report.add(ChangeKind::DirectiveUsageArgumentAdded, Ground::Plain, at, message, places);
        }
    }
}
