//! Brings the rest of a document in line after one part of it changed: implementations follow their interfaces, and
//! what is applied or given as a default stays legal.

use std::collections::BTreeMap;

use apollo_compiler::ast::{Definition, Directive, DirectiveLocation, Document, FieldDefinition, InputValueDefinition};
use apollo_compiler::{Name, Node, Schema};

use super::elements::{
    Sort, definition_directives_mut, directives_mut, elements, fields, fields_mut, input, input_fields_mut, input_mut,
    interfaces, interfaces_mut,
};
use super::literal::fits;

/// Repairs what a change has left illegal, as far as that has one obvious way.
pub(crate) fn conform(document: &mut Document) {
    document.definitions.retain(|definition| !is_empty_extension(definition));
    for _ in 0..3 {
        inherit_interfaces(document);
        inherit_fields(document);
    }
    let schema = document.to_schema().unwrap_or_else(|faulty| faulty.partial);
    loosen_one_of(document, &schema);
    drop_circular_defaults(document, &schema);
    // A field that loses its default may be required now, and other defaults leave it out.
    for _ in 0..4 {
        let schema = document.to_schema().unwrap_or_else(|faulty| faulty.partial);
        drop_unfit_defaults(document, &schema);
    }
    let schema = document.to_schema().unwrap_or_else(|faulty| faulty.partial);
    drop_unfit_directives(document, &schema);
}

/// An extension whose parts have all been taken away.
fn is_empty_extension(definition: &Definition) -> bool {
    definition.directives().is_empty()
        && match definition {
            Definition::SchemaExtension(part) => part.root_operations.is_empty(),
            Definition::ObjectTypeExtension(part) => part.fields.is_empty() && part.implements_interfaces.is_empty(),
            Definition::InterfaceTypeExtension(part) => part.fields.is_empty() && part.implements_interfaces.is_empty(),
            Definition::UnionTypeExtension(part) => part.members.is_empty(),
            Definition::EnumTypeExtension(part) => part.values.is_empty(),
            Definition::InputObjectTypeExtension(part) => part.fields.is_empty(),
            _ => false,
        }
}

/// The fields and interfaces of each interface, extensions included.
fn declared(document: &Document) -> BTreeMap<Name, (Vec<Node<FieldDefinition>>, Vec<Name>)> {
    let mut found: BTreeMap<Name, (Vec<Node<FieldDefinition>>, Vec<Name>)> = BTreeMap::new();
    for definition in &document.definitions {
        let is_interface =
            matches!(definition, Definition::InterfaceTypeDefinition(_) | Definition::InterfaceTypeExtension(_));
        if let Some(name) = definition.name().filter(|_| is_interface) {
            let entry = found.entry(name.clone()).or_default();
            entry.0.extend_from_slice(fields(definition));
            entry.1.extend_from_slice(interfaces(definition));
        }
    }
    found
}

/// What each type implements, with the index of its definition.
fn implementers(document: &Document) -> Vec<(usize, Name, Vec<Name>)> {
    let mut found = Vec::new();
    for (index, definition) in document.definitions.iter().enumerate() {
        let is_type =
            matches!(definition, Definition::ObjectTypeDefinition(_) | Definition::InterfaceTypeDefinition(_));
        if let Some(name) = definition.name().filter(|_| is_type) {
            let same = document.definitions.iter().filter(|other| other.name() == Some(name));
            found.push((index, name.clone(), same.flat_map(interfaces).cloned().collect()));
        }
    }
    found
}

fn inherit_interfaces(document: &mut Document) {
    let declared = declared(document);
    for (index, name, known) in implementers(document) {
        let wanted = known.iter().filter_map(|interface| declared.get(interface)).flat_map(|(_, also)| also);
        for interface in wanted.filter(|also| !known.contains(also) && **also != name) {
            if let Some(list) = interfaces_mut(&mut document.definitions[index])
                && !list.contains(interface)
            {
                list.push(interface.clone());
            }
        }
    }
}

