//! Every reason for which a row is refused.

use tidegate_store::catalog::import::{ImportError, ImportOptions, Kind, Source, import};

use crate::csv::{LATER, NOW, all, counts, lines, rows, shop, try_load};
use crate::database::Database;

const P: &str = "handle,title,description,vendor,tags,options\n";
const V: &str = "product,sku,title,option_values,position\n";
const R: &str = "sku,market,currency,amount,compare_at\n";
const S: &str = "sku,on_hand\n";
const I: &str = "product,sku,url,alt,width,height\n";
const C: &str = "handle,title,description,position\n";
const M: &str = "collection,product,position\n";

/// The reasons that a shop gives for a file's rows, and that it changed nothing.
async fn reasons(database: &Database, header: &str, rows: &str) -> Vec<String> {
    let text = format!("{header}{rows}");
    let refused = try_load(database, &[("f", &text)], ImportOptions::default(), LATER).await.unwrap_err();
    let ImportError::BadRows(report) = refused else { panic!("{refused}") };
    assert_eq!(report.bad_row_count, report.bad_rows.len() as u64);
    lines(&report.bad_rows)
}

#[tokio::test]
async fn each_fault_of_a_row_alone_is_named() {
    let database = shop().await;
    let long = format!("{},T,,,,\n", "h".repeat(201));
    let many: String = format!("x,T,,,{},\n", vec!["t"; 101].join("|"));
    let cases: &[(&str, &str, &str)] = &[
        (P, "a,T,,,\n", "the row has 5 columns instead of 6"),
        (P, "a,T\u{0},,,,\n", "title has a control character"),
        (P, "a,T\u{7},,,,\n", "title has a control character"),
        (P, "\"a\nb\",T,,,,\n", "handle has a control character"),
        (P, ",T,,,,\n", "handle is empty"),
        (P, "a b,T,,,,\n", "handle has a blank or one of / ? # %"),
        (P, &long, "handle is longer than 200 characters"),
        (P, "a,,,,,\n", "title is empty"),
        (P, &many, "tags has more than 100 entries"),
        (P, "a,T,,,x||y,\n", "tags has an empty entry"),
        (P, "a,T,,,,Size|Size\n", "options names \"Size\" twice"),
        (V, "mug,X,,Red|Small,first\n", "position is not a whole number: \"first\""),
        (V, "mug,X,,Red|Small,-1\n", "position is negative"),
        (R, "L1,gb,gbp,1,\n", "currency is not three capital letters: \"gbp\""),
        (R, "L1,gb,GBP,-1,\n", "amount is negative"),
        (R, "L1,gb,GBP,1.005,\n", "amount has more decimals than GBP has, or is out of range: \"1.005\""),
        (R, "L1,gb,GBP,\"1,50\",\n", "amount is not a decimal amount: \"1,50\""),
        (R, "L1,gb,GBP,,\n", "amount is not a decimal amount: \"\""),
        (R, "L1,gb,GBP,10000000.01,\n", "amount is above 10000000.00"),
        (R, "L1,gb,GBP,2,2\n", "compare_at is not above amount"),
        (S, "L1,-1\n", "on_hand is negative"),
        (S, "L1,1000000000001\n", "on_hand is above 1000000000000"),
        (S, "L1,1.5\n", "on_hand is not a whole number: \"1.5\""),
        (I, "mug,,ftp://x/y,,1,1\n", "url is not an http or https address: \"ftp://x/y\""),
        (I, "mug,,https://x/y,,0,1\n", "width is below 1"),
        (I, "mug,,https://x/y,,1,20001\n", "height is above 20000"),
        (C, "a,,,1\n", "title is empty"),
        (M, "best,mug,x\n", "position is not a whole number: \"x\""),
    ];
    for (header, row, reason) in cases {
        assert_eq!(reasons(&database, header, row).await, [format!("f:2 {reason}")], "{row:?}");
    }
}

