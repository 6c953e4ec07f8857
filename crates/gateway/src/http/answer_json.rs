//! Values of the engine as JSON, with what is JSON already taken over as it is ([`tidegate_schema::plain`]).

use async_graphql::Value;

/// Appends a value.
pub(crate) fn write(value: &Value, to: &mut Vec<u8>) -> serde_json::Result<()> {
    match value {
        Value::Null => to.extend_from_slice(b"null"),
        Value::Boolean(flag) => to.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Number(number) => serde_json::to_writer(to, number)?,
        Value::String(text) => serde_json::to_writer(to, text)?,
        Value::Enum(name) => serde_json::to_writer(to, name.as_str())?,
        Value::Binary(json) => to.extend_from_slice(json),
        Value::List(items) => {
            to.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    to.push(b',');
                }
                write(item, to)?;
            }
            to.push(b']');
        }
        Value::Object(members) => {
            to.push(b'{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    to.push(b',');
                }
                serde_json::to_writer(&mut *to, name.as_str())?;
                to.push(b':');
                write(member, to)?;
            }
            to.push(b'}');
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use async_graphql::{Name, value};

    fn written(value: &Value) -> String {
        let mut to = Vec::new();
        write(value, &mut to).unwrap();
        String::from_utf8(to).unwrap()
    }

    #[test]
    fn values_are_written_as_the_engine_writes_them() {
        let everything =
            value!({ "a": [null, true, false, -1, 1.5, "\"\u{1}\u{e9}"], "b": {}, "c": [], "d": { "e": [[1], {}] } });

        assert_eq!(written(&everything), serde_json::to_string(&everything).unwrap());
        assert_eq!(written(&Value::Enum(Name::new("OPEN"))), "\"OPEN\"");
    }

    #[test]
    fn json_is_taken_over_as_it_is() {
        let value = Value::List(vec![Value::Binary(r#"{"a":1}"#.into()), Value::Null]);

        assert_eq!(written(&value), r#"[{"a":1},null]"#);
    }
}
