//! Markets: where a price holds and in which currency.

use crate::money::Currency;

/// A market of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Market {
    /// Its key in the database.
    pub id: i16,
    /// Its handle, as in the import format.
    pub handle: &'static str,
    /// Its name.
    pub name: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// ISO 639-1.
    pub language: &'static str,
    /// The currency of its prices.
    pub currency: Currency,
}

/// The market that ships. The database holds the same row.
pub const SHIPPED: Market =
    Market { id: 1, handle: "gb", name: "United Kingdom", country: "GB", language: "en", currency: Currency::GBP };

/// What an operation asked for with `@inContext`; the market decides what it gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextRequest {
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// ISO 639-1, in either case.
    pub language: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// The market for a context, or the name of the argument that no market serves.
pub fn resolve(request: &ContextRequest) -> Result<Market, &'static str> {
    let serves =
        |asked: &Option<String>, served: &str| asked.as_deref().is_none_or(|asked| asked.eq_ignore_ascii_case(served));
    if !serves(&request.country, SHIPPED.country) {
        return Err("country");
    }
    if !serves(&request.language, SHIPPED.language) {
        return Err("language");
    }
    if !serves(&request.currency, SHIPPED.currency.code()) {
        return Err("currency");
    }
    Ok(SHIPPED)
}
