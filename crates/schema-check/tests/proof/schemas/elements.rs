//! The parts of a schema document that can be described, marked, added and taken away.

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, DirectiveList, Document, EnumValueDefinition, FieldDefinition, InputValueDefinition,
};
use apollo_compiler::{Name, ast};

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Schema,
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
    Directive,
    Field,
    Value,
    Argument,
    InputField,
    DirectiveArgument,
}

/// The sorts that are definitions of types.
pub(crate) const TYPES: [Sort; 6] =
    [Sort::Scalar, Sort::Object, Sort::Interface, Sort::Union, Sort::Enum, Sort::InputObject];

/// Where a part stands: the definition's index, then the indexes inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Definition(usize),
    Field(usize, usize),
    Value(usize, usize),
    Argument(usize, usize, usize),
    InputField(usize, usize),
    DirectiveArgument(usize, usize),
}

/// The sort of a definition; an extension is of none.
pub(crate) fn sort_of(definition: &Definition) -> Option<Sort> {
    Some(match definition {
        Definition::SchemaDefinition(_) => Sort::Schema,
        Definition::ScalarTypeDefinition(_) => Sort::Scalar,
        Definition::ObjectTypeDefinition(_) => Sort::Object,
        Definition::InterfaceTypeDefinition(_) => Sort::Interface,
        Definition::UnionTypeDefinition(_) => Sort::Union,
        Definition::EnumTypeDefinition(_) => Sort::Enum,
        Definition::InputObjectTypeDefinition(_) => Sort::InputObject,
        Definition::DirectiveDefinition(_) => Sort::Directive,
        _ => return None,
    })
}

/// All parts of a sort, those in extensions included.
pub(crate) fn elements(document: &Document, sort: Sort) -> Vec<Element> {
    let mut found = Vec::new();
    for (index, definition) in document.definitions.iter().enumerate() {
        match sort {
            Sort::Field => found.extend((0..fields(definition).len()).map(|field| Element::Field(index, field))),
            Sort::Value => found.extend((0..values(definition).len()).map(|value| Element::Value(index, value))),
            Sort::InputField => {
                found.extend((0..input_fields(definition).len()).map(|field| Element::InputField(index, field)));
            }
            Sort::Argument => {
                for (field, declared) in fields(definition).iter().enumerate() {
                    found.extend((0..declared.arguments.len()).map(|at| Element::Argument(index, field, at)));
                }
            }
            Sort::DirectiveArgument => {
                let count = definition.as_directive_definition().map_or(0, |directive| directive.arguments.len());
                found.extend((0..count).map(|at| Element::DirectiveArgument(index, at)));
            }
            _ if sort_of(definition) == Some(sort) => found.push(Element::Definition(index)),
            _ => {}
        }
    }
    found
}

/// The fields of an object or interface, or of its extension.
pub(crate) fn fields(definition: &Definition) -> &[Node<FieldDefinition>] {
    match definition {
        Definition::ObjectTypeDefinition(part) => &part.fields,
        Definition::InterfaceTypeDefinition(part) => &part.fields,
        Definition::ObjectTypeExtension(part) => &part.fields,
        Definition::InterfaceTypeExtension(part) => &part.fields,
        _ => &[],
    }
}

/// The same, to change them.
pub(crate) fn fields_mut(definition: &mut Definition) -> Option<&mut Vec<Node<FieldDefinition>>> {
    Some(match definition {
        Definition::ObjectTypeDefinition(part) => &mut part.make_mut().fields,
        Definition::InterfaceTypeDefinition(part) => &mut part.make_mut().fields,
        Definition::ObjectTypeExtension(part) => &mut part.make_mut().fields,
        Definition::InterfaceTypeExtension(part) => &mut part.make_mut().fields,
        _ => return None,
    })
}

/// The values of an enum or its extension.
pub(crate) fn values(definition: &Definition) -> &[Node<EnumValueDefinition>] {
    match definition {
        Definition::EnumTypeDefinition(part) => &part.values,
        Definition::EnumTypeExtension(part) => &part.values,
        _ => &[],
    }
}

/// The same, to change them.
pub(crate) fn values_mut(definition: &mut Definition) -> Option<&mut Vec<Node<EnumValueDefinition>>> {
    Some(match definition {
        Definition::EnumTypeDefinition(part) => &mut part.make_mut().values,
        Definition::EnumTypeExtension(part) => &mut part.make_mut().values,
        _ => return None,
    })
}