fn inherit_fields(document: &mut Document) {
    let declared = declared(document);
    let schema = document.to_schema().unwrap_or_else(|faulty| faulty.partial);
    for (index, name, known) in implementers(document) {
        let wanted: Vec<Node<FieldDefinition>> =
            known.iter().filter_map(|interface| declared.get(interface)).flat_map(|(list, _)| list.clone()).collect();
        for field in wanted {
            let mut same = document.definitions.iter_mut().filter(|other| other.name() == Some(&name));
            let own = same.find_map(|part| fields_mut(part)?.iter_mut().find(|own| own.name == field.name));
            if let Some(own) = own {
                follow(own, &field, &schema);
            } else if let Some(list) = fields_mut(&mut document.definitions[index]) {
                list.push(field);
            }
        }
    }
}

/// Makes a field a legal implementation of an interface's.
fn follow(own: &mut Node<FieldDefinition>, field: &FieldDefinition, schema: &Schema) {
    if !is_covariant(schema, &own.ty, &field.ty) {
        own.make_mut().ty = field.ty.clone();
    }
    let differs = |argument: &Node<InputValueDefinition>| {
        own.argument_by_name(&argument.name).is_none_or(|given| given.ty != argument.ty)
    };
    let missing: Vec<_> = field.arguments.iter().filter(|argument| differs(argument)).cloned().collect();
    let own = own.make_mut();
    if !field.directives.has("deprecated") {
        own.directives.retain(|directive| directive.name != "deprecated");
    }
    for argument in missing {
        own.arguments.retain(|given| given.name != argument.name);
        own.arguments.push(argument);
    }
    own.arguments.retain(|given| !given.is_required() || field.argument_by_name(&given.name).is_some());
}

fn is_covariant(schema: &Schema, own: &apollo_compiler::ast::Type, wanted: &apollo_compiler::ast::Type) -> bool {
    if wanted.is_non_null() && !own.is_non_null() || own.is_list() != wanted.is_list() {
        return false;
    }
    if own.is_list() {
        return is_covariant(schema, own.item_type(), wanted.item_type());
    }
    let (own, wanted) = (own.inner_named_type(), wanted.inner_named_type());
    own == wanted || schema.is_subtype(wanted, own)
}

/// A field of a `@oneOf` object is nullable and has no default.
fn loosen_one_of(document: &mut Document, schema: &Schema) {
    for definition in &mut document.definitions {
        let object = definition.name().and_then(|name| schema.get_input_object(name));
        if object.is_some_and(|object| object.directives.has("oneOf")) {
            for field in input_fields_mut(definition).into_iter().flatten() {
                let field = field.make_mut();
                field.default_value = None;
                field.ty = Node::new((*field.ty).clone().nullable());
            }
        }
    }
}

/// Whether a literal of one input object can hold one of another, however deep.
fn reaches(schema: &Schema, from: &Name, to: &Name, seen: &mut Vec<Name>) -> bool {
    let Some(object) = schema.get_input_object(from).filter(|_| !seen.contains(from)) else { return false };
    seen.push(from.clone());
    object.fields.values().any(|field| {
        let inner = field.ty.inner_named_type();
        inner == to || reaches(schema, inner, to, seen)
    })
}

/// Whether each `@oneOf` object can be given without an object in it, which apollo-compiler 1 does not ask.
pub(crate) fn is_finite(schema: &Schema) -> bool {
    schema.types.values().filter_map(|ty| ty.as_input_object()).all(|object| {
        let mut inner = object.fields.values().map(|field| field.ty.inner_named_type());
        !object.directives.has("oneOf") || inner.any(|name| schema.get_input_object(name).is_none())
    })
}

/// Takes away defaults that could hold themselves: of fields whose object can hold the field's.
fn drop_circular_defaults(document: &mut Document, schema: &Schema) {
    for definition in &mut document.definitions {
        let Some(owner) = definition.name().cloned() else { continue };
        for field in input_fields_mut(definition).into_iter().flatten() {
            let inner = field.ty.inner_named_type().clone();
            if inner == owner || reaches(schema, &inner, &owner, &mut Vec::new()) {
                field.make_mut().default_value = None;
            }
        }
    }
}

