//! Relay's connections (GraphQL Cursor Connections Specification).

use apollo_compiler::schema::{ExtendedType, FieldDefinition, Type};

use super::rules::Subject;
use crate::parts::{Part, PartKind};

fn is_connection(name: &str) -> bool {
    name.len() > "Connection".len() && name.ends_with("Connection")
}

fn field<'a>(ty: &'a ExtendedType, name: &str) -> Option<&'a FieldDefinition> {
    match ty {
        ExtendedType::Object(object) => object.fields.get(name).map(|field| &***field),
        ExtendedType::Interface(interface) => interface.fields.get(name).map(|field| &***field),
        _ => None,
    }
}

/// Sections "Connection Types" and "Edge Types".
pub(super) fn shapes(subject: &Subject<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let types = subject.parts.iter().filter(|part| part.kind == PartKind::Type).filter_map(|part| part.of);
    for ty in types.filter(|ty| is_connection(ty.name())) {
        let mut say = |message: &str| found.push((ty.name().to_string(), message.to_owned()));
        let edges = field(ty, "edges");
        let edge = edges.filter(|edges| edges.ty.is_list()).and_then(|edges| {
            subject.schema.types.get(edges.ty.inner_named_type()).filter(|_| edges.ty.item_type().is_named())
        });
        match edge {
            None => say("it has no `edges` that are a list of objects"),
            Some(edge) => {
                if field(edge, "node").is_none() {
                    say("its edges have no `node`");
                }
                if !field(edge, "cursor").is_some_and(|cursor| is_scalar(subject, &cursor.ty)) {
                    say("its edges have no `cursor` that is a scalar");
                }
            }
        }
        let page_info = field(ty, "pageInfo");
        if !page_info.is_some_and(|info| info.ty.is_non_null() && info.ty.inner_named_type() == "PageInfo") {
            say("it has no `pageInfo: PageInfo!`");
        }
    }
    found
}

/// Section "Arguments".
pub(super) fn arguments(subject: &Subject<'_>) -> Vec<(String, String)> {
    let paged = |part: &&Part<'_>| part.ty.is_some_and(|ty| is_connection(ty.inner_named_type()));
    let faults = subject.parts.iter().filter(paged).filter_map(|part| {
        let field = part.field?;
        let number = |name| {
            field
                .argument_by_name(name)
                .is_some_and(|argument| argument.ty.inner_named_type() == "Int" && !argument.ty.is_list())
        };
        let cursor = |name| field.argument_by_name(name).is_some_and(|argument| is_scalar(subject, &argument.ty));
        let fine = number("first") && cursor("after") || number("last") && cursor("before");
        let message = "it takes neither `first: Int` with `after` nor `last: Int` with `before`";
        (!fine).then(|| (part.coordinate.clone(), message.to_owned()))
    });
    faults.collect()
}

pub(super) fn nodes(subject: &Subject<'_>) -> Vec<(String, String)> {
    let implementers = subject.schema.implementers_map();
    let is_node =
        |name: &str| name == "Node" || implementers.get("Node").is_some_and(|of| of.iter().any(|of| of == name));
    let lists = subject.parts.iter().filter(|part| {
        let outside = part.of.is_some_and(|of| !is_connection(of.name()));
        let list = part.ty.is_some_and(|ty| ty.is_list() && is_node(ty.inner_named_type()));
        part.kind == PartKind::Field && outside && list
    });
    let message = "it is a list of nodes, which may grow: make it a connection while nobody uses it";
    lists.map(|part| (part.coordinate.clone(), message.to_owned())).collect()
}

/// A scalar, in no list.
fn is_scalar(subject: &Subject<'_>, ty: &Type) -> bool {
    let scalar = matches!(subject.schema.types.get(ty.inner_named_type()), Some(ExtendedType::Scalar(_)));
    !ty.is_list() && scalar
}
