//! JSON that means one thing: duplicate keys, NUL in texts, lone surrogates and invalid UTF-8 are refused.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why bytes are not a JSON value that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// Not JSON, by line and column.
    Syntax(usize, usize),
    /// More than 128 levels of lists and objects.
    TooDeep,
    /// An object names a member twice; a proxy may have read the other one.
    DuplicateKey,
    /// A text holds a NUL, which the database cannot hold.
    Nul,
}

const DUPLICATE: &str = "duplicate key";
const NUL: &str = "NUL";

/// Reads one JSON value.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let text = error.to_string();
        if text.starts_with(DUPLICATE) {
            JsonError::DuplicateKey
        } else if text.starts_with(NUL) {
            JsonError::Nul
        } else if text.starts_with("recursion limit") {
            JsonError::TooDeep
        } else {
            JsonError::Syntax(error.line(), error.column())
        }
    })
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        if text.contains('\0') { Err(E::custom(NUL)) } else { Ok(Value::String(text)) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if key.contains('\0') {
                return Err(A::Error::custom(NUL));
            }
            let value = members.next_value_seed(Self)?;
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_json_is_read_as_serde_reads_it() {
        let text = r#" {"a":[1,-2,1.5,1e3,true,null,"x\u00e9\ud83d\ude00"],"b":{"c":18446744073709551615}} "#;

        assert_eq!(parse(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        assert_eq!(parse(br#"{"id":1,"id":2}"#), Err(JsonError::DuplicateKey));
        assert_eq!(parse(br#"{"a":{"id":1,"b":0,"\u0069d":2}}"#), Err(JsonError::DuplicateKey));
        assert_eq!(parse(br#"{"a":["x\u0000"]}"#), Err(JsonError::Nul));
        assert_eq!(parse(br#"{"a\u0000":1}"#), Err(JsonError::Nul));
    }

    #[test]
    fn what_is_not_json_is_refused_by_its_place() {
        for text in [
            &b""[..],
            b"{",
            b"nil",
            b"{} {}",
            b"[1,]",
            b"{\"a\":1e400}",
            b"\"\\ud800\"",
            b"\"\\udc00\"",
            b"\"\\ud800\\u0041\"",
            b"\"\xff\"",
            b"\"\xc0\xaf\"",
            b"\"\x00\"",
            b"\"\n\"",
            b"\xef\xbb\xbf{}",
            b"NaN",
        ] {
            assert!(matches!(parse(text), Err(JsonError::Syntax(..))), "{:?}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));

        assert!(parse(nested(127).as_bytes()).is_ok());
        assert_eq!(parse(nested(10_000).as_bytes()), Err(JsonError::TooDeep));
        let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        assert_eq!(parse(objects.as_bytes()), Err(JsonError::TooDeep));
        assert_eq!(parse(b"{\"a\":[1]}").unwrap(), json!({ "a": [1] }));
    }
}
