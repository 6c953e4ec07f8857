//! Defaults of arguments and input fields, compared by what they mean.

use std::collections::BTreeMap;

use apollo_compiler::Node;
use apollo_compiler::Schema;
use apollo_compiler::ast::{InputValueDefinition, Type, Value};
use apollo_compiler::schema::ExtendedType;

use crate::diff::report::Report;
use crate::diff::spot::Spot;
use crate::kind::ChangeKind;
use crate::severity::Ground;

/// How many values a default is followed into; beyond, and in circles of defaults, it is compared as written.
const MOST_VALUES: usize = 10_000;

/// How deep a default is followed.
const DEEPEST: usize = 64;

/// Compares the defaults of an argument or input field that is in both schemas. `required` is what it comes to when the
/// default goes and the part must be given.
pub(super) fn compare(
    report: &mut Report<'_>,
    kind: ChangeKind,
    required: Ground,
    spot: impl FnOnce() -> Spot,
    old: &InputValueDefinition,
    new: &InputValueDefinition,
) {
    let (base, head) = (report.base, report.head);
    let (before, after) = (old.default_value.as_ref(), new.default_value.as_ref());
    let what = match (before, after) {
        (None, None) => return,
        (Some(before), Some(after)) if same(base.schema(), &old.ty, before, head.schema(), &new.ty, after) => return,
        (None, Some(after)) => format!("has the default `{after}` now"),
        (Some(before), None) => format!("no longer has the default `{before}`"),
        (Some(before), Some(after)) => format!("has the default `{after}` instead of `{before}`"),
    };
    let ground = if after.is_none() && new.ty.is_non_null() { required } else { Ground::Plain };
    let spot = spot();
    let message = format!("{} {what}", spot.quoted());
    let places =
        (before.and_then(|value| base.place(value.location())), after.and_then(|value| head.place(value.location())));
    report.add(kind, ground, spot, message, places);
}

fn same(base: &Schema, old: &Type, before: &Node<Value>, head: &Schema, new: &Type, after: &Node<Value>) -> bool {
    let before_means = meaning(base, old, before, 0, &mut MOST_VALUES.clone());
    let after_means = meaning(head, new, after, 0, &mut MOST_VALUES.clone());
    match (before_means, after_means) {
        (Some(before), Some(after)) => before == after,
        _ => before == after,
    }
}

/// A value after coercion to its type.
#[derive(Debug, PartialEq)]
enum Meaning {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    List(Vec<Meaning>),
    Object(BTreeMap<String, Meaning>),
}

/// What a literal means for a type (specification, "Input Coercion"): a single value is a list of one, the left out
/// fields of an input object have their defaults. Nothing if it does not fit the type or goes too far.
fn meaning(schema: &Schema, ty: &Type, value: &Value, depth: usize, left: &mut usize) -> Option<Meaning> {
    *left = left.checked_sub(1)?;
    if depth > DEEPEST {
        return None;
    }
    let name = match (ty, value) {
        (Type::NonNullNamed(_) | Type::NonNullList(_), Value::Null) => return None,
        (_, Value::Null) => return Some(Meaning::Null),
        (Type::List(item) | Type::NonNullList(item), Value::List(values)) => {
            let items = values.iter().map(|value| meaning(schema, item, value, depth + 1, left));
            return Some(Meaning::List(items.collect::<Option<_>>()?));
        }
        (Type::List(item) | Type::NonNullList(item), single) => {
            return Some(Meaning::List(vec![meaning(schema, item, single, depth + 1, left)?]));
        }
        (Type::Named(name) | Type::NonNullNamed(name), _) => name,
    };
    match (schema.types.get(name), value) {
        (Some(ExtendedType::InputObject(input)), Value::Object(given)) => {
            let given: BTreeMap<&str, &Node<Value>> =
                given.iter().map(|(name, value)| (name.as_str(), value)).collect();
            let mut fields = BTreeMap::new();
            for (name, field) in &input.fields {
                if let Some(value) = given.get(name.as_str()).copied().or(field.default_value.as_ref()) {
                    fields.insert(name.to_string(), meaning(schema, &field.ty, value, depth + 1, left)?);
                }
            }
            Some(Meaning::Object(fields))
        }
        (Some(ExtendedType::InputObject(_)), _) => None,
        (_, Value::Int(number)) if name == "ID" => Some(Meaning::Text(number.to_string())),
        _ => untyped(value, depth, left),
    }
}

/// What a literal means on its own, as for a scalar whose rules are the server's.
fn untyped(value: &Value, depth: usize, left: &mut usize) -> Option<Meaning> {
    *left = left.checked_sub(1)?;
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Null => Some(Meaning::Null),
        Value::Boolean(value) => Some(Meaning::Boolean(*value)),
        // Beyond fifteen digits two numbers may be one as a float.
        Value::Int(number) if number.as_str().len() > 15 => Some(Meaning::Text(number.to_string())),
        Value::Int(number) => number.as_str().parse().ok().map(Meaning::Number),
        Value::Float(number) => number.as_str().parse().ok().map(Meaning::Number),
        Value::String(text) => Some(Meaning::Text(text.clone())),
        Value::Enum(name) => Some(Meaning::Text(name.to_string())),
        Value::Variable(_) => None,
        Value::List(values) => {
            let items = values.iter().map(|value| untyped(value, depth + 1, left));
            Some(Meaning::List(items.collect::<Option<_>>()?))
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| Some((name.to_string(), untyped(value, depth + 1, left)?)));
            Some(Meaning::Object(fields.collect::<Option<_>>()?))
        }
    }
}
