//! The catalogue that ships, inside the binary.

use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;
use tidegate_store::catalog::import::{self, ImportOptions, Source};

use super::database;
use crate::problem::Problem;

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../../catalogue/", $name)).as_slice())),*]
    };
}

static FILES: [(&str, &[u8]); 6] = shipped![
    "products.csv.gz",
    "variants.csv.gz",
    "prices.csv.gz",
    "stock.csv.gz",
    "collections.csv.gz",
    "collection_products.csv.gz",
];

/// Imports the catalogue into a shop that has no product yet.
pub(super) async fn import_into_empty(url: &str) -> Result<(), Problem> {
    let failed =
        |error: &dyn std::fmt::Display| Problem::failed(format!("the catalogue could not be imported: {error}"));
    if !database::is_empty(url).await.map_err(|error| failed(&error))? {
        return Ok(());
    }
    tracing::info!("importing the catalogue");
    let sources = FILES.iter().map(|(name, bytes)| Source { name: (*name).to_owned(), bytes: Box::new(*bytes) });
    let options = ImportOptions { stock: true, ..ImportOptions::default() };
    import::import(url, sources.collect(), options, SystemClock.now(), |_| {})
        .await
        .map(drop)
        .map_err(|error| failed(&error))
}
