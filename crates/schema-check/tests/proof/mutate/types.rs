//! Types come, go, change their kind and their name.

use apollo_compiler::ast::{
    Definition, DirectiveList, EnumTypeDefinition, EnumValueDefinition, FieldDefinition, InputObjectTypeDefinition,
    InterfaceTypeDefinition, ObjectTypeDefinition, ScalarTypeDefinition, Type, UnionTypeDefinition,
};
use apollo_compiler::{Name, Node};

use super::edit::{Edit, fresh, pick, renamed, words};
use super::fields::made_field;
use super::inputs::{Leave, made};
use crate::schemas::elements::{
    Element, Sort, elements, fields_mut, input_fields_mut, input_mut, inputs_mut, interfaces_mut, members_mut, place,
    roots_mut,
};

/// Defines a type, which nothing uses.
pub(super) fn add(edit: &mut Edit, sort: Sort) -> Option<()> {
    let description = edit.random.chance(40).then(|| words(edit));
    let directives = DirectiveList::new();
    let definition: Definition = match sort {
        Sort::Scalar => ScalarTypeDefinition { description, name: fresh(edit, "Scalar"), directives }.into(),
        Sort::Union => {
            let members = vec![an_object(edit)?];
            UnionTypeDefinition { description, name: fresh(edit, "Union"), directives, members }.into()
        }
        Sort::Enum => {
            let values = (0..2).map(|_| value(edit)).collect();
            EnumTypeDefinition { description, name: fresh(edit, "Enum"), directives, values }.into()
        }
        Sort::InputObject => {
            let fields = vec![made(edit, Leave::Required)?, made(edit, Leave::Default)?];
            InputObjectTypeDefinition { description, name: fresh(edit, "Input"), directives, fields }.into()
        }
        _ => {
            let fields = vec![made_field(edit, 1)?, made_field(edit, 0)?];
            let (name, implements_interfaces) = (fresh(edit, "Composite"), Vec::new());
            if sort == Sort::Interface {
                InterfaceTypeDefinition { description, name, implements_interfaces, directives, fields }.into()
            } else {
                ObjectTypeDefinition { description, name, implements_interfaces, directives, fields }.into()
            }
        }
    };
    edit.document.definitions.push(definition);
    Some(())
}

fn value(edit: &mut Edit) -> Node<EnumValueDefinition> {
    let directives = DirectiveList::new();
    Node::new(EnumValueDefinition { description: None, value: fresh(edit, "VALUE"), directives })
}

/// Defines an object with fields, and tells its name.
pub(super) fn object(edit: &mut Edit, fields: Vec<Node<FieldDefinition>>) -> Name {
    let name = fresh(edit, "Composite");
    let object = ObjectTypeDefinition {
        description: None,
        name: name.clone(),
        implements_interfaces: Vec::new(),
        directives: DirectiveList::new(),
        fields,
    };
    edit.document.definitions.push(object.into());
    name
}

fn an_object(edit: &mut Edit) -> Option<Name> {
    let objects = edit.schema.types.iter().filter(|(name, ty)| ty.is_object() && !name.starts_with("__"));
    let names: Vec<Name> = objects.map(|(name, _)| name.clone()).collect();
    edit.random.pick(&names).cloned()
}

/// Takes a type away, with all that mentions it.
pub(super) fn remove(edit: &mut Edit, sort: Sort) -> Option<()> {
    let Element::Definition(index) = pick(edit, sort)? else { return None };
    let name = edit.document.definitions[index].name()?.clone();
    edit.document.definitions.retain(|part| part.as_directive_definition().is_some() || part.name() != Some(&name));
    for definition in &mut edit.document.definitions {
        if let Some(list) = fields_mut(definition) {
            list.retain(|field| field.ty.inner_named_type() != &name);
        }
        if let Some(list) = input_fields_mut(definition) {
            list.retain(|field| field.ty.inner_named_type() != &name);
        }
        if let Some(list) = members_mut(definition) {
            list.retain(|member| *member != name);
        }
        if let Some(list) = interfaces_mut(definition) {
            list.retain(|interface| *interface != name);
        }
        if let Some(list) = roots_mut(definition) {
            list.retain(|root| root.1 != name);
        }
    }
    for sort in [Sort::Argument, Sort::DirectiveArgument] {
        for element in elements(&edit.document, sort).into_iter().rev() {
            let list = inputs_mut(&mut edit.document, element)?;
            if list[place(element)].ty.inner_named_type() == &name {
                list.remove(place(element));
            }
        }
    }
    Some(())
}

/// Gives a type another name everywhere.
pub(super) fn rename(edit: &mut Edit, sort: Sort) -> Option<()> {
    let Element::Definition(index) = pick(edit, sort)? else { return None };
    let old = edit.document.definitions[index].name()?.clone();
    let new = fresh(edit, "Renamed");
    for definition in &mut edit.document.definitions {
        name_mut(definition).into_iter().filter(|name| **name == old).for_each(|name| *name = new.clone());
        let in_place =
            |list: &mut Vec<Name>| list.iter_mut().filter(|name| **name == old).for_each(|name| *name = new.clone());
        members_mut(definition).into_iter().for_each(in_place);
        interfaces_mut(definition).into_iter().for_each(in_place);
        let roots = roots_mut(definition).into_iter().flatten().filter(|root| root.1 == old);
        roots.for_each(|root| root.make_mut().1 = new.clone());
        for field in fields_mut(definition).into_iter().flatten() {
            retarget(&mut field.make_mut().ty, &old, &new);
        }
    }
    for sort in [Sort::Argument, Sort::InputField, Sort::DirectiveArgument] {
        for element in elements(&edit.document, sort) {
            retarget(input_mut(&mut edit.document, element)?.ty.make_mut(), &old, &new);
        }
    }
    Some(())
}