/// The fields of an input object or its extension.
pub(crate) fn input_fields(definition: &Definition) -> &[Node<InputValueDefinition>] {
    match definition {
        Definition::InputObjectTypeDefinition(part) => &part.fields,
        Definition::InputObjectTypeExtension(part) => &part.fields,
        _ => &[],
    }
}

/// The same, to change them.
pub(crate) fn input_fields_mut(definition: &mut Definition) -> Option<&mut Vec<Node<InputValueDefinition>>> {
    Some(match definition {
        Definition::InputObjectTypeDefinition(part) => &mut part.make_mut().fields,
        Definition::InputObjectTypeExtension(part) => &mut part.make_mut().fields,
        _ => return None,
    })
}

/// The members of a union or its extension.
pub(crate) fn members_mut(definition: &mut Definition) -> Option<&mut Vec<Name>> {
    Some(match definition {
        Definition::UnionTypeDefinition(part) => &mut part.make_mut().members,
        Definition::UnionTypeExtension(part) => &mut part.make_mut().members,
        _ => return None,
    })
}

/// The interfaces of an object or interface, or of its extension.
pub(crate) fn interfaces(definition: &Definition) -> &[Name] {
    match definition {
        Definition::ObjectTypeDefinition(part) => &part.implements_interfaces,
        Definition::InterfaceTypeDefinition(part) => &part.implements_interfaces,
        Definition::ObjectTypeExtension(part) => &part.implements_interfaces,
        Definition::InterfaceTypeExtension(part) => &part.implements_interfaces,
        _ => &[],
    }
}

/// The same, to change them.
pub(crate) fn interfaces_mut(definition: &mut Definition) -> Option<&mut Vec<Name>> {
    Some(match definition {
        Definition::ObjectTypeDefinition(part) => &mut part.make_mut().implements_interfaces,
        Definition::InterfaceTypeDefinition(part) => &mut part.make_mut().implements_interfaces,
        Definition::ObjectTypeExtension(part) => &mut part.make_mut().implements_interfaces,
        Definition::InterfaceTypeExtension(part) => &mut part.make_mut().implements_interfaces,
        _ => return None,
    })
}

/// The root operations of the schema's definition or extension.
pub(crate) fn roots_mut(definition: &mut Definition) -> Option<&mut Vec<Node<(ast::OperationType, Name)>>> {
    Some(match definition {
        Definition::SchemaDefinition(part) => &mut part.make_mut().root_operations,
        Definition::SchemaExtension(part) => &mut part.make_mut().root_operations,
        _ => return None,
    })
}

/// An argument, an input field or an argument of a directive.
pub(crate) fn input(document: &Document, element: Element) -> Option<&InputValueDefinition> {
    match element {
        Element::Argument(index, field, at) => {
            fields(document.definitions.get(index)?).get(field)?.arguments.get(at).map(|node| &**node)
        }
        Element::InputField(index, at) => input_fields(document.definitions.get(index)?).get(at).map(|node| &**node),
        Element::DirectiveArgument(index, at) => {
            document.definitions.get(index)?.as_directive_definition()?.arguments.get(at).map(|node| &**node)
        }
        _ => None,
    }
}

/// The list that an argument or input field stands in.
pub(crate) fn inputs_mut(document: &mut Document, element: Element) -> Option<&mut Vec<Node<InputValueDefinition>>> {
    match element {
        Element::Argument(index, field, _) | Element::Field(index, field) => {
            Some(&mut fields_mut(document.definitions.get_mut(index)?)?.get_mut(field)?.make_mut().arguments)
        }
        Element::InputField(index, _) => input_fields_mut(document.definitions.get_mut(index)?),
        Element::DirectiveArgument(index, _) => directive_arguments_mut(document.definitions.get_mut(index)?),
        Element::Definition(index) => {
            let definition = document.definitions.get_mut(index)?;
            if definition.as_directive_definition().is_some() {
                directive_arguments_mut(definition)
            } else {
                input_fields_mut(definition)
            }
        }
        Element::Value(..) => None,
    }
}

fn directive_arguments_mut(definition: &mut Definition) -> Option<&mut Vec<Node<InputValueDefinition>>> {
    match definition {
        Definition::DirectiveDefinition(part) => Some(&mut part.make_mut().arguments),
        _ => None,
    }
}

