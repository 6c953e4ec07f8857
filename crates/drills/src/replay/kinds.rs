//! What a row of the record is to a replay: part of an order, or left out for a named reason.

use std::collections::BTreeMap;

use crate::sellable::{CodeKind, code_kind};

use super::amount::Exact;
use super::month::Row;

/// The dearest unit price the shop takes, in pence.
pub(super) const MOST_PENCE: i64 = 1_000_000_000;
/// The most pieces of a line.
pub(super) const MOST_PIECES: i64 = 1_000_000;
/// The most lines of a cart.
pub(super) const MOST_LINES: usize = 2_000;

/// Why a row is not played; what the row says by itself first, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LeftOut {
    /// The code is not a product's.
    NotAProduct(CodeKind),
    /// The invoice number starts with `C`.
    Cancellation,
    /// The invoice number starts with `A`.
    BadDebt,
    /// Zero or negative quantity.
    Quantity,
    /// Zero or negative price.
    Price,
    /// A price that is not a whole number of pennies.
    FinerThanAPenny,
    /// The code has several prices in its invoice, and a cart has one per variant: none of them is played.
    TwoPrices,
    /// More pieces, lines or pounds than a cart holds.
    BeyondLimits,
    /// The invoice is behind those that `--limit` asked for.
    NotAskedFor,
}

/// How many rows, and what they sum to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Rows.
    pub(super) rows: u64,
    /// Quantity times price.
    pub(super) sum: Exact,
}

/// Counts by reason.
pub(super) type LeftOutCounts = BTreeMap<LeftOut, Count>;

impl Count {
    /// Takes one row in.
    pub(super) fn add(&mut self, row: &Row) {
        self.rows += 1;
        self.sum += row.sum();
    }

    /// Takes another count in.
    pub(super) fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.sum += other.sum;
    }
}

impl LeftOut {
    /// The reason's name in a report.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::NotAProduct(kind) => kind.label(),
            Self::Cancellation => "cancellations of products",
            Self::BadDebt => "bad-debt adjustments of products",
            Self::Quantity => "quantity zero or negative",
            Self::Price => "price zero or negative",
            Self::FinerThanAPenny => "price finer than a penny",
            Self::TwoPrices => "one code at two prices in one invoice",
            Self::BeyondLimits => "more than a cart holds",
            Self::NotAskedFor => "behind --limit",
        }
    }
}

/// Why a row by itself is left out, if it is; otherwise its price in pence.
pub(super) fn read(row: &Row) -> Result<i64, LeftOut> {
    let kind = code_kind(&row.code);
    if kind != CodeKind::Product {
        Err(LeftOut::NotAProduct(kind))
    } else if row.invoice.starts_with('C') {
        Err(LeftOut::Cancellation)
    } else if row.invoice.starts_with('A') {
        Err(LeftOut::BadDebt)
    } else if row.quantity <= 0 {
        Err(LeftOut::Quantity)
    } else if !row.price.is_positive() {
        Err(LeftOut::Price)
    } else {
        row.price.pence().ok_or(LeftOut::FinerThanAPenny)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn kind(invoice: &str, code: &str, quantity: i64, price: &str) -> Result<i64, LeftOut> {
        read(&Row {
            file: 0,
            invoice: invoice.to_owned(),
            code: code.to_owned(),
            description: String::new(),
            quantity,
            price: Exact::parse(price).unwrap(),
            country: String::new(),
        })
    }

    #[test]
    fn a_row_is_left_out_for_its_first_reason() {
        assert_eq!(kind("536365", "85123a", 6, "2.55"), Ok(255));
        assert_eq!(kind("C536365", "POST", -1, "18"), Err(LeftOut::NotAProduct(CodeKind::Postage)));
        assert_eq!(kind("C536365", "85123A", -1, "2.55"), Err(LeftOut::Cancellation));
        assert_eq!(kind("A563185", "85123A", 1, "-11062.06"), Err(LeftOut::BadDebt));
        assert_eq!(kind("536365", "85123A", 0, "0"), Err(LeftOut::Quantity));
        assert_eq!(kind("536365", "85123A", 1, "0"), Err(LeftOut::Price));
        assert_eq!(kind("536365", "85123A", 1, "-0.01"), Err(LeftOut::Price));
        assert_eq!(kind("536365", "85123A", 1, "0.001"), Err(LeftOut::FinerThanAPenny));
    }
}
