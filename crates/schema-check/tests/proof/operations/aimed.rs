//! Operations that touch every part of a type.

use apollo_compiler::ast::{FieldDefinition, OperationType};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{Name, Node};

use super::given::{Given, arguments, below, least, object, operation, ways};
use super::map::{Map, Route, Site, Taker, conditions, fields};
use crate::seeded::Seeded;

/// Operations at all parts of a type.
pub(crate) fn at_type(map: &Map<'_>, name: &Name, random: &mut Seeded) -> Vec<String> {
    let mut found = Vec::new();
    match map.schema.types.get(name) {
        Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
            for field in fields(map.schema, name) {
                at_field(map, name, field, random, &mut found);
            }
            at_conditions(map, name, random, &mut found);
        }
        Some(ExtendedType::InputObject(part)) => {
            at_input(map, name, random, &mut found);
            at_input_fields(map, part, random, &mut found);
        }
        Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_)) => {
            at_input(map, name, random, &mut found);
            at_leaf(map, name, random, &mut found);
        }
        None => {}
    }
    found
}

/// A field in every way that its arguments can be given.
fn at_field(map: &Map<'_>, parent: &Name, field: &FieldDefinition, random: &mut Seeded, found: &mut Vec<String>) {
    let Some(route) = map.routes.get(parent) else { return };
    let mut select = |one: Option<(&str, &Given)>, random: &mut Seeded| {
        let given = arguments(map.schema, &field.arguments, one, random);
        let text = format!("{}{given}{}", field.name, below(map, &field.ty, random));
        let variables = one.map(|(_, way)| way.variables.as_slice()).unwrap_or_default();
        found.push(operation(map, route, &text, variables, random));
    };
    select(None, random);
    for argument in &field.arguments {
        for way in ways(map.schema, argument, false, random) {
            select(Some((&argument.name, &way)), random);
        }
    }
}

/// A field with each field of what it returns, and with each fragment that applies to it.
pub(crate) fn within_field(map: &Map<'_>, parent: &Name, field: &FieldDefinition, random: &mut Seeded) -> Vec<String> {
    let (Some(route), inner) = (map.routes.get(parent), field.ty.inner_named_type()) else { return Vec::new() };
    let mut selected = Vec::new();
    for below_it in fields(map.schema, inner) {
        let given = arguments(map.schema, &below_it.arguments, None, random);
        selected.push(format!("{}{given}{}", below_it.name, below(map, &below_it.ty, random)));
    }
    for condition in conditions(&map.possible, inner) {
        selected.push(format!("... on {condition} {{ {} }}", least(map, &condition, random)));
    }
    let mut found = Vec::new();
    for text in selected {
        let given = arguments(map.schema, &field.arguments, None, random);
        let text = format!("{}{given} {{ {text} }}", field.name);
        found.push(operation(map, route, &text, &[], random));
    }
    found
}

/// The type as the condition of a fragment in each selection set that allows it, and every other within it.
fn at_conditions(map: &Map<'_>, name: &Name, random: &mut Seeded, found: &mut Vec<String>) {
    let around = conditions(&map.possible, name);
    for other in &around {
        if let Some(route) = map.routes.get(other) {
            let text = format!("... on {name} {{ {} }}", least(map, name, random));
            found.push(operation(map, route, &text, &[], random));
        }
        if let Some(route) = map.routes.get(name) {
            let body = least(map, other, random);
            let text = operation(map, route, "...Part", &[], random);
            found.push(format!("{text} fragment Part on {other} {{ {body} }}"));
        }
    }
}

/// The type as that of a value, in every way that one can be given at one place.
fn at_input(map: &Map<'_>, name: &Name, random: &mut Seeded, found: &mut Vec<String>) {
    if let Some(site) = map.sites.get(name) {
        at_site(map, site, random, found);
    }
}

fn at_input_fields(map: &Map<'_>, part: &InputObjectType, random: &mut Seeded, found: &mut Vec<String>) {
    let Some(site) = map.sites.get(&part.name) else { return };
    for field in part.fields.values() {
        let mut inner = site.clone();
        inner.inwards.push((part.name.clone(), field.name.clone()));
        at_site(map, &inner, random, found);
    }
    let given = |text: String| Given { text: Some(text), variables: Vec::new() };
    if part.directives.has("oneOf") {
        return;
    }
    // Several fields at once, and none: a @oneOf object allows neither.
    let all: Vec<String> = part
        .fields
        .values()
        .map(|field| {
            let value = crate::schemas::literal::literal(map.schema, &(*field.ty).clone().non_null(), random, 2);
            format!("{}: {}", field.name, super::given::text(&value))
        })
        .collect();
    found.push(in_site(map, site, &given(format!("{{{}}}", all.join(", "))), random));
    if part.fields.values().all(|field| !field.is_required()) {
        found.push(in_site(map, site, &given("{}".to_owned()), random));
    }
}

fn at_site(map: &Map<'_>, site: &Site, random: &mut Seeded, found: &mut Vec<String>) {
    let (part, one_of) = match site.inwards.last() {
        Some((input, field)) => {
            let Some(object) = map.schema.get_input_object(input) else { return };
            (object.fields[field].node.clone(), object.directives.has("oneOf"))
        }
        None => (site.argument.clone(), false),
    };
    for way in ways(map.schema, &part, one_of, random) {
        found.push(in_site(map, site, &way, random));
    }
}

/// An operation that gives a value at a place.
fn in_site(map: &Map<'_>, site: &Site, way: &Given, random: &mut Seeded) -> String {
    let mut given = way.clone();
    for (input, field) in site.inwards.iter().rev() {
        given.text = Some(object(map.schema, input, field, &given, random));
    }
    let one = Some((site.argument.name.as_str(), &given));
    match &site.taker {
        Taker::Field(parent, field) => {
            let arguments = arguments(map.schema, &field.arguments, one, random);
            let text = format!("{}{arguments}{}", field.name, below(map, &field.ty, random));
            operation(map, &map.routes[parent], &text, &way.variables, random)
        }
        Taker::Directive(directive) => {
            let arguments = arguments(map.schema, &directive.arguments, one, random);
            let text = format!("__typename @{}{arguments}", directive.name);
            let route = Route { operation: OperationType::Query, steps: Vec::new() };
            operation(map, &route, &text, &way.variables, random)
        }
    }
}

/// A field whose answer is of the type.
fn at_leaf(map: &Map<'_>, name: &Name, random: &mut Seeded, found: &mut Vec<String>) {
    let answers = |field: &&Node<FieldDefinition>| field.ty.inner_named_type() == name;
    let mut reached = map.routes.iter().flat_map(|(parent, route)| {
        fields(map.schema, parent).into_iter().filter(answers).map(move |field| (route, field))
    });
    if let Some((route, field)) = reached.next() {
        let text = format!("{}{}", field.name, arguments(map.schema, &field.arguments, None, random));
        found.push(operation(map, route, &text, &[], random));
    }
}

/// Operations at the roots.
pub(crate) fn at_roots(map: &Map<'_>, random: &mut Seeded) -> Vec<String> {
    let mut found = Vec::new();
    for (operation, name) in map.schema.schema_definition.iter_root_operations() {
        let least = least(map, &name.name, random);
        found.push(format!("{} {{ {least} }}", operation.name()));
        found.push(format!("{} {{ ... on {} {{ {least} }} }}", operation.name(), name.name));
    }
    found
}
