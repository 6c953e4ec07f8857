//! The parameters of a GraphQL request (GraphQL over HTTP, "Request Parameters").

use serde_json::{Map, Value};

use super::json::{self, JsonError};
use super::refused::{Refused, code};

/// What a body asks for.
#[derive(Debug, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) query: String,
    pub(crate) variables: Map<String, Value>,
    pub(crate) operation_name: Option<String>,
}

/// Reads the parameters from a body. Members of other names are ignored, as the specification asks.
pub(crate) fn read(body: &[u8]) -> Result<Parameters, Refused> {
    let mut members = match json::parse(body).map_err(not_json)? {
        Value::Object(members) => members,
        Value::Array(_) => {
            let message = "A request is one operation; send several in several requests.";
            return Err(Refused::bad_request(code::BATCHING_DISABLED, message));
        }
        _ => return Err(wrong("The body must be a JSON object.")),
    };
    let extensions = optional(members.remove("extensions"), "`extensions` must be an object.", into_object)?;
    let variables = optional(members.remove("variables"), "`variables` must be an object.", into_object)?;
    let operation_name = optional(members.remove("operationName"), "`operationName` must be a text.", into_text)?;
    let query = optional(members.remove("query"), "`query` must be a text.", into_text)?;
    let Some(query) = query else {
        if extensions.is_some_and(|extensions| extensions.contains_key("persistedQuery")) {
            // The message is what clients of persisted queries look for.
            return Err(Refused::bad_request(code::PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported"));
        }
        return Err(wrong("`query` is missing."));
    };
    let operation_name = operation_name.filter(|name| !name.is_empty());
    Ok(Parameters { query, variables: variables.unwrap_or_default(), operation_name })
}

fn optional<T>(value: Option<Value>, message: &str, read: fn(Value) -> Option<T>) -> Result<Option<T>, Refused> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => read(value).map(Some).ok_or_else(|| wrong(message)),
    }
}

fn into_object(value: Value) -> Option<Map<String, Value>> {
    if let Value::Object(members) = value { Some(members) } else { None }
}

fn into_text(value: Value) -> Option<String> {
    if let Value::String(text) = value { Some(text) } else { None }
}

fn wrong(message: &str) -> Refused {
    Refused::bad_request(code::BAD_REQUEST, message)
}

fn not_json(error: JsonError) -> Refused {
    match error {
        JsonError::Syntax(line, column) => {
            let message = format!("The body is not JSON (line {line}, column {column}).");
            Refused::bad_request(code::INVALID_JSON, &message)
        }
        JsonError::TooDeep => Refused::bad_request(code::INVALID_JSON, "The body is nested too deep."),
        JsonError::DuplicateKey => {
            Refused::bad_request(code::INVALID_JSON, "An object in the body names a member twice.")
        }
        JsonError::Nul => Refused::bad_request(code::BAD_USER_INPUT, "A text in the body holds a NUL character."),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(body: &str) -> (&'static str, u16) {
        let refused = read(body.as_bytes()).unwrap_err();
        (refused.code, refused.status.as_u16())
    }

    #[test]
    fn the_parameters_are_read_and_other_members_ignored() {
        let body = json!({ "query": "{a}", "variables": { "b": 1 }, "operationName": "c", "extensions": {}, "d": 2 });

        let read = read(body.to_string().as_bytes()).unwrap();

        assert_eq!((read.query.as_str(), read.operation_name.as_deref()), ("{a}", Some("c")));
        assert_eq!(Value::Object(read.variables), json!({ "b": 1 }));
    }

    #[test]
    fn null_is_absent() {
        let read = read(br#"{"query":"{a}","variables":null,"operationName":null,"extensions":null}"#).unwrap();

        assert_eq!((read.variables.len(), read.operation_name), (0, None));
    }

    #[test]
    fn other_types_are_refused() {
        for body in [
            "1",
            "\"{a}\"",
            "null",
            "{}",
            r#"{"query":null}"#,
            r#"{"query":1}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","operationName":1}"#,
            r#"{"query":"{a}","extensions":[]}"#,
        ] {
            assert_eq!(refused(body), ("BAD_REQUEST", 400), "{body}");
        }
    }

    #[test]
    fn a_batch_is_refused_by_name() {
        assert_eq!(refused("[]"), ("BATCHING_DISABLED", 400));
        assert_eq!(refused(r#"[{"query":"{a}"},{"query":"{a}"}]"#), ("BATCHING_DISABLED", 400));
    }

    #[test]
    fn ambiguous_json_is_refused_by_name() {
        assert_eq!(refused("{"), ("INVALID_JSON", 400));
        assert_eq!(refused(r#"{"query":"{a}","query":"{b}"}"#), ("INVALID_JSON", 400));
        assert_eq!(refused(r#"{"query":"{a}","variables":{"x":"\u0000"}}"#), ("BAD_USER_INPUT", 400));
        let persisted = r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}"#;
        assert_eq!(refused(persisted), ("PERSISTED_QUERY_NOT_SUPPORTED", 400));
    }
}
