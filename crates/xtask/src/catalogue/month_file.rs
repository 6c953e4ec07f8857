//! Reads one month of the data set, line by line.

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use flate2::read::MultiGzDecoder;

/// One transaction line as recorded, numbers read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// Invoice number; `C…` is a cancellation, `A…` a bad-debt adjustment.
    pub(crate) invoice: &'a str,
    /// Stock code as written.
    pub(crate) code: &'a str,
    /// Description as written, possibly empty or a note of the staff.
    pub(crate) description: &'a str,
    /// Pieces; negative in cancellations and corrections.
    pub(crate) quantity: i64,
    /// `YYYY-MM-DD`.
    pub(crate) day: &'a str,
    /// Unit price in thousandths of a pound, because a few prices are finer than a penny.
    pub(crate) price_mills: i64,
}

/// Calls `each` for every line of the file, in file order.
pub(crate) fn read(path: &Path, each: &mut impl FnMut(&Line<'_>)) -> anyhow::Result<()> {
    let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(File::open(path)?));
    let header = reader.headers()?;
    let expected = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"];
    anyhow::ensure!(
        header.iter().take(expected.len()).eq(expected),
        "the header is not that of the Online Retail data set"
    );
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let place = record.position().map_or(0, csv::Position::line);
        each(&parse(&record).with_context(|| format!("line {place}"))?);
    }
    Ok(())
}

/// The fields of one record.
fn parse(record: &csv::StringRecord) -> anyhow::Result<Line<'_>> {
    let field = |index: usize| record.get(index).unwrap_or_default();
    Ok(Line {
        invoice: field(0),
        code: field(1),
        description: field(2),
        quantity: field(3).parse().context("Quantity is not a whole number")?,
        day: field(4).get(..10).context("InvoiceDate is not a date")?,
        price_mills: parse_mills(field(5)).context("UnitPrice is not a decimal number")?,
    })
}

/// A decimal amount of pounds in thousandths, exactly; `None` if it is not one or finer than that.
fn parse_mills(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) || fraction.len() > 3 {
        return None;
    }
    let mills: i64 = format!("{fraction:0<3}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(mills)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(parse_mills("2.55"), Some(2550));
        assert_eq!(parse_mills("0.001"), Some(1));
        assert_eq!(parse_mills("-11062.06"), Some(-11_062_060));
        assert_eq!(parse_mills("3"), Some(3000));
        assert_eq!(parse_mills("1.2345"), None);
        assert_eq!(parse_mills("x"), None);
        assert_eq!(parse_mills(""), None);
    }
}
