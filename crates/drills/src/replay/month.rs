//! Reads months of the Online Retail data set.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use flate2::read::MultiGzDecoder;

use super::amount::Exact;

const HEADER: [&str; 8] =
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

/// One transaction line as recorded, numbers read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Which of the files, so that one invoice number in two of them is two invoices.
    pub(super) file: usize,
    /// Invoice number; `C…` is a cancellation, `A…` a bad-debt adjustment.
    pub(super) invoice: String,
    /// Stock code as written.
    pub(super) code: String,
    /// Description as written.
    pub(super) description: String,
    /// Pieces; negative in cancellations and corrections.
    pub(super) quantity: i64,
    /// Unit price.
    pub(super) price: Exact,
    /// The country's name as written.
    pub(super) country: String,
}

impl Row {
    /// Quantity times price.
    pub(super) fn sum(&self) -> Exact {
        self.price * self.quantity
    }
}

/// The rows of the files, in their order; plain CSV if the name does not end in `.gz`.
pub(super) fn read(paths: &[impl AsRef<Path>]) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let path = path.as_ref();
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let read = if path.extension().is_some_and(|extension| extension == "gz") {
            parse(index, MultiGzDecoder::new(file), &mut rows)
        } else {
            parse(index, file, &mut rows)
        };
        read.with_context(|| format!("cannot read {}", path.display()))?;
    }
    Ok(rows)
}

/// Reads the rows of one file.
pub(super) fn parse(file: usize, text: impl Read, into: &mut Vec<Row>) -> anyhow::Result<()> {
    let mut reader = csv::Reader::from_reader(text);
    anyhow::ensure!(reader.headers()?.iter().eq(HEADER), "the header is not that of the Online Retail data set");
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let place = record.position().map_or(0, csv::Position::line);
        into.push(row(file, &record).with_context(|| format!("line {place}"))?);
    }
    Ok(())
}

fn row(file: usize, record: &csv::StringRecord) -> anyhow::Result<Row> {
    let field = |index: usize| record.get(index).unwrap_or_default().to_owned();
    Ok(Row {
        file,
        invoice: field(0),
        code: field(1),
        description: field(2),
        quantity: field(3).parse().context("Quantity is not a whole number")?,
        price: Exact::parse(&field(5)).context("UnitPrice is not a decimal number")?,
        country: field(7),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_a_bad_one_names_its_line() {
        let header = HEADER.join(",");
        let mut rows = Vec::new();
        let fine = format!("{header}\n536365,85123a,\"MUG, WHITE\",6,2010-12-01 08:26:00,2.55,,EIRE\n");
        let bad = format!("{fine}536365,85123A,MUG,six,2010-12-01 08:26:00,2.55,,EIRE\n");

        parse(3, fine.as_bytes(), &mut rows).unwrap();
        let refused = parse(3, bad.as_bytes(), &mut Vec::new()).unwrap_err();

        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].file, rows[0].quantity, rows[0].country.as_str()), (3, 6, "EIRE"));
        assert_eq!(rows[0].sum().to_string(), "15.30");
        assert_eq!(refused.to_string(), "line 3");
    }
}
