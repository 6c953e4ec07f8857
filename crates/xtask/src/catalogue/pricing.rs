//! A SKU's price and stock from its sales.

use super::tally::Sales;

/// Least and most pieces on hand that a first day of trading starts with.
const STOCK_BOUNDS: (i64, i64) = (10, 10_000);

/// The price in pence: in the most recent month with a sale in whole pennies, the unit price of most lines, the lower
/// one of two equally frequent.
#[must_use]
pub(crate) fn price_pence(sales: &Sales) -> Option<i64> {
    sales.months.values().rev().find_map(|month| {
        let whole = month.prices.iter().filter(|(mills, _)| **mills % 10 == 0);
        whole
            .max_by(|(left, left_lines), (right, right_lines)| left_lines.cmp(right_lines).then(right.cmp(left)))
            .map(|(mills, _)| mills / 10)
    })
}

/// Pieces on hand: what the best month sold, rounded up to the next ten, within bounds.
#[must_use]
pub(crate) fn on_hand(sales: &Sales) -> i64 {
    let best = sales.months.values().map(|month| month.units).max().unwrap_or(0);
    let (least, most) = STOCK_BOUNDS;
    (best.saturating_add(9) / 10 * 10).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tally::Month;

    /// Name, units, and lines per price.
    type Row<'a> = (&'a str, i64, &'a [(i64, u64)]);

    fn sales(months: &[Row<'_>]) -> Sales {
        let months = months.iter().map(|(name, units, prices)| {
            let prices = prices.iter().copied().collect();
            ((*name).to_owned(), Month { units: *units, prices })
        });
        Sales { months: months.collect(), ..Sales::default() }
    }

    #[test]
    fn the_price_is_the_most_frequent_of_the_latest_month_in_whole_pennies() {
        let sales = sales(&[
            ("2011-01", 5, &[(1000, 90)]),
            ("2011-02", 5, &[(2100, 2), (2550, 7), (2950, 7)]),
            ("2011-03", 5, &[(2555, 9)]),
        ]);
        assert_eq!(price_pence(&sales), Some(255));
    }

    #[test]
    fn without_a_price_in_whole_pennies_there_is_none() {
        assert_eq!(price_pence(&sales(&[("2011-01", 5, &[(1, 90)])])), None);
    }

    #[test]
    fn stock_is_the_best_month_rounded_up() {
        assert_eq!(on_hand(&sales(&[("2011-01", 3, &[]), ("2011-02", 121, &[])])), 130);
        assert_eq!(on_hand(&sales(&[("2011-01", 3, &[])])), 10);
        assert_eq!(on_hand(&sales(&[("2011-01", 80_995, &[])])), 10_000);
    }
}
