//! Digests that tell requests apart: of an idempotency key in its scope, and of an input.

use aws_lc_rs::digest::{Context, SHA256};
use serde_json::{Number, Value};
use uuid::Uuid;

const IDEMPOTENCY_LABEL: &str = "tidegate/idempotency/v1";
const INPUT_LABEL: &str = "tidegate/input/v1";

/// The hash under which an idempotency key is stored. `scope` says whose key it is, so that one
/// client's key never meets another's.
#[must_use]
pub fn idempotency_hash(scope: &str, key: Uuid) -> [u8; 32] {
    sha256(&[IDEMPOTENCY_LABEL.as_bytes(), scope.as_bytes(), key.as_bytes()])
}

/// The hash of an operation's input. Inputs that mean the same have the same hash: the order of
/// object keys and the way a number is written do not matter.
#[must_use]
pub fn input_hash(operation: &str, input: &Value) -> [u8; 32] {
    let mut json = String::new();
    write_canonical(input, &mut json);
    sha256(&[INPUT_LABEL.as_bytes(), operation.as_bytes(), json.as_bytes()])
}

/// SHA-256 of the parts, each after its length.
fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Appends the one text of a value: no spaces, keys in byte order, numbers normalised.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            // Sorted here, since a dependency may make serde_json keep the order of insertion.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (at, (key, member)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_scalar(&Value::from(key.as_str()), out);
                out.push(':');
                write_canonical(member, out);
            }
            out.push('}');
        }
        Value::Number(number) => write_number(number, out),
        scalar => write_scalar(scalar, out),
    }
}

/// JSON has one text for each null, boolean and string, as serde_json escapes deterministically.
fn write_scalar(value: &Value, out: &mut String) {
    out.push_str(&value.to_string());
}

/// A whole number is written as one however it came (`1`, `1.0` and `1e0` are equal), as long as
/// it is exact in a double.
fn write_number(number: &Number, out: &mut String) {
    /// 2^53: up to here every whole number is a double.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT => {
            // Adding zero turns -0 into 0.
            out.push_str(&(float + 0.0).to_string());
        }
        _ => out.push_str(&number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn canonical(value: &Value) -> String {
        let mut text = String::new();
        write_canonical(value, &mut text);
        text
    }

    #[test]
    fn the_canonical_text_sorts_keys_and_normalises_numbers() {
        let value = json!({
            "b": [1.0, -0.0, 1e0, 2.5, -3, u64::MAX, 1e300, null, true],
            "a": {"z": "\u{e9}\n\"", "": {}, "\u{e9}": []},
        });

        assert_eq!(
            canonical(&value),
            r#"{"a":{"":{},"z":"é\n\"","é":[]},"b":[1,0,1,2.5,-3,18446744073709551615,1e+300,null,true]}"#
        );
    }

    #[test]
    fn equal_inputs_have_equal_hashes() {
        let parse = |text| serde_json::from_str::<Value>(text).ok();
        let one = parse(r#"{"quantity": 2, "variant": "v"}"#);
        let two = parse(r#"{"variant":"v","quantity":2.0}"#);

        assert!(one.is_some());
        assert_eq!(
            one.map(|value| input_hash("cartLinesAdd", &value)),
            two.map(|value| input_hash("cartLinesAdd", &value))
        );
    }

    #[test]
    fn different_inputs_have_different_hashes() {
        let base = json!({"a": [1, 2]});
        let others = [
            json!({"a": [2, 1]}),
            json!({"a": "[1,2]"}),
            json!({"a": [1, 2], "b": null}),
            json!({"a": [1, 2.5]}),
            json!([{"a": [1, 2]}]),
            json!(null),
        ];

        for other in others {
            assert_ne!(input_hash("op", &base), input_hash("op", &other), "{other}");
        }
        assert_ne!(input_hash("op", &base), input_hash("po", &base));
    }

    #[test]
    fn an_idempotency_key_belongs_to_its_scope() {
        let key = Uuid::from_u128(1);

        assert_eq!(idempotency_hash("s", key), idempotency_hash("s", key));
        assert_ne!(idempotency_hash("s", key), idempotency_hash("t", key));
        assert_ne!(idempotency_hash("s", key), idempotency_hash("s", Uuid::from_u128(2)));
    }

    proptest! {
        #[test]
        fn whole_numbers_hash_alike_as_integers_and_as_floats(number in -1_000_000_i32..1_000_000) {
            prop_assert_eq!(
                canonical(&json!(number)),
                canonical(&json!(f64::from(number)))
            );
        }

        #[test]
        fn strings_survive(text in ".{0,40}") {
            let read: Result<String, _> = serde_json::from_str(&canonical(&json!(text)));
            prop_assert_eq!(read.ok(), Some(text));
        }
    }
}
