//! The shipped files keep what the shop and its tests rely on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use flate2::read::GzDecoder;
use tidegate_drills::sellable::{CodeKind, canonical_sku, code_kind};

/// The rows of a shipped file, by column name.
fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue");
    let file = File::open(folder.join(format!("{name}.csv.gz"))).unwrap();
    let mut reader = csv::Reader::from_reader(GzDecoder::new(file));
    reader.deserialize().map(Result::unwrap).collect()
}

/// One column.
fn column(rows: &[BTreeMap<String, String>], name: &str) -> Vec<String> {
    rows.iter().map(|row| row[name].clone()).collect()
}

/// One column whose values must be distinct.
fn distinct(rows: &[BTreeMap<String, String>], name: &str) -> BTreeSet<String> {
    let values: BTreeSet<String> = column(rows, name).into_iter().collect();
    assert_eq!(values.len(), rows.len(), "{name} repeats");
    values
}

#[test]
fn products_and_variants_fit_together() {
    let products = rows("products");
    let variants = rows("variants");
    let handles = distinct(&products, "handle");
    let skus = distinct(&variants, "sku");
    assert!(products.iter().all(|product| !product["title"].is_empty()));
    for sku in &skus {
        assert_eq!(code_kind(sku), CodeKind::Product, "{sku}");
        assert_eq!(canonical_sku(sku), *sku);
    }
    let owners: BTreeSet<String> = column(&variants, "product").into_iter().collect();
    assert_eq!(owners, handles);
}

#[test]
fn at_least_250_products_have_several_variants_told_apart_by_their_options() {
    let products = rows("products");
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for variant in rows("variants") {
        values.entry(variant["product"].clone()).or_default().push(variant["option_values"].clone());
    }
    let mut several = 0;
    for product in &products {
        let values = &values[&product["handle"]];
        let distinct: BTreeSet<&String> = values.iter().collect();
        assert_eq!(distinct.len(), values.len(), "{}", product["handle"]);
        if values.len() > 1 {
            several += 1;
            assert!(!product["options"].is_empty() && !distinct.contains(&String::new()));
        } else {
            assert!(product["options"].is_empty() && values[0].is_empty());
        }
    }
    assert!(several >= 250, "{several}");
}

#[test]
fn every_variant_has_one_price_and_stock() {
    let skus = distinct(&rows("variants"), "sku");
    let prices = rows("prices");
    let stock = rows("stock");
    assert_eq!(distinct(&prices, "sku"), skus);
    assert_eq!(distinct(&stock, "sku"), skus);
    for price in &prices {
        let (pounds, pence) = price["amount"].split_once('.').unwrap();
        assert!(pence.len() == 2 && pounds.parse::<u32>().unwrap() * 100 + pence.parse::<u32>().unwrap() > 0);
        assert_eq!((price["market"].as_str(), price["currency"].as_str()), ("gb", "GBP"));
    }
    assert!(stock.iter().all(|row| row["on_hand"].parse::<u32>().unwrap() >= 10));
}

#[test]
fn at_least_25_collections_have_8_to_400_products_that_exist() {
    let handles = distinct(&rows("products"), "handle");
    let collections = distinct(&rows("collections"), "handle");
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows("collection_products") {
        assert!(handles.contains(&row["product"]), "{}", row["product"]);
        assert!(members.entry(row["collection"].clone()).or_default().insert(row["product"].clone()));
    }
    assert!(collections.len() >= 25);
    assert_eq!(members.keys().cloned().collect::<BTreeSet<_>>(), collections);
    for (collection, products) in members {
        assert!((8..=400).contains(&products.len()), "{collection}: {}", products.len());
    }
}
