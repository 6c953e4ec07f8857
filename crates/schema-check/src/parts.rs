//! Everything a schema declares, in one list.

use apollo_compiler::ast::DirectiveList;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{ExtendedType, FieldDefinition, InputValueDefinition, Type, Value};
use apollo_compiler::{Node, Schema};

use crate::change::Place;
use crate::contract::Contract;

/// The directives that the specification defines.
pub(crate) const SPECIFIED_DIRECTIVES: [&str; 5] = ["deprecated", "include", "oneOf", "skip", "specifiedBy"];

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PartKind {
    Type,
    Field,
    Argument,
    InputField,
    EnumValue,
    Directive,
    DirectiveArgument,
}

/// One declaration.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    pub(crate) kind: PartKind,
    pub(crate) coordinate: String,
    pub(crate) name: &'a str,
    pub(crate) described: bool,
    /// The reason if it is deprecated; empty when it has none.
    pub(crate) deprecated: Option<&'a str>,
    pub(crate) ty: Option<&'a Type>,
    /// The type it belongs to, or is.
    pub(crate) of: Option<&'a ExtendedType>,
    pub(crate) field: Option<&'a FieldDefinition>,
    span: Option<SourceSpan>,
}

impl Part<'_> {
    /// Where its name stands.
    pub(crate) fn place(&self, contract: &Contract) -> Option<Place> {
        contract.place(self.span)
    }
}

/// All parts that are not the specification's own, in the order of the text.
pub(crate) fn parts(schema: &Schema) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        of_type(ty, &mut parts);
    }
    for (name, directive) in &schema.directive_definitions {
        if SPECIFIED_DIRECTIVES.contains(&name.as_str()) || directive.is_built_in() {
            continue;
        }
        let coordinate = format!("@{name}");
        for argument in &directive.arguments {
            let coordinate = format!("{coordinate}({}:)", argument.name);
            parts.push(input(PartKind::DirectiveArgument, coordinate, argument, None));
        }
        parts.push(Part {
            kind: PartKind::Directive,
            coordinate,
            name: &directive.name,
            described: is_text(directive.description.as_ref()),
            deprecated: None,
            ty: None,
            of: None,
            field: None,
            span: directive.name.location(),
        });
    }
    parts
}

fn of_type<'a>(ty: &'a ExtendedType, parts: &mut Vec<Part<'a>>) {
    parts.push(Part {
        kind: PartKind::Type,
        coordinate: ty.name().to_string(),
        name: ty.name(),
        described: is_text(ty.description()),
        deprecated: None,
        ty: None,
        of: Some(ty),
        field: None,
        span: ty.name().location(),
    });
    let fields = match ty {
        ExtendedType::Object(object) => &object.fields,
        ExtendedType::Interface(interface) => &interface.fields,
        ExtendedType::InputObject(object) => {
            for field in object.fields.values() {
                let coordinate = format!("{}.{}", object.name, field.name);
                parts.push(input(PartKind::InputField, coordinate, field, Some(ty)));
            }
            return;
        }
        ExtendedType::Enum(one) => {
            for value in one.values.values() {
                parts.push(Part {
                    kind: PartKind::EnumValue,
                    coordinate: format!("{}.{}", one.name, value.value),
                    name: &value.value,
                    described: is_text(value.description.as_ref()),
                    deprecated: deprecated(&value.directives),
                    ty: None,
                    of: Some(ty),
                    field: None,
                    span: value.value.location(),
                });
            }
            return;
        }
        ExtendedType::Scalar(_) | ExtendedType::Union(_) => return,
    };
    for field in fields.values() {
        let coordinate = format!("{}.{}", ty.name(), field.name);
        parts.push(Part {
            kind: PartKind::Field,
            coordinate: coordinate.clone(),
            name: &field.name,
            described: is_text(field.description.as_ref()),
            deprecated: deprecated(&field.directives),
            ty: Some(&field.ty),
            of: Some(ty),
            field: Some(field),
            span: field.name.location(),
        });
        for argument in &field.arguments {
            let coordinate = format!("{coordinate}({}:)", argument.name);
            parts.push(input(PartKind::Argument, coordinate, argument, Some(ty)));
        }
    }
}

fn input<'a>(
    kind: PartKind,
    coordinate: String,
    value: &'a InputValueDefinition,
    of: Option<&'a ExtendedType>,
) -> Part<'a> {
    Part {
        kind,
        coordinate,
        name: &value.name,
        described: is_text(value.description.as_ref()),
        deprecated: deprecated(&value.directives),
        ty: Some(&value.ty),
        of,
        field: None,
        span: value.name.location(),
    }
}

fn is_text(description: Option<&Node<str>>) -> bool {
    description.is_some_and(|text| !text.trim().is_empty())
}

fn deprecated(directives: &DirectiveList) -> Option<&str> {
    let directive = directives.get("deprecated")?;
    Some(match directive.specified_argument_by_name("reason").map(|reason| &**reason) {
        Some(Value::String(text)) => text,
        _ => "",
    })
}
