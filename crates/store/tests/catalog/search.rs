//! Search in a small catalogue.

use tidegate_model::catalog::ProductFilter;
use tidegate_model::market::SHIPPED;
use tidegate_model::page::{Direction, Page};
use tidegate_store::StoreError;

use crate::csv::shop;
use crate::database::{Database, statements};
use crate::reads::handles;

async fn find(database: &Database, text: &str, filter: ProductFilter) -> Vec<String> {
    let counter = statements();
    let found = database
        .store
        .catalog_search(counter.clone(), SHIPPED, text.to_owned(), Page::first(24), filter)
        .await
        .unwrap();
    assert_eq!(counter.count(), 1);
    handles(&found).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn words_of_the_title_the_tags_the_options_the_sku_and_the_text_find_a_product() {
    let database = shop().await;
    for text in ["mug", "MUGS", "blue mug", "clay", "m-bl", "Large", "potter", "lanterns", "lantern white"] {
        let expected = if text.to_lowercase().contains("lantern") { "lamp" } else { "mug" };
        assert_eq!(find(&database, text, ProductFilter::default()).await.first().unwrap(), expected, "{text}");
    }
}

#[tokio::test]
async fn a_misspelt_title_is_found() {
    let database = shop().await;
    for text in ["lantren", "lanten", "wite metal lantern", "birthay card", "birthdaycard", "blu mug"] {
        let found = find(&database, text, ProductFilter::default()).await;
        let expected = match text {
            "blu mug" => "mug",
            _ if text.starts_with('b') => "card",
            _ => "lamp",
        };
        assert_eq!(found.first().map(String::as_str), Some(expected), "{text}");
    }
}

#[tokio::test]
async fn any_text_is_harmless() {
    let database = shop().await;
    for text in ["%", "_", "%%%", "' or 1=1 --", "!!! & | <->", "\"", "a:*", "\\", "the", "", " ", "-", "🦀", "é"] {
        let found = find(&database, text, ProductFilter::default()).await;
        assert!(found.len() < 3, "{text}: {found:?}");
    }
    let long = "x y ".repeat(64);
    assert!(find(&database, &long, ProductFilter::default()).await.is_empty());
    let nul =
        database.store.catalog_search(statements(), SHIPPED, "a\0b".into(), Page::first(1), ProductFilter::default());
    assert!(matches!(nul.await, Err(StoreError::BadValue)));
}

#[tokio::test]
async fn a_filter_leaves_out_and_brings_nothing_in() {
    let database = shop().await;
    let cheap = ProductFilter { price_max: Some(100), ..ProductFilter::default() };
    assert_eq!(find(&database, "card", cheap.clone()).await, ["card"]);
    assert!(find(&database, "mug", cheap).await.is_empty());
    let tagged = ProductFilter { tags: vec!["light".into()], ..ProductFilter::default() };
    assert_eq!(find(&database, "lantern", tagged).await, ["lamp"]);
}

#[tokio::test]
async fn pages_of_matches_neither_repeat_nor_skip() {
    let database = shop().await;
    // Equal texts, so that scores come close and the order falls to rank and id.
    database
        .run(
            "insert into product (id, handle, title, rank, created_at, updated_at)
             select gen_random_uuid(), 'tray-' || n, 'Wooden Tray', 1000 + n / 3 * 20000, now(), now()
             from generate_series(1, 60) n;
             insert into product_listing (market_id, product_id, handle, title, description, tags, options, rank,
                 price_min, price_max, currency, variant_count, variants_available, created_at, updated_at, search)
             select 1, id, handle, title, '', '{}', '[]', rank, 100, 100, 'GBP', 1, 1, created_at, updated_at,
                    listing_search_v1(title, '', '') from product where handle like 'tray-%'",
        )
        .await;
    for text in ["wooden tray", "wooden tary"] {
        let page = |page| async {
            database
                .store
                .catalog_search(statements(), SHIPPED, text.into(), page, ProductFilter::default())
                .await
                .unwrap()
        };
        let whole = page(Page::first(250)).await;
        assert_eq!(whole.items.len(), 60, "{text}");
        for direction in [Direction::Forward, Direction::Backward] {
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let slice = page(Page { size: 7, direction, cursor: cursor.clone() }).await;
                let forward = direction == Direction::Forward;
                let edge = if forward { slice.items.last() } else { slice.items.first() };
                cursor = edge.map(|row| row.key.clone());
                let more = if forward { slice.has_next } else { slice.has_previous };
                seen = if forward { [seen, slice.items].concat() } else { [slice.items, seen].concat() };
                if !more {
                    break;
                }
            }
            assert_eq!(seen, whole.items, "{text} {direction:?}");
        }
    }
}
