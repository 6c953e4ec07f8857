//! Coerces the values of variables to the types that the operation declares, before anything runs.

use apollo_compiler::Node;
use apollo_compiler::ast::{Type, VariableDefinition};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use async_graphql::Variables;
use async_graphql::indexmap::IndexMap;
use async_graphql_value::{ConstValue, Name, Number};
use serde_json::{Map, Value};

use crate::contract::Contract;
use crate::refusal::{Refusal, code};

/// Whole numbers beyond this are not exact as a float, so a client that sends one is mistaken.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// What was expected, and where, innermost segment first.
struct Mismatch {
    expected: String,
    path: Vec<String>,
}

impl Mismatch {
    fn new(expected: impl Into<String>) -> Self {
        Self { expected: expected.into(), path: Vec::new() }
    }

    fn inside(mut self, segment: impl Into<String>) -> Self {
        self.path.push(segment.into());
        self
    }
}

/// One variable of an operation, its default already coerced.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: Name,
    pub(crate) definition: Node<VariableDefinition>,
    pub(crate) default: Option<ConstValue>,
}

/// `CoerceVariableValues` of the specification. A nullable variable without value or default stays absent;
/// values of variables that the operation does not declare are ignored.
pub(crate) fn coerce_variables(
    contract: &Contract,
    variables: &[Variable],
    mut values: Map<String, Value>,
) -> Result<Variables, Vec<Refusal>> {
    let mut coerced = Variables::default();
    let mut refusals = Vec::new();
    for variable in variables {
        let ty = &variable.definition.ty;
        let outcome = match (values.remove(variable.name.as_str()), &variable.default) {
            (Some(value), _) => coerce(contract, ty, value, 0).map(Some),
            (None, Some(default)) => Ok(Some(default.clone())),
            (None, None) if ty.is_non_null() => Err(Mismatch::new("a value")),
            (None, None) => Ok(None),
        };
        match outcome {
            Ok(Some(value)) => {
                coerced.insert(variable.name.clone(), value);
            }
            Ok(None) => {}
            Err(mismatch) => refusals.push(refuse(&variable.name, mismatch)),
        }
    }
    refusals.truncate(contract.limits.errors);
    if refusals.is_empty() {
        return Ok(coerced);
    }
    Err(refusals)
}

fn refuse(variable: &str, mismatch: Mismatch) -> Refusal {
    let Mismatch { expected, path } = mismatch;
    let segments = std::iter::once(variable).chain(path.iter().rev().map(String::as_str));
    let path = segments.collect::<Vec<_>>().join(".");
    let message = format!("Variable \"${variable}\": expected {expected} at \"{path}\".");
    Refusal::new(code::BAD_USER_INPUT, message).in_input(path)
}

fn coerce(contract: &Contract, ty: &Type, value: Value, depth: usize) -> Result<ConstValue, Mismatch> {
    if depth > contract.limits.input_depth {
        return Err(Mismatch::new("a value nested less deep"));
    }
    if value.is_null() {
        return if ty.is_non_null() { Err(Mismatch::new("a value, not null")) } else { Ok(ConstValue::Null) };
    }
    match ty {
        Type::List(item) | Type::NonNullList(item) => {
            let items = match value {
                Value::Array(items) => items,
                single => {
                    return Ok(ConstValue::List(vec![coerce(contract, item, single, depth + 1)?]));
                }
            };
            if items.len() > contract.limits.list_items {
                let expected = format!("at most {} items", contract.limits.list_items);
                return Err(Mismatch::new(expected));
            }
            let each = items.into_iter().enumerate().map(|(index, entry)| {
                coerce(contract, item, entry, depth + 1).map_err(|mismatch| mismatch.inside(index.to_string()))
            });
            Ok(ConstValue::List(each.collect::<Result<_, _>>()?))
        }
        Type::Named(name) | Type::NonNullNamed(name) => match contract.named(name) {
            Some(ExtendedType::InputObject(definition)) => object(contract, definition, value, depth),
            Some(ExtendedType::Enum(definition)) => match value {
                Value::String(symbol) if definition.values.contains_key(symbol.as_str()) => {
                    Ok(ConstValue::Enum(Name::new(symbol)))
                }
                _ => Err(Mismatch::new(format!("a value of the enum {name}"))),
            },
            _ => scalar(contract, name, value),
        },
    }
}

fn object(
    contract: &Contract,
    definition: &InputObjectType,
    value: Value,
    depth: usize,
) -> Result<ConstValue, Mismatch> {
    let Value::Object(fields) = value else {
        return Err(Mismatch::new("an object"));
    };
    if definition.directives.has("oneOf") && (fields.len() != 1 || fields.values().any(Value::is_null)) {
        return Err(Mismatch::new("exactly one field, not null"));
    }
    let mut coerced = IndexMap::with_capacity(fields.len());
    for (name, entry) in fields {
        let Some(place) = definition.fields.get(name.as_str()) else {
            return Err(Mismatch::new("no such field").inside(shorten(&name)));
        };
        let entry = coerce(contract, &place.ty, entry, depth + 1).map_err(|mismatch| mismatch.inside(name.as_str()))?;
        coerced.insert(Name::new(name), entry);
    }
    for (name, place) in &definition.fields {
        if place.is_required() && !coerced.contains_key(name.as_str()) {
            return Err(Mismatch::new("a value").inside(name.as_str()));
        }
    }
    Ok(ConstValue::Object(coerced))
}

fn scalar(contract: &Contract, name: &str, value: Value) -> Result<ConstValue, Mismatch> {
    if has_nul(&value) {
        return Err(Mismatch::new("text without NUL"));
    }
    let (accepted, expected) = match name {
        "Int" => (integer(&value), "a 32-bit integer"),
        "Float" => (float(&value), "a number"),
        "Boolean" => (value.as_bool().map(ConstValue::Boolean), "true or false"),
        "String" => (string(value), "a string"),
        "ID" => (id(value), "an id"),
        _ => {
            if let Some(rule) = contract.scalar_rule(name) {
                (rule.check)(&value).map_err(Mismatch::new)?;
            }
            (ConstValue::from_json(value).ok(), "a JSON value")
        }
    };
    accepted.ok_or_else(|| Mismatch::new(expected))
}

fn integer(value: &Value) -> Option<ConstValue> {
    let number = value.as_i64().and_then(|number| i32::try_from(number).ok())?;
    Some(ConstValue::Number(number.into()))
}

fn float(value: &Value) -> Option<ConstValue> {
    let Value::Number(number) = value else {
        return None;
    };
    let float = number.as_f64()?;
    let exact = number.is_f64() || float.abs() <= MAX_SAFE_INTEGER;
    exact.then(|| Number::from_f64(float).map(ConstValue::Number))?
}

fn string(value: Value) -> Option<ConstValue> {
    match value {
        Value::String(text) => Some(ConstValue::String(text)),
        _ => None,
    }
}

fn id(value: Value) -> Option<ConstValue> {
    match value {
        Value::String(text) => Some(ConstValue::String(text)),
        Value::Number(number) if !number.is_f64() => Some(ConstValue::String(number.to_string())),
        _ => None,
    }
}

/// PostgreSQL's text holds no NUL, so none gets past this point. JSON itself nests at most 128 deep.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, item)| key.contains('\0') || has_nul(item)),
        _ => false,
    }
}

fn shorten(name: &str) -> String {
    name.chars().take(64).collect()
}
