//! What custom scalars accept, told to the document layer, so that no operation with a malformed value begins.

use async_graphql::{ScalarType, Value as EngineValue};
use serde_json::Value;
use tidegate_document::{Limits, ScalarRule};
use tidegate_schema::scalar::{
    CountryCode, CurrencyCode, Cursor, DateTime, Decimal, IdempotencyKey, LanguageCode, Url,
};

/// The document layer's limits, with a rule for each custom scalar of the schema.
pub(crate) fn limits() -> Limits {
    Limits { scalars: RULES.to_vec(), apart: &tidegate_schema::plain::APART, ..Limits::default() }
}

const RULES: [ScalarRule; 8] = [
    ScalarRule { name: "CountryCode", check: |value| check::<CountryCode>(value, "a country, such as \"GB\"") },
    ScalarRule { name: "CurrencyCode", check: |value| check::<CurrencyCode>(value, "a currency, such as \"GBP\"") },
    ScalarRule { name: "Cursor", check: |value| check::<Cursor>(value, "a cursor from pageInfo or an edge") },
    ScalarRule { name: "DateTime", check: |value| check::<DateTime>(value, "an RFC 3339 date and time") },
    ScalarRule {
        name: "Decimal",
        check: |value| check::<Decimal>(value, "a decimal number as text, such as \"12.50\""),
    },
    ScalarRule { name: "IdempotencyKey", check: |value| check::<IdempotencyKey>(value, "a UUID") },
    ScalarRule { name: "LanguageCode", check: |value| check::<LanguageCode>(value, "a language, such as \"en\"") },
    ScalarRule { name: "URL", check: |value| check::<Url>(value, "an absolute address") },
];

fn check<T: ScalarType>(value: &Value, expected: &'static str) -> Result<(), &'static str> {
    let value = EngineValue::from_json(value.clone()).map_err(|_| expected)?;
    T::parse(value).map(|_| ()).map_err(|_| expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_custom_scalar_of_the_schema_has_a_rule() {
        let sdl = tidegate_schema::sdl();
        let declared = sdl
            .lines()
            .filter_map(|line| line.strip_prefix("scalar "))
            .filter_map(|rest| rest.split_whitespace().next());
        let mut declared: Vec<_> = declared.collect();
        declared.sort_unstable();

        assert_eq!(declared, RULES.map(|rule| rule.name));
    }

    #[test]
    fn rules_refuse_what_the_scalar_does() {
        let rule =
            |name: &str, value: Value| RULES.iter().find(|rule| rule.name == name).map(|rule| (rule.check)(&value));

        assert_eq!(rule("CountryCode", "GB".into()), Some(Ok(())));
        assert_eq!(rule("CountryCode", "gb' OR 1=1".into()), Some(Err("a country, such as \"GB\"")));
        assert_eq!(rule("IdempotencyKey", 1.into()), Some(Err("a UUID")));
    }
}
