//! Scalars. Each names its specification.

use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

fn text<T: InputType>(value: Value) -> Result<String, InputValueError<T>> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(InputValueError::expected_type(other)),
    }
}

/// An instant in UTC: `2026-11-23T14:30:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub OffsetDateTime);

/// An instant in UTC: `2026-11-23T14:30:00Z`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        OffsetDateTime::parse(&text, &Rfc3339)
            .map(Self)
            .map_err(|_| InputValueError::custom("expected an RFC 3339 date and time"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.text())
    }
}

impl DateTime {
    /// Whole microseconds, as the database keeps them. No instant of ours is beyond the year 9999, where RFC 3339 ends.
    pub(crate) fn text(self) -> String {
        let microseconds = self.0.microsecond();
        let kept = self.0.replace_microsecond(microseconds).unwrap_or(self.0);
        kept.format(&Rfc3339).unwrap_or_default()
    }
}

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident, $graphql:literal, $url:literal, $rule:expr, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub String);

        $(#[$doc])*
        #[Scalar(name = $graphql, specified_by_url = $url)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                let text = text(value)?;
                let rule: fn(&str) -> bool = $rule;
                if rule(&text) { Ok(Self(text)) } else { Err(InputValueError::custom($expected)) }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }
    };
}

text_scalar! {
    /// A decimal number as text, without exponent: `12.50`.
    Decimal, "Decimal", "https://www.w3.org/TR/xmlschema-2/#decimal",
    |text| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.len() <= 17 && part.bytes().all(|byte| byte.is_ascii_digit());
        plain(whole) && plain(fraction)
    },
    "expected a decimal number as text, such as \"12.50\""
}

text_scalar! {
    /// An absolute address.
    Url, "URL", "https://url.spec.whatwg.org/",
    |text| text.len() <= 2_000 && (text.starts_with("https://") || text.starts_with("http://")),
    "expected an absolute address"
}

text_scalar! {
    /// A country: ISO 3166-1 alpha-2, `GB`.
    CountryCode, "CountryCode", "https://www.iso.org/iso-3166-country-codes.html",
    |text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
    "expected two upper-case letters, such as \"GB\""
}

text_scalar! {
    /// A currency: ISO 4217, `GBP`.
    CurrencyCode, "CurrencyCode", "https://www.iso.org/iso-4217-currency-codes.html",
    |text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
    "expected three upper-case letters, such as \"GBP\""
}

text_scalar! {
    /// A language: ISO 639-1, `en`.
    LanguageCode, "LanguageCode", "https://www.iso.org/iso-639-language-code",
    |text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()),
    "expected two letters, such as \"en\""
}

text_scalar! {
    /// Where a page begins. Opaque and signed: take it from `pageInfo` or an edge, do not make or change one.
    Cursor, "Cursor", "https://relay.dev/graphql/connections.htm#sec-Cursor",
    |text| !text.is_empty() && text.len() <= 2_048,
    "expected a cursor from pageInfo or an edge"
}

/// A UUID that you make once for each action of the buyer and send again with every retry of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey(pub Uuid);

/// A UUID that you make once for each action of the buyer and send again with every retry of it.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc9562")]
impl ScalarType for IdempotencyKey {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        // Only the hyphenated form, so that one key has one text.
        let hyphenated = text.len() == 36;
        Uuid::try_parse(&text)
            .ok()
            .filter(|key| hyphenated && !key.is_nil())
            .map(Self)
            .ok_or_else(|| InputValueError::custom("expected a UUID, such as \"0198c7a0-1b2c-7d3e-8f40-512233445566\""))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.hyphenated().to_string())
    }
}
