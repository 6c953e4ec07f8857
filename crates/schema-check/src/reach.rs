//! Which types an operation can name or meet, and in which positions types are used.

use std::collections::{BTreeSet, HashMap, HashSet};

use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::collections;
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition, Implementers};
use apollo_compiler::{Name, Node, Schema};

/// Whether a location of directives is one in operations.
pub(crate) fn is_executable(location: &str) -> bool {
    matches!(
        location,
        "QUERY"
            | "MUTATION"
            | "SUBSCRIPTION"
            | "FIELD"
            | "FRAGMENT_DEFINITION"
            | "FRAGMENT_SPREAD"
            | "INLINE_FRAGMENT"
            | "VARIABLE_DEFINITION"
    )
}

/// See [`crate::Contract::reachable_types`].
pub(crate) fn reachable(schema: &Schema) -> BTreeSet<String> {
    let implementers = schema.implementers_map();
    let unions = unions_of(schema);
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> =
        schema.schema_definition.iter_root_operations().map(|(_, name)| name.name.as_str()).collect();
    for directive in schema.directive_definitions.values() {
        if directive.locations.iter().any(|location| is_executable(location.name())) {
            open.extend(directive.arguments.iter().map(|argument| argument.ty.inner_named_type().as_str()));
        }
    }
    while let Some(name) = open.pop() {
        if is_built_in(name) || !found.insert(name) {
            continue;
        }
        match schema.types.get(name) {
            Some(ExtendedType::Object(object)) => {
                open.extend(object.implements_interfaces.iter().map(|interface| interface.name.as_str()));
                open.extend(unions.get(name).into_iter().flatten().copied());
                open.extend(object.fields.values().flat_map(types_of));
            }
            Some(ExtendedType::Interface(interface)) => {
                open.extend(interface.implements_interfaces.iter().map(|interface| interface.name.as_str()));
                open.extend(implementers.get(name).into_iter().flat_map(Implementers::iter).map(Name::as_str));
                open.extend(interface.fields.values().flat_map(types_of));
            }
            Some(ExtendedType::Union(union)) => open.extend(union.members.iter().map(|member| member.name.as_str())),
            Some(ExtendedType::InputObject(input)) => {
                open.extend(input.fields.values().map(|field| field.ty.inner_named_type().as_str()));
            }
            _ => {}
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

/// Whether a name is that of a built-in scalar or an introspection type.
pub(crate) fn is_built_in(name: &str) -> bool {
    matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID") || name.starts_with("__")
}

fn types_of(field: &Component<FieldDefinition>) -> impl Iterator<Item = &str> {
    let arguments = field.arguments.iter().map(|argument| argument.ty.inner_named_type().as_str());
    std::iter::once(field.ty.inner_named_type().as_str()).chain(arguments)
}

/// By the name of an object type, the unions that it is a member of.
fn unions_of(schema: &Schema) -> HashMap<&str, Vec<&str>> {
    let mut unions: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, ty) in &schema.types {
        if let ExtendedType::Union(union) = ty {
            for member in &union.members {
                unions.entry(member.name.as_str()).or_default().push(name.as_str());
            }
        }
    }
    unions
}

/// What is often asked of a schema, each found in one pass.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    /// The types that some argument or input field has.
    pub(crate) inputs: HashSet<&'a str>,
    /// The types that some field has.
    pub(crate) outputs: HashSet<&'a str>,
    /// By the name of an object type, the unions that it is a member of.
    pub(crate) unions: HashMap<&'a str, Vec<&'a str>>,
    implementers: collections::HashMap<Name, Implementers>,
}

impl<'a> Index<'a> {
    /// Reads a schema.
    pub(crate) fn of(schema: &'a Schema) -> Self {
        let (mut inputs, mut outputs) = (HashSet::new(), HashSet::new());
        let mut take = |arguments: &'a [Node<InputValueDefinition>]| {
            inputs.extend(arguments.iter().map(|argument| argument.ty.inner_named_type().as_str()));
        };
        schema.directive_definitions.values().for_each(|directive| take(&directive.arguments));
        let fields = schema.types.values().filter_map(|ty| match ty {
            ExtendedType::Object(object) => Some(&object.fields),
            ExtendedType::Interface(interface) => Some(&interface.fields),
            _ => None,
        });
        for field in fields.flat_map(|fields| fields.values()) {
            outputs.insert(field.ty.inner_named_type().as_str());
            take(&field.arguments);
        }
        for input in schema.types.values().filter_map(ExtendedType::as_input_object) {
            inputs.extend(input.fields.values().map(|field| field.ty.inner_named_type().as_str()));
        }
        Self { inputs, outputs, unions: unions_of(schema), implementers: schema.implementers_map() }
    }

    /// The object types that a value of a type can have.
    pub(crate) fn possible<'s>(&'s self, schema: &'s Schema, name: &str) -> BTreeSet<&'s str> {
        match schema.types.get(name) {
            Some(ExtendedType::Object(object)) => BTreeSet::from([object.name.as_str()]),
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.name.as_str()).collect(),
            Some(ExtendedType::Interface(_)) => {
                let implementers = self.implementers.get(name);
                implementers.into_iter().flat_map(|all| &all.objects).map(Name::as_str).collect()
            }
            _ => BTreeSet::new(),
        }
    }
}
