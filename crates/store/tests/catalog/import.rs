//! What an import does to the database.

use std::io::Write as _;
use tidegate_store::catalog::import::{Counts, ImportError, ImportOptions, Kind, Source, import};

use crate::csv::{self, LATER, NOW, counts, load, shop, try_load};
use crate::database::Database;

/// Everything an import keeps, as one text.
const EVERYTHING: &str = "select md5(concat_ws('~',
    (select string_agg(p::text, ';' order by p.id) from product p),
    (select string_agg(v::text, ';' order by v.id) from variant v),
    (select string_agg(p::text, ';' order by p.variant_id) from price p),
    (select string_agg(s::text, ';' order by s.variant_id) from stock s),
    (select string_agg(i::text, ';' order by i.product_id, i.position) from product_image i),
    (select string_agg(c::text, ';' order by c.id) from collection c),
    (select string_agg(m::text, ';' order by m.collection_id, m.product_id) from collection_product m),
    (select string_agg(l::text, ';' order by l.product_id) from product_listing l)))";

#[tokio::test]
async fn a_fresh_import_counts_every_row_as_new_whatever_the_order_of_the_files() {
    let (database, other) = (Database::new().await, Database::new().await);

    let report = load(&database, &csv::all()).await;

    let inserted: Vec<_> = report.counts.iter().map(|(kind, counts)| (*kind, counts.inserted)).collect();
    assert_eq!(
        inserted,
        [
            (Kind::Products, 4),
            (Kind::Variants, 6),
            (Kind::Prices, 5),
            (Kind::Stock, 4),
            (Kind::Images, 2),
            (Kind::Collections, 2),
            (Kind::CollectionProducts, 3)
        ]
    );
    assert!(report.changed);
    // Every variant has a stock row, also those that no stock row of the files names.
    assert_eq!(database.ask("select count(*) from stock").await, "6");
    // Another shop gets the same ids.
    let reversed: Vec<_> = csv::all().into_iter().rev().collect();
    load(&other, &reversed).await;
    assert_eq!(database.ask(EVERYTHING).await, other.ask(EVERYTHING).await);
}

#[tokio::test]
async fn importing_the_same_files_again_changes_nothing() {
    let database = shop().await;
    let before = database.ask(EVERYTHING).await;

    let stock = ImportOptions { stock: true, ..ImportOptions::default() };
    let report = try_load(&database, &csv::all(), stock, LATER).await.unwrap();

    assert!(!report.changed);
    assert!(report.counts.iter().all(|(_, counts)| counts.inserted + counts.updated + counts.removed == 0));
    assert_eq!(counts(&report, Kind::Variants), Counts { unchanged: 6, ..Counts::default() });
    assert_eq!(database.ask(EVERYTHING).await, before);
}

#[tokio::test]
async fn a_dry_run_reports_and_changes_nothing() {
    let database = shop().await;
    let before = database.ask(EVERYTHING).await;
    let files = [
        ("p.csv", "handle,title,description,vendor,tags,options\nmug,Red Mug,,,,Colour|Size\nnew,New,,,,\n"),
        ("v.csv", "product,sku,title,option_values,position\nnew,N1,,,1\n"),
    ];

    let dry = try_load(&database, &files, ImportOptions { dry_run: true, ..ImportOptions::default() }, LATER);
    let dry = dry.await.unwrap();

    assert_eq!(counts(&dry, Kind::Products), Counts { inserted: 1, updated: 1, ..Counts::default() });
    assert_eq!(database.ask(EVERYTHING).await, before);
    let real = try_load(&database, &files, ImportOptions::default(), LATER).await.unwrap();
    assert_eq!(real, dry);
    assert_ne!(database.ask(EVERYTHING).await, before);
}

#[tokio::test]
async fn a_change_reaches_the_listing_row_and_its_time() {
    let database = shop().await;
    let files = [
        ("p.csv", "handle,title,description,vendor,tags,options\nmug,Green Mug,Of clay,,kitchen,Shade|Size\n"),
        ("r.csv", "sku,market,currency,amount,compare_at\nM-BL,gb,GBP,9.99,\nG1,gb,GBP,1.00,\n"),
    ];

    let report = try_load(&database, &files, ImportOptions::default(), LATER).await.unwrap();

    assert_eq!(counts(&report, Kind::Prices), Counts { inserted: 1, updated: 1, ..Counts::default() });
    let mug =
        "select (title, price_min, price_max, variants_available, variant_count, updated_at = '2026-04-01 12:00+0',
        created_at = '2026-03-01 12:00+0', search @@ search_query_v1('green'), options -> 0 ->> 'name',
        tags) from product_listing where handle = 'mug'";
    assert_eq!(database.ask(mug).await, "(\"Green Mug\",450,999,1,3,t,t,t,Shade,{kitchen})");
    let renamed = "select selected_options -> 0 from variant where sku = 'M-BL'";
    assert_eq!(database.ask(renamed).await, r#"{"name": "Shade", "value": "Blue"}"#);
    // A first price puts a product on sale.
    let ghost = "select (price_min, variants_available) from product_listing where handle = 'ghost'";
    assert_eq!(database.ask(ghost).await, "(100,0)");
    // What the files do not name stays as it is.
    let lamp = "select updated_at = '2026-03-01 12:00+0' from product_listing where handle = 'lamp'";
    assert_eq!(database.ask(lamp).await, "true");
}