fn retarget(ty: &mut Type, old: &Name, new: &Name) {
    if ty.inner_named_type() == old {
        *ty = renamed(ty, new);
    }
}

fn name_mut(definition: &mut Definition) -> Option<&mut Name> {
    Some(match definition {
        Definition::ScalarTypeDefinition(part) => &mut part.make_mut().name,
        Definition::ObjectTypeDefinition(part) => &mut part.make_mut().name,
        Definition::InterfaceTypeDefinition(part) => &mut part.make_mut().name,
        Definition::UnionTypeDefinition(part) => &mut part.make_mut().name,
        Definition::EnumTypeDefinition(part) => &mut part.make_mut().name,
        Definition::InputObjectTypeDefinition(part) => &mut part.make_mut().name,
        Definition::ScalarTypeExtension(part) => &mut part.make_mut().name,
        Definition::ObjectTypeExtension(part) => &mut part.make_mut().name,
        Definition::InterfaceTypeExtension(part) => &mut part.make_mut().name,
        Definition::UnionTypeExtension(part) => &mut part.make_mut().name,
        Definition::EnumTypeExtension(part) => &mut part.make_mut().name,
        Definition::InputObjectTypeExtension(part) => &mut part.make_mut().name,
        _ => return None,
    })
}

/// Makes a type of one kind one of another kind that can stand at the same places.
pub(super) fn change_kind(edit: &mut Edit, sort: Sort) -> Option<()> {
    let Element::Definition(index) = pick(edit, sort)? else { return None };
    let definition = edit.document.definitions[index].clone();
    let name = definition.name()?.clone();
    if edit.schema.schema_definition.iter_root_operations().any(|(_, root)| root.name == name) {
        return None;
    }
    let (new_value, new_field, member) = (value(edit), made_field(edit, 0)?, an_object(edit)?);
    let (description, directives) = (None, DirectiveList::new());
    let changed: Definition = match definition {
        Definition::ScalarTypeDefinition(_) => {
            EnumTypeDefinition { description, name: name.clone(), directives, values: vec![new_value] }.into()
        }
        Definition::EnumTypeDefinition(_) | Definition::InputObjectTypeDefinition(_) => {
            ScalarTypeDefinition { description, name: name.clone(), directives }.into()
        }
        Definition::ObjectTypeDefinition(part) => InterfaceTypeDefinition {
            description: part.description.clone(),
            name: name.clone(),
            implements_interfaces: part.implements_interfaces.clone(),
            directives,
            fields: part.fields.clone(),
        }
        .into(),
        Definition::InterfaceTypeDefinition(part) if edit.random.chance(50) => ObjectTypeDefinition {
            description: part.description.clone(),
            name: name.clone(),
            implements_interfaces: part.implements_interfaces.clone(),
            directives,
            fields: part.fields.clone(),
        }
        .into(),
        Definition::InterfaceTypeDefinition(_) => {
            UnionTypeDefinition { description, name: name.clone(), directives, members: vec![member] }.into()
        }
        Definition::UnionTypeDefinition(_) => InterfaceTypeDefinition {
            description,
            name: name.clone(),
            implements_interfaces: Vec::new(),
            directives,
            fields: vec![new_field],
        }
        .into(),
        _ => return None,
    };
    edit.document.definitions.retain(|part| part.as_directive_definition().is_some() || part.name() != Some(&name));
    edit.document.definitions.push(changed);
    for definition in &mut edit.document.definitions {
        if let Some(list) = members_mut(definition) {
            list.retain(|member| *member != name);
        }
        if let Some(list) = interfaces_mut(definition) {
            list.retain(|interface| *interface != name);
        }
    }
    Some(())
}

/// Makes a union an interface that all its members implement.
pub(super) fn union_to_interface(edit: &mut Edit) -> Option<()> {
    let Element::Definition(index) = pick(edit, Sort::Union)? else { return None };
    let name = edit.document.definitions[index].name()?.clone();
    let members = edit.schema.get_union(&name)?.members.clone();
    let fields = vec![made_field(edit, 0)?];
    let (description, directives) = (None, DirectiveList::new());
    edit.document.definitions.retain(|part| part.as_directive_definition().is_some() || part.name() != Some(&name));
    for definition in &mut edit.document.definitions {
        let is_member = definition.as_object_type_definition().is_some_and(|part| members.contains(&part.name));
        if let Some(list) = interfaces_mut(definition).filter(|_| is_member) {
            list.push(name.clone());
        }
    }
    let interface =
        InterfaceTypeDefinition { description, name, implements_interfaces: Vec::new(), directives, fields };
    edit.document.definitions.push(interface.into());
    Some(())
}
