//! How each type of a schema is reached.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use apollo_compiler::ast::{
    DirectiveDefinition, DirectiveLocation, FieldDefinition, InputValueDefinition, OperationType,
};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};

/// From a root operation to a composite type.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) operation: OperationType,
    pub(crate) steps: Vec<Step>,
}

/// One step of a route.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Into a field's selection set.
    Field(Node<FieldDefinition>),
    /// Into a fragment with this condition.
    On(Name),
}

/// What takes an argument.
#[derive(Debug, Clone)]
pub(crate) enum Taker {
    /// A field of a type.
    Field(Name, Node<FieldDefinition>),
    /// A directive that can be applied to fields.
    Directive(Node<DirectiveDefinition>),
}

/// Where a value of an input type can be given: an argument, and the input fields from there inwards.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) taker: Taker,
    pub(crate) argument: Node<InputValueDefinition>,
    /// The input object and its field, from the outermost.
    pub(crate) inwards: Vec<(Name, Name)>,
}

/// A schema with the ways through it.
pub(crate) struct Map<'a> {
    pub(crate) schema: &'a Valid<Schema>,
    /// The object types that a composite type can turn out to be.
    pub(crate) possible: BTreeMap<Name, BTreeSet<Name>>,
    pub(crate) routes: BTreeMap<Name, Route>,
    pub(crate) sites: BTreeMap<Name, Site>,
}

/// Finds all ways.
pub(crate) fn map(schema: &Valid<Schema>) -> Map<'_> {
    let possible = possible(schema);
    let routes = routes(schema, &possible);
    let sites = sites(schema, &routes);
    Map { schema, possible, routes, sites }
}

fn possible(schema: &Schema) -> BTreeMap<Name, BTreeSet<Name>> {
    let mut found: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for (name, ty) in &schema.types {
        match ty {
            ExtendedType::Object(object) => {
                found.entry(name.clone()).or_default().insert(name.clone());
                for interface in &object.implements_interfaces {
                    found.entry(interface.name.clone()).or_default().insert(name.clone());
                }
            }
            ExtendedType::Interface(_) => drop(found.entry(name.clone()).or_default()),
            ExtendedType::Union(union) => {
                found.entry(name.clone()).or_default().extend(union.members.iter().map(|member| member.name.clone()));
            }
            _ => {}
        }
    }
    found.retain(|name, _| !name.starts_with("__"));
    found
}

/// The composite types that a fragment in a selection set of this one can have as its condition.
pub(crate) fn conditions(possible: &BTreeMap<Name, BTreeSet<Name>>, parent: &Name) -> Vec<Name> {
    let Some(own) = possible.get(parent) else { return Vec::new() };
    let overlapping = possible.iter().filter(|(name, other)| *name == parent || !own.is_disjoint(other));
    overlapping.map(|(name, _)| name.clone()).collect()
}

/// The fields of an object or interface.
pub(crate) fn fields<'a>(schema: &'a Schema, name: &str) -> Vec<&'a Node<FieldDefinition>> {
    match schema.types.get(name) {
        Some(ExtendedType::Object(object)) => object.fields.values().map(|field| &field.node).collect(),
        Some(ExtendedType::Interface(interface)) => interface.fields.values().map(|field| &field.node).collect(),
        _ => Vec::new(),
    }
}

fn routes(schema: &Schema, possible: &BTreeMap<Name, BTreeSet<Name>>) -> BTreeMap<Name, Route> {
    let mut found: BTreeMap<Name, Route> = BTreeMap::new();
    let mut open = VecDeque::new();
    for (operation, name) in schema.schema_definition.iter_root_operations() {
        found.insert(name.name.clone(), Route { operation, steps: Vec::new() });
        open.push_back(name.name.clone());
    }
    while let Some(parent) = open.pop_front() {
        let route = found[&parent].clone();
        let through_fields = fields(schema, &parent)
            .into_iter()
            .map(|field| (field.ty.inner_named_type().clone(), Step::Field(field.clone())));
        let through_conditions = conditions(possible, &parent).into_iter().map(|name| (name.clone(), Step::On(name)));
        for (name, step) in through_fields.chain(through_conditions) {
            if possible.contains_key(&name) && !found.contains_key(&name) {
                let mut longer = route.clone();
                longer.steps.push(step);
                found.insert(name.clone(), longer);
                open.push_back(name);
            }
        }
    }
    found
}

fn sites(schema: &Schema, routes: &BTreeMap<Name, Route>) -> BTreeMap<Name, Site> {
    let mut found: BTreeMap<Name, Site> = BTreeMap::new();
    let mut open = VecDeque::new();
    for parent in routes.keys() {
        for field in fields(schema, parent) {
            for argument in &field.arguments {
                let taker = Taker::Field(parent.clone(), field.clone());
                let site = Site { taker, argument: argument.clone(), inwards: Vec::new() };
                open.push_back((argument.ty.inner_named_type().clone(), site));
            }
        }
    }
    for directive in schema.directive_definitions.values() {
        for argument in directive.arguments.iter().filter(|_| directive.locations.contains(&DirectiveLocation::Field)) {
            let site =
                Site { taker: Taker::Directive(directive.clone()), argument: argument.clone(), inwards: Vec::new() };
            open.push_back((argument.ty.inner_named_type().clone(), site));
        }
    }
    while let Some((name, site)) = open.pop_front() {
        if found.contains_key(&name) {
            continue;
        }
        if let Some(object) = schema.get_input_object(&name) {
            for field in object.fields.values() {
                let mut inner = site.clone();
                inner.inwards.push((name.clone(), field.name.clone()));
                open.push_back((field.ty.inner_named_type().clone(), inner));
            }
        }
        found.insert(name, site);
    }
    found
}
