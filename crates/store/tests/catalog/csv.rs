//! Small catalogues as files, and importing them.

use tidegate_store::catalog::import::{BadRow, Counts, ImportError, ImportOptions, ImportReport, Kind, Source, import};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::database::Database;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);
pub(crate) const LATER: OffsetDateTime = datetime!(2026-04-01 12:00 UTC);

pub(crate) const PRODUCTS: &str = "handle,title,description,vendor,tags,options
mug,Blue Mug,\"A mug,
of clay\",Potter,kitchen|clay,Colour|Size
lamp,White Metal Lantern,Gives light,,garden|light,
card,Birthday Card,,,paper,
ghost,Never Priced,,,,
";
pub(crate) const VARIANTS: &str = "product,sku,title,option_values,position
mug,M-RS,Red small,Red|Small,1
mug,M-BS,Blue small,Blue|Small,2
mug,M-BL,Blue large,Blue|Large,3
lamp,L1,,,1
card,C1,,,1
ghost,G1,,,1
";
pub(crate) const PRICES: &str = "sku,market,currency,amount,compare_at
M-RS,gb,GBP,4.50,
M-BS,gb,GBP,4.5,5.00
M-BL,gb,GBP,6,
L1,gb,GBP,3.39,
C1,gb,GBP,0.42,
";
pub(crate) const STOCK: &str = "sku,on_hand
M-RS,5
M-BS,0
L1,7
C1,100
";
pub(crate) const IMAGES: &str = "product,sku,url,alt,width,height
mug,M-BL,https://img.example/blue.jpg,Blue,400,300
mug,,https://img.example/mug.jpg,A mug,800,600
";
pub(crate) const COLLECTIONS: &str = "handle,title,description,position
kitchen,Kitchen,For cooks,2
best,Best sellers,,1
";
pub(crate) const MEMBERS: &str = "collection,product,position
best,lamp,1
best,mug,2
kitchen,mug,1
";

/// The whole small catalogue; the order of the files is not the order of what refers to what.
pub(crate) fn all() -> Vec<(&'static str, &'static str)> {
    vec![
        ("stock.csv", STOCK),
        ("collection_products.csv", MEMBERS),
        ("prices.csv", PRICES),
        ("images.csv", IMAGES),
        ("variants.csv", VARIANTS),
        ("collections.csv", COLLECTIONS),
        ("products.csv", PRODUCTS),
    ]
}

/// Texts as sources.
pub(crate) fn sources(files: &[(&str, &str)]) -> Vec<Source> {
    let source = |(name, text): &(&str, &str)| Source {
        name: (*name).to_owned(),
        bytes: Box::new(std::io::Cursor::new(text.as_bytes().to_vec())),
    };
    files.iter().map(source).collect()
}

pub(crate) async fn try_load(
    database: &Database,
    files: &[(&str, &str)],
    options: ImportOptions,
    now: OffsetDateTime,
) -> Result<ImportReport, ImportError> {
    import(&database.url, sources(files), options, now, |_| {}).await
}

pub(crate) async fn load(database: &Database, files: &[(&str, &str)]) -> ImportReport {
    try_load(database, files, ImportOptions::default(), NOW).await.unwrap()
}

/// A database with the small catalogue.
pub(crate) async fn shop() -> Database {
    let database = Database::new().await;
    load(&database, &all()).await;
    database
}

pub(crate) fn counts(report: &ImportReport, kind: Kind) -> Counts {
    report.counts.iter().find(|(of, _)| *of == kind).unwrap().1
}

/// `file:line reason` of each bad row.
pub(crate) fn lines(bad: &[BadRow]) -> Vec<String> {
    bad.iter().map(|row| format!("{}:{} {}", row.file, row.line, row.reason)).collect()
}

/// A text of one row per item.
pub(crate) fn rows<T>(items: impl IntoIterator<Item = T>, row: impl Fn(T) -> String) -> String {
    items.into_iter().map(row).collect::<Vec<_>>().concat()
}