fn drop_unfit_defaults(document: &mut Document, schema: &Schema) {
    for sort in [Sort::Argument, Sort::InputField, Sort::DirectiveArgument] {
        for element in elements(document, sort) {
            let Some(part) = input(document, element) else { continue };
            let unfit = part.default_value.as_ref().is_some_and(|value| !fits(schema, &part.ty, value));
            // A required part cannot be deprecated.
            let required = part.ty.is_non_null() && (unfit || part.default_value.is_none());
            let deprecated = required && part.directives.has("deprecated");
            if (unfit || deprecated)
                && let Some(part) = input_mut(document, element)
            {
                part.default_value = part.default_value.take().filter(|_| !unfit);
                part.directives.retain(|directive| !required || directive.name != "deprecated");
            }
        }
    }
}

const SORTS: [(Sort, DirectiveLocation); 12] = [
    (Sort::Schema, DirectiveLocation::Schema),
    (Sort::Scalar, DirectiveLocation::Scalar),
    (Sort::Object, DirectiveLocation::Object),
    (Sort::Interface, DirectiveLocation::Interface),
    (Sort::Union, DirectiveLocation::Union),
    (Sort::Enum, DirectiveLocation::Enum),
    (Sort::InputObject, DirectiveLocation::InputObject),
    (Sort::Field, DirectiveLocation::FieldDefinition),
    (Sort::Value, DirectiveLocation::EnumValue),
    (Sort::Argument, DirectiveLocation::ArgumentDefinition),
    (Sort::InputField, DirectiveLocation::InputFieldDefinition),
    (Sort::DirectiveArgument, DirectiveLocation::ArgumentDefinition),
];

/// Where a directive must be allowed to be applied to parts of a sort.
pub(crate) fn location(sort: Sort) -> Option<DirectiveLocation> {
    SORTS.iter().find(|(of, _)| *of == sort).map(|(_, location)| *location)
}

fn drop_unfit_directives(document: &mut Document, schema: &Schema) {
    for (sort, location) in SORTS {
        for element in elements(document, sort) {
            if let Some(list) = directives_mut(document, element) {
                retain_legal(list, location, schema);
            }
        }
    }
    for definition in document.definitions.iter_mut().filter(|definition| definition.is_extension_definition()) {
        let location = extension_location(definition);
        if let Some(list) = definition_directives_mut(definition) {
            retain_legal(list, location, schema);
        }
    }
}

fn extension_location(definition: &Definition) -> DirectiveLocation {
    match definition {
        Definition::ScalarTypeExtension(_) => DirectiveLocation::Scalar,
        Definition::ObjectTypeExtension(_) => DirectiveLocation::Object,
        Definition::InterfaceTypeExtension(_) => DirectiveLocation::Interface,
        Definition::UnionTypeExtension(_) => DirectiveLocation::Union,
        Definition::EnumTypeExtension(_) => DirectiveLocation::Enum,
        Definition::InputObjectTypeExtension(_) => DirectiveLocation::InputObject,
        _ => DirectiveLocation::Schema,
    }
}

/// Whether a directive may be applied with these arguments at a location.
pub(crate) fn is_legal(schema: &Schema, applied: &Directive, location: DirectiveLocation) -> bool {
    let Some(directive) = schema.directive_definitions.get(&applied.name) else { return false };
    let known = applied.arguments.iter().all(|given| {
        directive.argument_by_name(&given.name).is_some_and(|argument| fits(schema, &argument.ty, &given.value))
    });
    let complete = directive
        .arguments
        .iter()
        .all(|argument| !argument.is_required() || applied.arguments.iter().any(|given| given.name == argument.name));
    directive.locations.contains(&location) && known && complete
}

fn retain_legal(list: &mut apollo_compiler::ast::DirectiveList, location: DirectiveLocation, schema: &Schema) {
    let mut seen: Vec<Name> = Vec::new();
    list.retain(|applied| {
        let repeats = schema.directive_definitions.get(&applied.name).is_some_and(|directive| directive.repeatable);
        let legal = is_legal(schema, applied, location) && (repeats || !seen.contains(&applied.name));
        seen.push(applied.name.clone());
        legal
    });
}