/// The place of an argument or input field in its list.
pub(crate) fn place(element: Element) -> usize {
    match element {
        Element::Definition(at)
        | Element::Field(_, at)
        | Element::Value(_, at)
        | Element::Argument(_, _, at)
        | Element::InputField(_, at)
        | Element::DirectiveArgument(_, at) => at,
    }
}

/// An argument, an input field or an argument of a directive, to change it.
pub(crate) fn input_mut(document: &mut Document, element: Element) -> Option<&mut InputValueDefinition> {
    inputs_mut(document, element)?.get_mut(place(element)).map(Node::make_mut)
}

/// A field, to change it.
pub(crate) fn field_mut(document: &mut Document, element: Element) -> Option<&mut FieldDefinition> {
    let Element::Field(index, field) = element else { return None };
    fields_mut(document.definitions.get_mut(index)?)?.get_mut(field).map(Node::make_mut)
}

fn value_mut(document: &mut Document, element: Element) -> Option<&mut EnumValueDefinition> {
    let Element::Value(index, value) = element else { return None };
    values_mut(document.definitions.get_mut(index)?)?.get_mut(value).map(Node::make_mut)
}

/// The description of a part. An extension has none.
pub(crate) fn description_mut(document: &mut Document, element: Element) -> Option<&mut Option<Node<str>>> {
    match element {
        Element::Field(..) => Some(&mut field_mut(document, element)?.description),
        Element::Value(..) => Some(&mut value_mut(document, element)?.description),
        Element::Definition(index) => Some(match document.definitions.get_mut(index)? {
            Definition::SchemaDefinition(part) => &mut part.make_mut().description,
            Definition::ScalarTypeDefinition(part) => &mut part.make_mut().description,
            Definition::ObjectTypeDefinition(part) => &mut part.make_mut().description,
            Definition::InterfaceTypeDefinition(part) => &mut part.make_mut().description,
            Definition::UnionTypeDefinition(part) => &mut part.make_mut().description,
            Definition::EnumTypeDefinition(part) => &mut part.make_mut().description,
            Definition::InputObjectTypeDefinition(part) => &mut part.make_mut().description,
            Definition::DirectiveDefinition(part) => &mut part.make_mut().description,
            _ => return None,
        }),
        _ => Some(&mut input_mut(document, element)?.description),
    }
}

/// The directives applied to a part. The definition of a directive takes none.
pub(crate) fn directives_mut(document: &mut Document, element: Element) -> Option<&mut DirectiveList> {
    match element {
        Element::Field(..) => Some(&mut field_mut(document, element)?.directives),
        Element::Value(..) => Some(&mut value_mut(document, element)?.directives),
        Element::Definition(index) => definition_directives_mut(document.definitions.get_mut(index)?),
        _ => Some(&mut input_mut(document, element)?.directives),
    }
}

/// The directives applied to a definition or an extension.
pub(crate) fn definition_directives_mut(definition: &mut Definition) -> Option<&mut DirectiveList> {
    Some(match definition {
        Definition::SchemaDefinition(part) => &mut part.make_mut().directives,
        Definition::ScalarTypeDefinition(part) => &mut part.make_mut().directives,
        Definition::ObjectTypeDefinition(part) => &mut part.make_mut().directives,
        Definition::InterfaceTypeDefinition(part) => &mut part.make_mut().directives,
        Definition::UnionTypeDefinition(part) => &mut part.make_mut().directives,
        Definition::EnumTypeDefinition(part) => &mut part.make_mut().directives,
        Definition::InputObjectTypeDefinition(part) => &mut part.make_mut().directives,
        Definition::SchemaExtension(part) => &mut part.make_mut().directives,
        Definition::ScalarTypeExtension(part) => &mut part.make_mut().directives,
        Definition::ObjectTypeExtension(part) => &mut part.make_mut().directives,
        Definition::InterfaceTypeExtension(part) => &mut part.make_mut().directives,
        Definition::UnionTypeExtension(part) => &mut part.make_mut().directives,
        Definition::EnumTypeExtension(part) => &mut part.make_mut().directives,
        Definition::InputObjectTypeExtension(part) => &mut part.make_mut().directives,
        _ => return None,
    })
}
