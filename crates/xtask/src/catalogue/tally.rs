//! What ten months say about each stock code, and the count and sum of everything left out.

use std::collections::{BTreeMap, BTreeSet};

use tidegate_drills::sellable::{CodeKind, canonical_sku, code_kind};

use super::month_file::Line;

/// Why a line says nothing about what a shopper can buy; in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LeftOut {
    /// The code is not a product's.
    NotAProduct(CodeKind),
    /// The invoice number starts with `C`.
    Cancellation,
    /// The invoice number starts with `A`.
    BadDebt,
    /// Zero or negative quantity: stock corrections.
    Quantity,
    /// Zero or negative price: gifts and corrections.
    Price,
}

/// How many lines and what they sum to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Lines.
    pub(crate) lines: u64,
    /// Quantity times price, in thousandths of a pound.
    pub(crate) mills: i64,
}

/// The sales of one SKU in one month.
#[derive(Debug, Clone, Default)]
pub(crate) struct Month {
    /// Pieces sold.
    pub(crate) units: i64,
    /// Lines per unit price in thousandths of a pound.
    pub(crate) prices: BTreeMap<i64, u64>,
}

/// The sales of one SKU.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sales {
    /// Lines per description as written.
    pub(crate) descriptions: BTreeMap<String, u64>,
    /// By `YYYY-MM`.
    pub(crate) months: BTreeMap<String, Month>,
    /// Numbers of the invoices with this SKU.
    pub(crate) invoices: BTreeSet<u32>,
}

/// Everything read so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// All lines read.
    pub(crate) read: Count,
    /// Lines left out, by reason.
    pub(crate) left_out: BTreeMap<LeftOut, Count>,
    /// Lines that are sales at a price finer than a penny; they count as sales but set no price.
    pub(crate) finer_than_a_penny: Count,
    /// Stock codes of products as written.
    pub(crate) codes_written: BTreeSet<String>,
    /// Stock codes of products, canonical, whether sold or not.
    pub(crate) skus_seen: BTreeSet<String>,
    /// By SKU.
    pub(crate) sales: BTreeMap<String, Sales>,
    /// SKUs that were sold but have no usable title or no price in whole pennies.
    pub(crate) unusable: BTreeSet<String>,
}

impl Tally {
    /// Takes one line in.
    pub(crate) fn add(&mut self, line: &Line<'_>) {
        let mills = line.quantity.saturating_mul(line.price_mills);
        self.read.add(mills);
        let kind = code_kind(line.code);
        if kind == CodeKind::Product {
            self.codes_written.insert(line.code.to_owned());
            self.skus_seen.insert(canonical_sku(line.code));
        }
        match left_out(line, kind) {
            Some(reason) => self.left_out.entry(reason).or_default().add(mills),
            None => self.add_sale(line, mills),
        }
    }

    /// Takes in one line that is a sale.
    fn add_sale(&mut self, line: &Line<'_>, mills: i64) {
        if line.price_mills % 10 != 0 {
            self.finer_than_a_penny.add(mills);
        }
        let sales = self.sales.entry(canonical_sku(line.code)).or_default();
        *sales.descriptions.entry(line.description.to_owned()).or_default() += 1;
        let month = sales.months.entry(line.day.chars().take(7).collect()).or_default();
        month.units = month.units.saturating_add(line.quantity);
        *month.prices.entry(line.price_mills).or_default() += 1;
        if let Ok(number) = line.invoice.parse() {
            sales.invoices.insert(number);
        }
    }
}

impl Count {
    fn add(&mut self, mills: i64) {
        self.lines += 1;
        self.mills = self.mills.saturating_add(mills);
    }
}

impl LeftOut {
    /// The reason's name in a report.
    #[must_use]
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::NotAProduct(kind) => kind.label(),
            Self::Cancellation => "cancellations of products",
            Self::BadDebt => "bad-debt adjustments of products",
            Self::Quantity => "products, quantity zero or negative",
            Self::Price => "products, price zero or negative",
        }
    }
}

/// Why a line is left out, if it is.
fn left_out(line: &Line<'_>, kind: CodeKind) -> Option<LeftOut> {
    if kind != CodeKind::Product {
        Some(LeftOut::NotAProduct(kind))
    } else if line.invoice.starts_with('C') {
        Some(LeftOut::Cancellation)
    } else if line.invoice.starts_with('A') {
        Some(LeftOut::BadDebt)
    } else if line.quantity <= 0 {
        Some(LeftOut::Quantity)
    } else if line.price_mills <= 0 {
        Some(LeftOut::Price)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(invoice: &'a str, code: &'a str, quantity: i64, price_mills: i64) -> Line<'a> {
        Line { invoice, code, description: "MUG", quantity, day: "2010-12-01", price_mills }
    }

    #[test]
    fn every_line_is_a_sale_or_counted_as_left_out() {
        let mut tally = Tally::default();
        for line in [
            line("536365", "85123A", 6, 2550),
            line("536366", "85123a", 1, 2555),
            line("536365", "POST", 1, 18_000),
            line("C536379", "22423", -1, 12_750),
            line("536589", "21777", -10, 0),
            line("536590", "21777", 3, 0),
        ] {
            tally.add(&line);
        }

        assert_eq!(tally.read, Count { lines: 6, mills: 15_300 + 2555 + 18_000 - 12_750 });
        assert_eq!(tally.sales.keys().collect::<Vec<_>>(), ["85123A"]);
        assert_eq!(tally.sales["85123A"].months["2010-12"].units, 7);
        assert_eq!(tally.sales["85123A"].invoices.len(), 2);
        assert_eq!(tally.finer_than_a_penny.lines, 1);
        let postage = LeftOut::NotAProduct(CodeKind::Postage);
        assert_eq!(tally.left_out[&postage], Count { lines: 1, mills: 18_000 });
        assert_eq!(tally.left_out[&LeftOut::Cancellation].lines, 1);
        assert_eq!(tally.left_out[&LeftOut::Quantity].lines, 1);
        assert_eq!(tally.left_out[&LeftOut::Price].lines, 1);
        assert_eq!(tally.codes_written.len(), 4);
        assert_eq!(tally.skus_seen.len(), 3);
    }
}
