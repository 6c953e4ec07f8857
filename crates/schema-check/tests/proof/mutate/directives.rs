//! Definitions of directives.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, DirectiveDefinition, DirectiveLocation};

use super::edit::{Edit, fresh, pick_where, words};
use super::inputs::{Leave, made};
use crate::schemas::elements::{Element, Sort};

/// Everywhere a directive can stand.
pub(crate) const LOCATIONS: [DirectiveLocation; 19] = [
    DirectiveLocation::Query,
    DirectiveLocation::Mutation,
    DirectiveLocation::Subscription,
    DirectiveLocation::Field,
    DirectiveLocation::FragmentDefinition,
    DirectiveLocation::FragmentSpread,
    DirectiveLocation::InlineFragment,
    DirectiveLocation::VariableDefinition,
    DirectiveLocation::Schema,
    DirectiveLocation::Scalar,
    DirectiveLocation::Object,
    DirectiveLocation::FieldDefinition,
    DirectiveLocation::ArgumentDefinition,
    DirectiveLocation::Interface,
    DirectiveLocation::Union,
    DirectiveLocation::Enum,
    DirectiveLocation::EnumValue,
    DirectiveLocation::InputObject,
    DirectiveLocation::InputFieldDefinition,
];

/// Defines a directive.
pub(super) fn add(edit: &mut Edit) -> Option<()> {
    let mut locations = LOCATIONS.to_vec();
    edit.random.shuffle(&mut locations);
    locations.truncate(1 + edit.random.below(5));
    let mut arguments = Vec::new();
    for leave in [Leave::Nullable, Leave::Required, Leave::RequiredDefault] {
        if edit.random.chance(40) {
            arguments.push(made(edit, leave)?);
        }
    }
    let (description, repeatable) = (edit.random.chance(40).then(|| words(edit)), edit.random.chance(40));
    let name = fresh(edit, "directive");
    let directive = DirectiveDefinition { description, name, arguments, repeatable, locations };
    edit.document.definitions.push(Definition::DirectiveDefinition(Node::new(directive)));
    Some(())
}

/// A directive that is as wanted; `@oneOf` is the specification's and stays as it is.
fn directive(edit: &mut Edit, wanted: impl Fn(&DirectiveDefinition) -> bool) -> Option<&mut Node<DirectiveDefinition>> {
    let element = pick_where(edit, Sort::Directive, |document, element| match element {
        Element::Definition(index) => document.definitions[index]
            .as_directive_definition()
            .is_some_and(|directive| directive.name != "oneOf" && wanted(directive)),
        _ => false,
    })?;
    let Element::Definition(index) = element else { return None };
    match &mut edit.document.definitions[index] {
        Definition::DirectiveDefinition(directive) => Some(directive),
        _ => None,
    }
}

/// Takes a directive away.
pub(super) fn remove(edit: &mut Edit) -> Option<()> {
    let name = directive(edit, |_| true)?.name.clone();
    edit.document.definitions.retain(|part| part.as_directive_definition().is_none_or(|part| part.name != name));
    Some(())
}

/// Lets a directive stand several times at one place, or no more.
pub(super) fn repeatable(edit: &mut Edit, becomes: bool) -> Option<()> {
    directive(edit, |part| part.repeatable != becomes)?.make_mut().repeatable = becomes;
    Some(())
}

/// Lets a directive stand at one more place.
pub(super) fn add_location(edit: &mut Edit) -> Option<()> {
    let at = edit.random.below(LOCATIONS.len());
    let location = LOCATIONS[at];
    directive(edit, |part| !part.locations.contains(&location))?.make_mut().locations.push(location);
    Some(())
}

/// Lets a directive stand at one place less.
pub(super) fn remove_location(edit: &mut Edit) -> Option<()> {
    let at = edit.random.below(64);
    let locations = &mut directive(edit, |part| part.locations.len() > 1)?.make_mut().locations;
    locations.remove(at % locations.len());
    Some(())
}
