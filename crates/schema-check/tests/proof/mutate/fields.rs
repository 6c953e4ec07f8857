//! Fields of objects and interfaces, and values of enums.

use apollo_compiler::Node;
use apollo_compiler::ast::{DirectiveList, EnumValueDefinition, FieldDefinition};

use super::edit::{Edit, fresh, output_names, pick, pick_where, retyped, words, wrapped};
use super::inputs::{Leave, made};
use crate::schemas::elements::{Element, Sort, field_mut, fields_mut, values, values_mut};

/// Adds a field with `arguments` arguments.
pub(super) fn add(edit: &mut Edit, sort: Sort, arguments: usize) -> Option<()> {
    let Element::Definition(index) = pick(edit, sort)? else { return None };
    let field = made_field(edit, arguments)?;
    let list = fields_mut(&mut edit.document.definitions[index])?;
    let at = edit.random.below(list.len() + 1);
    list.insert(at, field);
    Some(())
}

/// A new field.
pub(super) fn made_field(edit: &mut Edit, arguments: usize) -> Option<Node<FieldDefinition>> {
    let ty = wrapped(&output_names(&edit.schema), &mut edit.random)?;
    let leaves = [Leave::Nullable, Leave::Required, Leave::Default, Leave::RequiredDefault];
    let mut given = Vec::new();
    for _ in 0..arguments {
        let leave = *edit.random.pick(&leaves)?;
        given.push(made(edit, leave)?);
    }
    let description = edit.random.chance(40).then(|| words(edit));
    let name = fresh(edit, "field");
    Some(Node::new(FieldDefinition { description, name, arguments: given, ty, directives: DirectiveList::new() }))
}

/// Takes a field away.
pub(super) fn remove(edit: &mut Edit) -> Option<()> {
    let Element::Field(index, field) = pick(edit, Sort::Field)? else { return None };
    let definition = &mut edit.document.definitions[index];
    let name = fields_mut(definition)?.remove(field).name.clone();
    // What implements an interface loses the field too, now and then.
    let owner = definition.name()?.clone();
    let is_interface = edit.schema.get_interface(&owner).is_some();
    if is_interface && edit.random.chance(50) {
        for definition in &mut edit.document.definitions {
            let implements = definition.name().is_some_and(|object| edit.schema.is_subtype(&owner, object));
            if let Some(list) = fields_mut(definition).filter(|_| implements) {
                list.retain(|field| field.name != name);
            }
        }
    }
    Some(())
}

/// Gives a field another type.
pub(super) fn retype(edit: &mut Edit) -> Option<()> {
    let element = pick(edit, Sort::Field)?;
    let names = output_names(&edit.schema);
    let field = field_mut(&mut edit.document, element)?;
    field.ty = retyped(&field.ty, &names, &mut edit.random)?;
    Some(())
}

/// Makes a field nullable, or non-null.
pub(super) fn toggle_null(edit: &mut Edit, was: bool) -> Option<()> {
    let element = pick_where(edit, Sort::Field, |document, element| {
        field_mut(document, element).is_some_and(|field| field.ty.is_non_null() == was)
    })?;
    let field = field_mut(&mut edit.document, element)?;
    field.ty = if was { field.ty.clone().nullable() } else { field.ty.clone().non_null() };
    Some(())
}

/// Gives a field an abstract type in place of one of its possible types, or the other way round.
pub(super) fn change_within_kin(edit: &mut Edit) -> Option<()> {
    let names = output_names(&edit.schema);
    let schema = edit.schema.clone();
    let kin = |name: &str| -> Vec<_> {
        let related = names.iter().filter(|other| schema.is_subtype(name, other) || schema.is_subtype(other, name));
        related.cloned().collect()
    };
    let element = pick_where(edit, Sort::Field, |document, element| {
        field_mut(document, element).is_some_and(|field| !kin(field.ty.inner_named_type()).is_empty())
    })?;
    let field = field_mut(&mut edit.document, element)?;
    let kin = kin(field.ty.inner_named_type());
    field.ty = super::edit::renamed(&field.ty, edit.random.pick(&kin)?);
    Some(())
}

/// Adds a value.
pub(super) fn add_value(edit: &mut Edit) -> Option<()> {
    let Element::Definition(index) = pick(edit, Sort::Enum)? else { return None };
    let description = edit.random.chance(40).then(|| words(edit));
    let value = EnumValueDefinition { description, value: fresh(edit, "VALUE"), directives: DirectiveList::new() };
    let list = values_mut(&mut edit.document.definitions[index])?;
    let at = edit.random.below(list.len() + 1);
    list.insert(at, Node::new(value));
    Some(())
}

/// Takes a value away.
pub(super) fn remove_value(edit: &mut Edit) -> Option<()> {
    let element = pick_where(edit, Sort::Value, |document, element| match element {
        Element::Value(index, _) => values(&document.definitions[index]).len() > 1,
        _ => false,
    })?;
    let Element::Value(index, value) = element else { return None };
    values_mut(&mut edit.document.definitions[index])?.remove(value);
    Some(())
}
