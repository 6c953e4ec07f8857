//! A small catalogue in the documented CSV format.

use tidegate_store::catalog::import::{ImportOptions, ImportReport, Source};
use time::OffsetDateTime;

/// A mug in two colours, a tea towel, a candle that is sold out; two collections.
pub const CATALOGUE: &[(&str, &str)] = &[
    (
        "products.csv",
        "handle,title,description,vendor,tags,options\n\
         mug,Enamel Mug,A mug for the garden.,Tide & Co,kitchen|garden,Colour\n\
         tea-towel,Linen Tea Towel,,,kitchen,\n\
         candle,Vanilla Candle,,,gift,\n",
    ),
    (
        "variants.csv",
        "product,sku,title,option_values,position\n\
         mug,MUG-R,Red,Red,1\n\
         mug,MUG-B,Blue,Blue,2\n\
         tea-towel,TOWEL,,,1\n\
         candle,CANDLE,,,1\n",
    ),
    (
        "prices.csv",
        "sku,market,currency,amount,compare_at\n\
         MUG-R,gb,GBP,2.50,3.00\n\
         MUG-B,gb,GBP,3.00,\n\
         TOWEL,gb,GBP,4.00,\n\
         CANDLE,gb,GBP,9.99,\n",
    ),
    ("stock.csv", "sku,on_hand\nMUG-R,10\nMUG-B,10\nTOWEL,5\nCANDLE,0\n"),
    ("collections.csv", "handle,title,description,position\nkitchen,Kitchen,For the kitchen.,1\ngifts,Gifts,,2\n"),
    (
        "collection_products.csv",
        "collection,product,position\nkitchen,tea-towel,1\nkitchen,mug,2\ngifts,candle,1\ngifts,mug,2\n",
    ),
];

/// Imports CSV texts; the names are for messages.
pub async fn import(url: &str, files: &[(&str, &str)], options: ImportOptions) -> ImportReport {
    let source = |(name, text): &(&str, &str)| Source {
        name: (*name).to_owned(),
        bytes: Box::new(std::io::Cursor::new(text.as_bytes().to_vec())),
    };
    let sources = files.iter().map(source).collect();
    let now = OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000);
    tidegate_store::catalog::import::import(url, sources, options, now, |_| {}).await.expect("the fixture is sound")
}