#[tokio::test]
async fn each_fault_against_other_rows_is_named() {
    let database = shop().await;
    let cases: &[(&str, &str, &str)] = &[
        (P, "a,T,,,,\na,U,,,,\n", "f:3 product \"a\" is already in f, line 2"),
        (P, "mug,T,,,,Colour\n", "f:2 1 options, but variant \"M-BL\" keeps 2 option values"),
        (V, "mug,X,,Red|Small,1\nlamp,X,,,1\n", "f:3 variant \"X\" is already in f, line 2"),
        (V, "nothing,X,,,1\n", "f:2 product \"nothing\" is not known"),
        (V, "lamp,M-RS,,,1\n", "f:2 variant \"M-RS\" belongs to product \"mug\""),
        (V, "mug,X,,Red,1\n", "f:2 1 option values where the product has 2 options"),
        (R, "L1,gb,GBP,1,\nL1,gb,GBP,2,\n", "f:3 the price of \"L1\" in \"gb\" is already in f, line 2"),
        (R, "X,gb,GBP,1,\n", "f:2 variant \"X\" is not known"),
        (R, "L1,us,USD,1,\n", "f:2 market \"us\" is not known"),
        (R, "L1,gb,EUR,1,\n", "f:2 market \"gb\" sells in GBP, not in EUR"),
        (S, "L1,1\nL1,1\n", "f:3 the stock of \"L1\" is already in f, line 2"),
        (S, "X,1\n", "f:2 variant \"X\" is not known"),
        (I, "x,,https://x/y,,1,1\n", "f:2 product \"x\" is not known"),
        (I, "lamp,M-RS,https://x/y,,1,1\n", "f:2 product \"lamp\" has no variant \"M-RS\""),
        (I, "mug,,https://x/y,,1,1\nmug,,https://x/y,,2,2\n", "f:3 the same image is already in f, line 2"),
        (C, "a,T,,1\na,U,,2\n", "f:3 collection \"a\" is already in f, line 2"),
        (M, "best,mug,1\nbest,mug,2\n", "f:3 product \"mug\" of collection \"best\" is already in f, line 2"),
        (M, "x,mug,1\n", "f:2 collection \"x\" is not known"),
        (M, "best,x,1\n", "f:2 product \"x\" is not known"),
    ];
    for (header, rows, reason) in cases {
        assert_eq!(reasons(&database, header, rows).await, [*reason], "{rows:?}");
    }
}

#[tokio::test]
async fn a_product_has_250_variants_at_most() {
    let database = shop().await;
    let rows = rows(0..250, |n| format!("lamp,L-{n},,,{n}\n"));

    let refused = reasons(&database, V, &rows).await;

    assert_eq!(refused, ["f:251 product \"lamp\" has more than 250 variants"]);
}

#[tokio::test]
async fn a_file_that_is_not_ours_is_refused_by_name() {
    let database = Database::new().await;
    for text in ["", "sku\n", "handle,title\nx,y\n", "\u{1f}\u{8b}"] {
        let refused = try_load(&database, &[("odd.csv", text)], ImportOptions::default(), NOW).await.unwrap_err();
        assert!(matches!(&refused, ImportError::Header { file } if file == "odd.csv"), "{refused}");
        assert!(refused.to_string().contains("handle,title,description,vendor,tags,options"), "{refused}");
    }
    let broken = Source { name: "cut.gz".into(), bytes: Box::new(&[0x1f, 0x8b, 8, 0, 0, 0][..]) };
    let refused = import(&database.url, vec![broken], ImportOptions::default(), NOW, |_| {}).await.unwrap_err();
    assert!(matches!(&refused, ImportError::Read { file, .. } if file == "cut.gz"), "{refused}");
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_are_a_bad_row() {
    let database = Database::new().await;
    let source = Source { name: "latin.csv".into(), bytes: Box::new(&b"sku,on_hand\n\xe9,1\n"[..]) };

    let refused = import(&database.url, vec![source], ImportOptions::default(), NOW, |_| {}).await.unwrap_err();

    let ImportError::BadRows(report) = refused else { panic!("{refused}") };
    assert_eq!(lines(&report.bad_rows), ["latin.csv:2 sku is not UTF-8"]);
}

#[tokio::test]
async fn bad_rows_are_left_out_on_request_with_everything_that_hangs_on_them() {
    let database = Database::new().await;
    let files: Vec<(&str, String)> = all()
        .into_iter()
        .map(|(name, text)| {
            (name, if name == "products.csv" { text.replace("White Metal Lantern", "") } else { text.into() })
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let refused = try_load(&database, &files, ImportOptions::default(), NOW).await.unwrap_err();
    let ImportError::BadRows(refused) = refused else { panic!("{refused}") };
    assert_eq!(database.ask("select count(*) from product").await, "0");

    let skip = ImportOptions { skip_bad_rows: true, ..ImportOptions::default() };
    let report = try_load(&database, &files, skip, NOW).await.unwrap();

    assert_eq!(
        lines(&report.bad_rows),
        [
            "stock.csv:4 variant \"L1\" is not known",
            "collection_products.csv:2 product \"lamp\" is not known",
            "prices.csv:5 variant \"L1\" is not known",
            "variants.csv:5 product \"lamp\" is not known",
            "products.csv:4 title is empty",
        ]
    );
    assert_eq!(report.bad_rows, refused.bad_rows);
    assert_eq!((counts(&report, Kind::Products).inserted, counts(&report, Kind::Products).bad), (3, 1));
    assert_eq!(database.ask("select string_agg(handle, ' ' order by rank) from product_listing").await, "mug card");
}

#[tokio::test]
async fn a_thousand_bad_rows_are_kept_and_all_are_counted() {
    let database = Database::new().await;
    let rows: String = (0..1500).map(|n| if n % 2 == 0 { format!("s{n},-1\n") } else { format!("s{n},1\n") }).collect();

    let refused = try_load(&database, &[("s.csv", &format!("{S}{rows}"))], ImportOptions::default(), NOW).await;

    let Err(ImportError::BadRows(report)) = refused else { panic!() };
    assert_eq!((report.bad_row_count, report.bad_rows.len()), (1500, 1000));
    assert_eq!((report.bad_rows[0].line, report.bad_rows[999].line), (2, 1001));
}
