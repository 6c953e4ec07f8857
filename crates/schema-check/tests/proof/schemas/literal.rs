//! Literals of input types: to be made, and to be judged.

use apollo_compiler::ast::{FloatValue, InputValueDefinition, IntValue, Type, Value};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{Name, Node, Schema};

use crate::seeded::Seeded;

/// How deep optional parts of a literal nest.
const DEPTH: usize = 3;

/// Some literal of a type.
pub(crate) fn literal(schema: &Schema, ty: &Type, random: &mut Seeded, depth: usize) -> Value {
    if !ty.is_non_null() && (depth > DEPTH || random.chance(8)) {
        return Value::Null;
    }
    if ty.is_list() {
        let count = if depth > DEPTH { 0 } else { random.below(3) };
        let items = (0..count).map(|_| Node::new(literal(schema, ty.item_type(), random, depth + 1)));
        return Value::List(items.collect());
    }
    let name = ty.inner_named_type();
    match schema.types.get(name) {
        Some(ExtendedType::Enum(part)) => {
            let values: Vec<&Name> = part.values.keys().collect();
            random.pick(&values).map_or(Value::Null, |value| Value::Enum((*value).clone()))
        }
        Some(ExtendedType::InputObject(part)) => Value::Object(object(schema, part, random, depth)),
        _ => scalar(name, random),
    }
}

fn scalar(name: &str, random: &mut Seeded) -> Value {
    let number = i32::try_from(random.below(4)).unwrap();
    match name {
        "Int" => Value::Int(IntValue::from(number)),
        "Float" | "ID" if random.chance(30) => Value::Int(IntValue::from(number)),
        "Float" => Value::Float(FloatValue::from(f64::from(number) + 0.5)),
        "Boolean" => Value::Boolean(random.chance(50)),
        _ => Value::String((*random.pick(&["a", "b", "two words", "\"quoted\" \\ and\nbroken"]).unwrap()).to_owned()),
    }
}

fn object(schema: &Schema, part: &InputObjectType, random: &mut Seeded, depth: usize) -> Vec<(Name, Node<Value>)> {
    let fields: Vec<&InputValueDefinition> = part.fields.values().map(|field| &***field).collect();
    let mut given = Vec::new();
    if part.directives.has("oneOf") {
        // A nullable field whose type needs no other object ends the recursion.
        let simple: Vec<&&InputValueDefinition> =
            fields.iter().filter(|field| schema.get_input_object(field.ty.inner_named_type()).is_none()).collect();
        let chosen = if simple.is_empty() { random.pick(&fields) } else { random.pick(&simple).copied() };
        given.extend(chosen.map(|field| (*field, (*field.ty).clone().non_null())));
    } else {
        let wanted = fields.into_iter().filter(|field| field.is_required() || depth < DEPTH && random.chance(35));
        given.extend(wanted.collect::<Vec<_>>().into_iter().map(|field| (field, (*field.ty).clone())));
    }
    let mut values = Vec::new();
    for (field, ty) in given {
        values.push((field.name.clone(), Node::new(literal(schema, &ty, random, depth + 1))));
    }
    values
}

/// Whether a literal is valid for a type.
pub(crate) fn fits(schema: &Schema, ty: &Type, value: &Value) -> bool {
    if value.is_null() {
        return !ty.is_non_null();
    }
    if ty.is_list() {
        return match value {
            Value::List(items) => items.iter().all(|item| fits(schema, ty.item_type(), item)),
            single => fits(schema, ty.item_type(), single),
        };
    }
    let name = ty.inner_named_type();
    match (schema.types.get(name), value) {
        (Some(ExtendedType::Enum(part)), Value::Enum(given)) => part.values.contains_key(given),
        (Some(ExtendedType::InputObject(part)), Value::Object(given)) => object_fits(schema, part, given),
        (Some(ExtendedType::Scalar(part)), _) => match part.name.as_str() {
            "Int" => matches!(value, Value::Int(_)),
            "Float" => matches!(value, Value::Int(_) | Value::Float(_)),
            "Boolean" => matches!(value, Value::Boolean(_)),
            "ID" => matches!(value, Value::Int(_) | Value::String(_)),
            "String" => matches!(value, Value::String(_)),
            _ => true,
        },
        _ => false,
    }
}

fn object_fits(schema: &Schema, part: &InputObjectType, given: &[(Name, Node<Value>)]) -> bool {
    let known =
        given.iter().all(|(name, value)| part.fields.get(name).is_some_and(|field| fits(schema, &field.ty, value)));
    let complete =
        part.fields.values().all(|field| !field.is_required() || given.iter().any(|(name, _)| *name == field.name));
    let one = !part.directives.has("oneOf") || given.len() == 1 && !given[0].1.is_null();
    known && complete && one
}
