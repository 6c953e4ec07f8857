//! Writes the catalogue in the format that `tidegate import` reads; the same products give the same bytes.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use flate2::{Compression, GzBuilder};

use super::collections::{Collection, tags_of};
use super::products::Product;

/// The market that prices are for, and its currency.
const MARKET: (&str, &str) = ("gb", "GBP");

/// The rows of one file, header first.
type Rows = Vec<Vec<String>>;

/// Writes all files into `folder`, which is made if need be.
pub(crate) fn write(folder: &Path, products: &[Product], collections: &[Collection]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let files = [
        ("products", product_rows(products)),
        ("variants", variant_rows(products)),
        ("prices", price_rows(products)),
        ("stock", stock_rows(products)),
        ("collections", collection_rows(collections)),
        ("collection_products", member_rows(products, collections)),
    ];
    for (name, rows) in files {
        let path = folder.join(format!("{name}.csv.gz"));
        let bytes = compressed(&rows)?;
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The rows as CSV, compressed without a time of writing.
fn compressed(rows: &Rows) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    let text = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(&text)?;
    Ok(encoder.finish()?)
}

/// A header.
fn header(names: &[&str]) -> Rows {
    vec![names.iter().map(ToString::to_string).collect()]
}

fn product_rows(products: &[Product]) -> Rows {
    let mut rows = header(&["handle", "title", "description", "vendor", "tags", "options"]);
    rows.extend(products.iter().map(|product| {
        let option = product.option.unwrap_or_default().to_owned();
        let tags = tags_of(product).join("|");
        vec![product.handle.clone(), product.title.clone(), product.description(), String::new(), tags, option]
    }));
    rows
}

fn variant_rows(products: &[Product]) -> Rows {
    let mut rows = header(&["product", "sku", "title", "option_values", "position"]);
    for product in products {
        rows.extend(product.variants.iter().enumerate().map(|(index, variant)| {
            let value = variant.value.clone().unwrap_or_default();
            vec![product.handle.clone(), variant.sku.clone(), value.clone(), value, (index + 1).to_string()]
        }));
    }
    rows
}

fn price_rows(products: &[Product]) -> Rows {
    let (market, currency) = MARKET;
    let mut rows = header(&["sku", "market", "currency", "amount", "compare_at"]);
    for variant in products.iter().flat_map(|product| &product.variants) {
        let amount = format!("{}.{:02}", variant.price_pence / 100, variant.price_pence % 100);
        rows.push(vec![variant.sku.clone(), market.to_owned(), currency.to_owned(), amount, String::new()]);
    }
    rows
}

fn stock_rows(products: &[Product]) -> Rows {
    let mut rows = header(&["sku", "on_hand"]);
    for variant in products.iter().flat_map(|product| &product.variants) {
        rows.push(vec![variant.sku.clone(), variant.on_hand.to_string()]);
    }
    rows
}

fn collection_rows(collections: &[Collection]) -> Rows {
    let mut rows = header(&["handle", "title", "description", "position"]);
    rows.extend(collections.iter().enumerate().map(|(index, collection)| {
        let Collection { handle, title, description, .. } = collection;
        vec![handle.clone(), title.clone(), description.clone(), (index + 1).to_string()]
    }));
    rows
}

fn member_rows(products: &[Product], collections: &[Collection]) -> Rows {
    let mut rows = header(&["collection", "product", "position"]);
    for collection in collections {
        rows.extend(collection.members.iter().enumerate().map(|(index, member)| {
            vec![collection.handle.clone(), products[*member].handle.clone(), (index + 1).to_string()]
        }));
    }
    rows
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn the_same_rows_give_the_same_bytes_without_a_time() {
        let rows = vec![vec!["sku".to_owned()], vec!["a,\"b\"".to_owned()]];

        let bytes = compressed(&rows).unwrap();

        assert_eq!(bytes, compressed(&rows).unwrap());
        assert_eq!(bytes[4..8], [0; 4]);
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, "sku\n\"a,\"\"b\"\"\"\n");
    }
}
