//! The ways in which a value can be given for an argument or an input field, and the text around it.

use apollo_compiler::Schema;
use apollo_compiler::ast::{InputValueDefinition, Type, Value};

use super::map::{Map, Route, Step};
use crate::schemas::literal::literal;
use crate::seeded::Seeded;

/// A value in an operation, with the variables that it takes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    /// Nothing if it is left out.
    pub(crate) text: Option<String>,
    /// Definitions of variables.
    pub(crate) variables: Vec<String>,
}

fn written(text: &str) -> Given {
    Given { text: Some(text.to_owned()), variables: Vec::new() }
}

fn variable(text: &str, definition: String) -> Given {
    Given { text: Some(text.to_owned()), variables: vec![definition] }
}

/// The text of a literal.
pub(crate) fn text(value: &Value) -> String {
    value.serialize().no_indent().to_string()
}

fn some(schema: &Schema, ty: &Type, random: &mut Seeded) -> String {
    text(&literal(schema, &ty.clone().non_null(), random, 1))
}

/// Every way to give a value for this part, or to leave it out, which the only field of a `@oneOf` object cannot be.
pub(crate) fn ways(schema: &Schema, part: &InputValueDefinition, one_of: bool, random: &mut Seeded) -> Vec<Given> {
    let ty = &*part.ty;
    let strict = ty.clone().non_null();
    let mut ways = vec![written(&some(schema, ty, random)), variable("$v", format!("$v: {strict}"))];
    if !part.is_required() && !one_of {
        ways.push(Given::default());
    }
    if !ty.is_non_null() && !one_of {
        ways.push(written("null"));
        ways.push(variable("$v", format!("$v: {ty}")));
    }
    if ty.is_non_null() && part.default_value.is_some() {
        // The default stands in for a variable without a value.
        ways.push(variable("$v", format!("$v: {}", ty.clone().nullable())));
    }
    let with_default = format!("$v: {} = {}", ty.clone().nullable(), some(schema, ty, random));
    ways.extend((!one_of).then(|| variable("$v", with_default)));
    if ty.is_list() {
        let item = ty.item_type();
        ways.push(written("[]"));
        ways.push(written(&some(schema, item, random)));
        ways.push(variable("[$v]", format!("$v: {item}")));
        ways.extend((!item.is_non_null()).then(|| written("[null]")));
        if item.is_list() {
            ways.extend((!item.item_type().is_non_null()).then(|| written("[[null]]")));
        }
    }
    let number = matches!(ty.inner_named_type().as_str(), "Float" | "ID");
    ways.extend(number.then(|| written("7")));
    if let Some(part) = schema.get_enum(ty.inner_named_type()) {
        ways.extend(part.values.keys().map(|value| written(value)));
    }
    ways
}

/// The arguments of a field or directive: all that are required, and the one given.
pub(crate) fn arguments(
    schema: &Schema,
    parts: &[apollo_compiler::Node<InputValueDefinition>],
    one: Option<(&str, &Given)>,
    random: &mut Seeded,
) -> String {
    let mut given = Vec::new();
    for part in parts {
        match one {
            Some((name, way)) if part.name == name => {
                given.extend(way.text.as_ref().map(|text| format!("{name}: {text}")));
            }
            _ if part.is_required() => {
                given.push(format!("{}: {}", part.name, text(&literal(schema, &part.ty, random, 1))));
            }
            _ => {}
        }
    }
    if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
}

/// An object with its required fields and the one given.
pub(crate) fn object(schema: &Schema, input: &str, field: &str, way: &Given, random: &mut Seeded) -> String {
    let Some(object) = schema.get_input_object(input) else { return "{}".to_owned() };
    let mut given: Vec<String> = way.text.iter().map(|text| format!("{field}: {text}")).collect();
    if !object.directives.has("oneOf") {
        for part in object.fields.values().filter(|part| part.name != field && part.is_required()) {
            given.push(format!("{}: {}", part.name, text(&literal(schema, &part.ty, random, 1))));
        }
    }
    format!("{{{}}}", given.join(", "))
}

/// What is selected of a type when nothing of it matters.
pub(crate) fn least(map: &Map<'_>, name: &str, random: &mut Seeded) -> String {
    let schema = map.schema;
    if schema.schema_definition.subscription.as_ref().is_some_and(|root| root.name == *name) {
        // `__typename` is no root field of a subscription.
        let field = super::map::fields(schema, name)[0];
        let given = arguments(schema, &field.arguments, None, random);
        return format!("{}{given}{}", field.name, below(map, &field.ty, random));
    }
    "__typename".to_owned()
}

/// A selection set for a field of this type; none for a leaf.
pub(crate) fn below(map: &Map<'_>, ty: &Type, random: &mut Seeded) -> String {
    let name = ty.inner_named_type();
    if map.possible.contains_key(name) { format!(" {{ {} }}", least(map, name, random)) } else { String::new() }
}

/// A whole operation: what is selected at the end of a route.
pub(crate) fn operation(
    map: &Map<'_>,
    route: &Route,
    selected: &str,
    variables: &[String],
    random: &mut Seeded,
) -> String {
    let mut text = selected.to_owned();
    for step in route.steps.iter().rev() {
        text = match step {
            Step::Field(field) => {
                format!("{}{} {{ {text} }}", field.name, arguments(map.schema, &field.arguments, None, random))
            }
            Step::On(name) => format!("... on {name} {{ {text} }}"),
        };
    }
    let variables = if variables.is_empty() { String::new() } else { format!(" ({})", variables.join(", ")) };
    format!("{}{variables} {{ {text} }}", route.operation.name())
}
