//! The report that `cargo xtask catalogue` prints.

use std::fmt::Write as _;

use super::collections::Collection;
use super::products::Product;
use super::tally::{Count, Tally};

/// A table of what was read, what was left out and why, and what came of the rest.
#[must_use]
pub(crate) fn render(tally: &Tally, products: &[Product], collections: &[Collection]) -> String {
    let mut rows: Vec<(String, String)> = vec![("lines read".to_owned(), count(tally.read))];
    let mut kept = tally.read;
    for (reason, left) in &tally.left_out {
        kept.lines -= left.lines;
        kept.mills -= left.mills;
        rows.push((format!("  left out: {}", reason.label()), count(*left)));
    }
    rows.push(("sales of products".to_owned(), count(kept)));
    rows.push(("  of them finer than a penny".to_owned(), count(tally.finer_than_a_penny)));
    let never_sold = tally.skus_seen.len().saturating_sub(tally.sales.len());
    let merged = tally.codes_written.len().saturating_sub(tally.skus_seen.len());
    let variants: usize = products.iter().map(|product| product.variants.len()).sum();
    let several = products.iter().filter(|product| product.variants.len() > 1).count();
    let numbers = [
        ("product codes as written", tally.codes_written.len()),
        ("  of them the same but for case", merged),
        ("  of them never sold at a price", never_sold),
        ("  of them without a name or a whole price", tally.unusable.len()),
        ("variants", variants),
        ("products", products.len()),
        ("  of them with several variants", several),
        ("collections", collections.len()),
    ];
    rows.extend(numbers.map(|(name, number)| (name.to_owned(), format!("{number:>9}"))));
    rows.extend(
        collections
            .iter()
            .map(|collection| (format!("  {}", collection.handle), format!("{:>9}", collection.members.len()))),
    );
    let mut text = String::new();
    for (name, value) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<44}{value}");
    }
    text
}

/// Lines and their sum in pounds.
fn count(count: Count) -> String {
    let sign = if count.mills < 0 { "-" } else { "" };
    let mills = count.mills.unsigned_abs();
    format!("{:>9}  £{sign}{}.{:03}", count.lines, mills / 1000, mills % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_show_lines_and_pounds() {
        assert_eq!(count(Count { lines: 2, mills: -1_050 }), "        2  £-1.050");
    }
}