#[tokio::test]
async fn new_products_stand_behind_the_others_in_the_order_of_the_file() {
    let database = shop().await;
    let rows = "handle,title,description,vendor,tags,options\nz,Z,,,,\nmug,Blue Mug,,,,Colour|Size\na,A,,,,\n";

    load(&database, &[("p.csv", rows)]).await;

    let order = "select string_agg(handle, ' ' order by rank) from product";
    assert_eq!(database.ask(order).await, "mug lamp card ghost z a");
}

#[tokio::test]
async fn a_variant_more_brings_its_option_value_and_its_stock_row() {
    let database = shop().await;
    let files = [("v.csv", "product,sku,title,option_values,position\nmug,M-GL,Green large,Green|Large,4\n")];

    load(&database, &files).await;

    let options = "select options -> 0 -> 'values' from product where handle = 'mug'";
    assert_eq!(database.ask(options).await, r#"["Red", "Blue", "Green"]"#);
    let stock = "select on_hand from stock join variant on id = variant_id where sku = 'M-GL'";
    assert_eq!(database.ask(stock).await, "0");
    // Without a price it is not sold.
    assert_eq!(database.ask("select variant_count from product_listing where handle = 'mug'").await, "3");
}

#[tokio::test]
async fn images_and_members_of_what_the_files_name_are_replaced() {
    let database = shop().await;
    let files = [
        ("i.csv", "product,sku,url,alt,width,height\nmug,,https://img.example/new.jpg,New,10,10\n"),
        ("m.csv", "collection,product,position\nbest,card,1\nbest,mug,2\n"),
    ];

    let report = load(&database, &files).await;

    assert_eq!(counts(&report, Kind::Images), Counts { updated: 1, removed: 1, ..Counts::default() });
    let members = Counts { inserted: 1, unchanged: 1, removed: 1, ..Counts::default() };
    assert_eq!(counts(&report, Kind::CollectionProducts), members);
    assert_eq!(
        database.ask("select image_url from product_listing where handle = 'mug'").await,
        "https://img.example/new.jpg"
    );
    assert_eq!(database.ask("select count(*) from collection_product").await, "3");
}

#[tokio::test]
async fn stock_of_what_is_there_changes_only_when_asked_and_never_below_what_is_sold() {
    let database = shop().await;
    database.run("update stock set allocated = 3 where variant_id = (select id from variant where sku = 'L1')").await;
    let on_hand = "select string_agg(on_hand::text, ' ' order by sku) from stock join variant on id = variant_id";
    let file = |lamp: &str| format!("sku,on_hand\nM-RS,0\nL1,{lamp}\n");
    let stock = ImportOptions { stock: true, ..ImportOptions::default() };

    let left = load(&database, &[("s.csv", &file("9"))]).await;
    assert_eq!(counts(&left, Kind::Stock), Counts { left_alone: 2, ..Counts::default() });
    assert_eq!(database.ask(on_hand).await, "100 0 7 0 0 5");

    let refused = try_load(&database, &[("s.csv", &file("2"))], stock, LATER).await.unwrap_err();
    let ImportError::BadRows(report) = refused else { panic!("{refused}") };
    assert_eq!(csv::lines(&report.bad_rows), ["s.csv:3 on_hand is 2, but 3 are sold already"]);
    assert_eq!(database.ask(on_hand).await, "100 0 7 0 0 5");

    let set = try_load(&database, &[("s.csv", &file("3"))], stock, LATER).await.unwrap();
    assert_eq!(counts(&set, Kind::Stock), Counts { updated: 2, ..Counts::default() });
    assert_eq!(database.ask(on_hand).await, "100 0 3 0 0 0");
    let available = "select string_agg(variants_available::text, ' ' order by rank) from product_listing";
    assert_eq!(database.ask(available).await, "0 0 1");
}

#[tokio::test]
async fn compressed_files_and_byte_order_marks_are_read() {
    let database = Database::new().await;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(format!("\u{feff}{}", csv::PRODUCTS).as_bytes()).unwrap();
    let bytes = gzip.finish().unwrap();
    let stored = bytes.len() as u64;
    let source = Source { name: "products.csv.gz".into(), bytes: Box::new(std::io::Cursor::new(bytes)) };
    let mut told = Vec::new();

    let report = import(&database.url, vec![source], ImportOptions::default(), NOW, |step| told.push(step)).await;

    assert_eq!(counts(&report.unwrap(), Kind::Products).inserted, 4);
    let read = tidegate_store::catalog::import::Progress::Reading { bytes: stored, rows: 4 };
    assert!(told.contains(&read), "{told:?}");
}
