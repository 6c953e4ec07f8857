//! The `Idempotency-Key` header.

use async_graphql::parser::types::Selection;
use async_graphql::{Value, Variables};
use axum::http::{HeaderMap, HeaderName};
use tidegate_document::{Bound, Kind};
use uuid::Uuid;

use super::refused::{Refused, code};

static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header's key, if there is one. Only the hyphenated form is read, so that one key has one text.
pub(crate) fn header(headers: &HeaderMap) -> Result<Option<Uuid>, Refused> {
    let mut given = headers.get_all(&IDEMPOTENCY_KEY).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| text.len() == 36);
    let key = text.and_then(|text| Uuid::try_parse(text).ok()).filter(|key| !key.is_nil());
    match (key, given.next()) {
        (Some(key), None) => Ok(Some(key)),
        _ => Err(refuse("Idempotency-Key must be one UUID.")),
    }
}

/// Refuses a header that more than one mutation field would have to share, or that contradicts the field's own key.
pub(crate) fn check(key: Uuid, bound: &Bound) -> Result<(), Refused> {
    if bound.kind != Kind::Mutation {
        return Ok(());
    }
    if bound.root_fields.iter().filter(|name| *name != "__typename").count() > 1 {
        let message = "Idempotency-Key is for one mutation; give each field its own idempotencyKey.";
        return Err(refuse(message));
    }
    for selection in &bound.operation.selection_set.node.items {
        let Selection::Field(field) = &selection.node else { continue };
        let given = field.node.get_argument("idempotencyKey").and_then(|value| text(&value.node, &bound.variables));
        if given.is_some_and(|given| Uuid::try_parse(&given).ok() != Some(key)) {
            return Err(refuse("idempotencyKey and the Idempotency-Key header differ."));
        }
    }
    Ok(())
}

fn text(value: &async_graphql_value::Value, variables: &Variables) -> Option<String> {
    match value {
        async_graphql_value::Value::String(text) => Some(text.clone()),
        async_graphql_value::Value::Variable(name) => match variables.get(name)? {
            Value::String(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn refuse(message: &str) -> Refused {
    Refused::bad_request(code::BAD_USER_INPUT, message)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use serde_json::json;
    use tidegate_document::{Documents, Limits};

    const KEY: &str = "0198c7a0-1b2c-7d3e-8f40-512233445566";
    const SDL: &str = "type Query { a: Int } type Mutation { a(idempotencyKey: ID): Int b(idempotencyKey: ID): Int }";

    fn bound(text: &str, variables: &serde_json::Value) -> Bound {
        let documents = Documents::new(SDL, Limits::default(), 0).unwrap();
        documents.prepare(text).unwrap().bind(None, variables.as_object().unwrap().clone()).unwrap()
    }

    #[test]
    fn only_one_hyphenated_uuid_is_a_key() {
        let read = |values: &[&str]| {
            header(&values.iter().map(|value| (IDEMPOTENCY_KEY.clone(), value.parse().unwrap())).collect())
        };

        assert_eq!(read(&[]).unwrap(), None);
        assert_eq!(read(&[KEY]).unwrap(), Some(KEY.parse().unwrap()));
        let nil = "00000000-0000-0000-0000-000000000000";
        for other in [&[""][..], &["1"], &[&KEY.replace('-', "")], &[KEY, KEY], &[nil], &["urn:uuid:0198c7a0"]] {
            assert_eq!(read(other).unwrap_err().code, "BAD_USER_INPUT", "{other:?}");
        }
    }

    #[test]
    fn a_header_belongs_to_one_mutation_field() {
        let key = KEY.parse().unwrap();
        let none = json!({});

        assert!(check(key, &bound("{ a }", &none)).is_ok());
        assert!(check(key, &bound("mutation { __typename a }", &none)).is_ok());
        assert!(check(key, &bound("mutation { a ...F } fragment F on Mutation { a }", &none)).is_ok());
        assert!(check(key, &bound("mutation { a b }", &none)).is_err());
        assert!(check(key, &bound("mutation { a c: a }", &none)).is_err());
    }

    #[test]
    fn a_header_must_agree_with_the_argument() {
        let key = KEY.parse().unwrap();
        let literal = |text: &str| bound(&format!("mutation {{ a(idempotencyKey: \"{text}\") }}"), &json!({}));
        let variable = |text: &str| bound("mutation($k: ID) { a(idempotencyKey: $k) }", &json!({ "k": text }));
        let other = KEY.replace('6', "7");

        assert!(check(key, &literal(KEY)).is_ok());
        assert!(check(key, &variable(KEY)).is_ok());
        assert!(check(key, &literal(&other)).is_err());
        assert!(check(key, &variable(&other)).is_err());
    }
}
