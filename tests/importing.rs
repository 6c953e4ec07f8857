//! `tidegate import` as an operator runs it: what it prints, what it exits with, and what it leaves.

use tidegate_testkit::{CATALOGUE, Database};

use crate::command::{Said, tidegate};

/// A folder with the small catalogue, and a database without one.
struct Desk {
    database: Database,
    folder: tempfile::TempDir,
}

impl Desk {
    async fn new() -> Self {
        let desk = Self { database: Database::new().await, folder: tempfile::tempdir().unwrap() };
        for (name, text) in CATALOGUE {
            desk.write(name, text);
        }
        desk
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Imports files of the folder.
    async fn import(&self, options: &str, names: &[&str]) -> Said {
        let folder = self.folder.path().display();
        let files: Vec<_> = names.iter().map(|name| format!("{folder}/{name}")).collect();
        let mut said = tidegate(&self.database, &format!("import {options} {}", files.join(" "))).await;
        said.out = said.out.replace(&format!("{folder}/"), "");
        said
    }

    async fn import_all(&self, options: &str) -> Said {
        let names: Vec<_> = CATALOGUE.iter().map(|(name, _)| *name).collect();
        self.import(options, &names).await
    }

    /// Everything that an import could have changed.
    async fn contents(&self) -> String {
        let tables = ["product", "variant", "price", "stock", "collection", "collection_product", "product_listing"];
        let rows = tables.map(|table| {
            format!("(select coalesce(string_agg({table}::text, ' ' order by {table}::text), '') from {table})")
        });
        self.database.ask(&format!("select {}", rows.join(" || '; ' || "))).await
    }

    async fn on_hand(&self) -> String {
        self.database.ask("select string_agg(sku || ' ' || on_hand, ', ' order by sku) from stock join variant on id = variant_id").await
    }
}

#[tokio::test]
async fn a_dry_run_tells_what_an_import_would_do_and_changes_nothing() {
    let desk = Desk::new().await;
    let empty = desk.contents().await;

    let dry = desk.import_all("--dry-run").await;

    insta::assert_snapshot!(dry.done(), @r"
    products             3 new
    variants             4 new
    prices               4 new
    stock                4 new
    collections          2 new
    collection_products  4 new
    Nothing was written; this is what an import would do.
    ");
    assert_eq!(desk.contents().await, empty);
    insta::assert_snapshot!(desk.import_all("").await.done(), @r"
    products             3 new
    variants             4 new
    prices               4 new
    stock                4 new
    collections          2 new
    collection_products  4 new
    Imported.
    ");
    assert_ne!(desk.contents().await, empty);
    insta::assert_snapshot!(desk.import_all("--dry-run").await.done(), @r"
    products             3 unchanged
    variants             4 unchanged
    prices               4 unchanged
    stock                4 unchanged
    collections          2 unchanged
    collection_products  4 unchanged
    An import would change nothing.
    ");
    insta::assert_snapshot!(desk.import_all("").await.done(), @r"
    products             3 unchanged
    variants             4 unchanged
    prices               4 unchanged
    stock                4 unchanged
    collections          2 unchanged
    collection_products  4 unchanged
    Everything was there already.
    ");
}

#[tokio::test]
async fn bad_rows_are_named_and_nothing_is_imported_unless_they_are_skipped() {
    let desk = Desk::new().await;
    desk.import_all("").await.done();
    desk.write(
        "new.csv",
        "sku,market,currency,amount,compare_at\nMUG-R,gb,GBP,2.75,\nMUG-B,gb,GBP,1.005,\nJUG,gb,GBP,9.00,\n",
    );
    let before = desk.contents().await;

    let refused = desk.import("", &["new.csv"]).await;
    assert_eq!(refused.code, 1, "{refused:?}");
    insta::assert_snapshot!(refused.out, @r#"
    new.csv:3: amount has more decimals than GBP has, or is out of range: "1.005"
    new.csv:4: variant "JUG" is not known
    "#);
    insta::assert_snapshot!(refused.err, @r"
    error: 2 bad rows; nothing was imported
    hint: mend them, or leave them out with --skip-bad-rows
    ");
    assert_eq!(desk.contents().await, before);
    let dry = desk.import("--dry-run --skip-bad-rows", &["new.csv"]).await;
    insta::assert_snapshot!(dry.done(), @r#"
    new.csv:3: amount has more decimals than GBP has, or is out of range: "1.005"
    new.csv:4: variant "JUG" is not known
    prices               1 changed, 2 bad
    Nothing was written; this is what an import would do.
    "#);
    assert_eq!(desk.contents().await, before);

    let skipped = desk.import("--skip-bad-rows", &["new.csv"]).await;

    insta::assert_snapshot!(skipped.done(), @r#"
    new.csv:3: amount has more decimals than GBP has, or is out of range: "1.005"
    new.csv:4: variant "JUG" is not known
    prices               1 changed, 2 bad
    Imported.
    "#);
    let prices =
        "select string_agg(sku || ' ' || amount, ', ' order by sku) from price join variant on id = variant_id";
    assert_eq!(desk.database.ask(prices).await, "CANDLE 999, MUG-B 300, MUG-R 275, TOWEL 400");
}

#[tokio::test]
async fn stock_that_is_there_is_set_only_when_asked_for() {
    let desk = Desk::new().await;
    desk.import_all("").await.done();
    desk.database.run("update stock set allocated = 3 where on_hand = 5").await;
    desk.write("stock.csv", "sku,on_hand\nMUG-R,99\nTOWEL,7\n");

    insta::assert_snapshot!(desk.import("", &["stock.csv"]).await.done(), @r"
    stock                2 left alone (--stock sets them)
    Everything was there already.
    ");
    assert_eq!(desk.on_hand().await, "CANDLE 0, MUG-B 10, MUG-R 10, TOWEL 5");

    insta::assert_snapshot!(desk.import("--stock", &["stock.csv"]).await.done(), @r"
    stock                2 changed
    Imported.
    ");
    assert_eq!(desk.on_hand().await, "CANDLE 0, MUG-B 10, MUG-R 99, TOWEL 7");
    assert_eq!(desk.database.count("select sum(allocated) from stock").await, 3, "what is sold stays sold");
}

#[tokio::test]
async fn what_cannot_be_begun_is_another_exit_code() {
    let desk = Desk::new().await;
    let empty = desk.contents().await;

    let missing = desk.import("", &["products.csv", "nothing.csv"]).await;
    assert_eq!(missing.code, 2);
    assert!(missing.refused().contains("nothing.csv"), "{missing:?}");
    let no_files = tidegate(&desk.database, "import").await;
    assert_eq!((no_files.code, no_files.out.as_str()), (2, ""), "{no_files:?}");
    let unknown = tidegate(&desk.database, "import --stok x.csv").await;
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""), "{unknown:?}");
    let nowhere = Database { url: "postgres://nobody@127.0.0.1:1/nothing".to_owned() };
    let unreachable = tidegate(&nowhere, &format!("import {}/products.csv", desk.folder.path().display())).await;
    assert_eq!(unreachable.code, 1);
    unreachable.refused();

    desk.write("odd.csv", "name,colour\nmug,red\n");
    let odd = desk.import("", &["products.csv", "odd.csv"]).await;
    assert_eq!(odd.code, 1);
    assert!(odd.refused().contains("odd.csv"), "{odd:?}");
    assert_eq!(desk.contents().await, empty);
}
