//! Reads of a small catalogue.

use std::cmp::Ordering;
use tidegate_model::catalog::{
    CollectionRef, CollectionSort, Product, ProductFilter, ProductHint, ProductRef, ProductSort,
};
use tidegate_model::market::SHIPPED;
use tidegate_model::page::{CursorKey, Direction, Page, Slice};
use tidegate_store::StoreError;
use uuid::Uuid;

use crate::csv::shop;
use crate::database::{Database, statements};

pub(crate) fn handles(slice: &Slice<Product>) -> Vec<&str> {
    slice.items.iter().map(|row| row.item.handle.as_str()).collect()
}

async fn product(database: &Database, by: ProductRef, hint: ProductHint) -> Option<Product> {
    let counter = statements();
    let found = database.store.catalog_product(counter.clone(), SHIPPED, by, hint).await.unwrap();
    assert_eq!(counter.count(), 1);
    found
}

#[tokio::test]
async fn a_product_comes_whole_in_one_statement() {
    let database = shop().await;
    let hint = ProductHint { variants: Some(250), collections: Some(250) };

    let mug = product(&database, ProductRef::Handle("mug".into()), hint).await.unwrap();

    assert_eq!((mug.title.as_str(), mug.description.as_str()), ("Blue Mug", "A mug,\nof clay"));
    assert_eq!((mug.price_min.decimal(), mug.price_max.decimal()), ("4.50".into(), "6.00".into()));
    assert_eq!((mug.variant_count, mug.variants_available), (3, 1));
    assert_eq!(mug.image.url, "https://img.example/mug.jpg");
    let options: Vec<_> = mug.options.iter().map(|option| (option.name.as_str(), option.values.join("/"))).collect();
    assert_eq!(options, [("Colour", "Red/Blue".to_owned()), ("Size", "Small/Large".to_owned())]);
    let variants = mug.variants.unwrap();
    assert!(variants.complete);
    let shown: Vec<_> = variants
        .items
        .iter()
        .map(|row| {
            let variant = &row.item;
            let compare_at = variant.compare_at_price.map(|money| money.decimal());
            let image = variant.image.url.as_str();
            (variant.sku.as_str(), variant.price.decimal(), compare_at, variant.available, image)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("M-RS", "4.50".into(), None, 5, "https://img.example/mug.jpg"),
            ("M-BS", "4.50".into(), Some("5.00".into()), 0, "https://img.example/mug.jpg"),
            ("M-BL", "6.00".into(), None, 0, "https://img.example/blue.jpg"),
        ]
    );
    assert_eq!(variants.items[2].item.selected_options[1].value, "Large");
    let collections: Vec<_> = mug.collections.unwrap().items.iter().map(|row| row.item.handle.clone()).collect();
    assert_eq!(collections, ["best", "kitchen"]);
}

#[tokio::test]
async fn a_product_is_found_by_id_handle_and_sku_with_and_without_what_is_read_ahead() {
    let database = shop().await;
    let bare = product(&database, ProductRef::Handle("mug".into()), ProductHint::default()).await.unwrap();
    assert_eq!((&bare.variants, &bare.collections), (&None, &None));

    for hint in [ProductHint::default(), ProductHint { variants: Some(2), collections: None }] {
        for by in [ProductRef::Id(bare.id), ProductRef::Handle("mug".into()), ProductRef::Sku("M-BL".into())] {
            let found = product(&database, by, hint).await.unwrap();
            assert_eq!(found.id, bare.id);
            let window = found.variants.map(|window| (window.items.len(), window.complete));
            assert_eq!(window, hint.variants.map(|_| (2, false)));
        }
        for by in [ProductRef::Id(Uuid::nil().into()), ProductRef::Handle("ghost".into()), ProductRef::Sku("no".into())]
        {
            assert_eq!(product(&database, by, hint).await, None);
        }
    }
}

/// Reads a whole list page by page, both ways, and compares with the list in one piece.
async fn pages_agree(database: &Database, filter: &ProductFilter, sort: ProductSort) -> Vec<Product> {
    let page = |page: Page| {
        let filter = filter.clone();
        async move { database.store.catalog_products(statements(), SHIPPED, page, filter, sort).await.unwrap() }
    };
    let whole = page(Page::first(250)).await;
    assert!(!whole.has_next && !whole.has_previous);
    for direction in [Direction::Forward, Direction::Backward] {
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let slice = page(Page { size: 1, direction, cursor: cursor.clone() }).await;
            let more = if direction == Direction::Forward { slice.has_next } else { slice.has_previous };
            cursor = slice.items.first().map(|row| row.key.clone());
            seen.extend(slice.items);
            if !more {
                break;
            }
        }
        if direction == Direction::Backward {
            seen.reverse();
        }
        assert_eq!(seen, whole.items, "{sort:?} {direction:?}");
    }
    whole.items.into_iter().map(|row| row.item).collect()
}

/// How two products of a list stand to each other.
type Order = fn(&Product, &Product) -> Ordering;

#[tokio::test]
async fn every_sort_pages_through_everything_once_both_ways() {
    let database = shop().await;
    let sorts: [(ProductSort, Order); 4] = [
        (ProductSort::Title, |a, b| a.title.cmp(&b.title)),
        (ProductSort::PriceLowToHigh, |a, b| a.price_min.amount.cmp(&b.price_min.amount)),
        (ProductSort::PriceHighToLow, |a, b| b.price_min.amount.cmp(&a.price_min.amount)),
        (ProductSort::Newest, |a, b| (b.created_at, b.id).cmp(&(a.created_at, a.id))),
    ];

    let by_rank = pages_agree(&database, &ProductFilter::default(), ProductSort::Relevance).await;

    // What has no price is not sold; the rest stand in the order of the file.
    assert_eq!(by_rank.iter().map(|product| product.handle.as_str()).collect::<Vec<_>>(), ["mug", "lamp", "card"]);
    let everything = ProductFilter { price_min: Some(0), ..ProductFilter::default() };
    for (sort, order) in sorts {
        for filter in [&ProductFilter::default(), &everything] {
            let list = pages_agree(&database, filter, sort).await;
            assert_eq!(list.len(), 3);
            assert!(list.is_sorted_by(|a, b| order(a, b).is_le()), "{sort:?}");
        }
    }
}

#[tokio::test]
async fn filters_hold_together() {
    let database = shop().await;
    let best = database.store.catalog_collection(statements(), CollectionRef::Handle("best".into())).await.unwrap();
    let none = ProductFilter::default;
    let cases = [
        (ProductFilter { price_min: Some(339), ..none() }, vec!["mug", "lamp"]),
        (ProductFilter { price_max: Some(339), ..none() }, vec!["lamp", "card"]),
        (ProductFilter { available: Some(false), ..none() }, vec![]),
        (ProductFilter { tags: vec!["kitchen".into(), "clay".into()], ..none() }, vec!["mug"]),
        (ProductFilter { tags: vec!["kitchen".into(), "light".into()], ..none() }, vec![]),
        (ProductFilter { collection: best.map(|collection| collection.id), ..none() }, vec!["mug", "lamp"]),
        (ProductFilter { collection: Some(Uuid::nil().into()), ..none() }, vec![]),
    ];
    for (filter, expected) in cases {
        for sort in [ProductSort::Relevance, ProductSort::Newest] {
            let list = pages_agree(&database, &filter, sort).await;
            let mut found: Vec<_> = list.iter().map(|product| product.handle.as_str()).collect();
            found.sort_by_key(|handle| ["mug", "lamp", "card"].iter().position(|known| known == handle));
            assert_eq!(found, expected, "{filter:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_a_bad_value() {
    let database = shop().await;
    let page = Page { cursor: Some(CursorKey::Id(Uuid::nil())), ..Page::first(3) };
    for sort in [ProductSort::Relevance, ProductSort::Title, ProductSort::PriceHighToLow, ProductSort::Newest] {
        let answer =
            database.store.catalog_products(statements(), SHIPPED, page.clone(), ProductFilter::default(), sort).await;
        assert!(matches!(answer, Err(StoreError::BadValue)), "{sort:?}");
    }
    let found =
        database.store.catalog_search(statements(), SHIPPED, "mug".into(), page.clone(), ProductFilter::default());
    assert!(matches!(found.await, Err(StoreError::BadValue)));
    let listed = database.store.catalog_collections(statements(), page, CollectionSort::Title).await;
    assert!(matches!(listed, Err(StoreError::BadValue)));
}

#[tokio::test]
async fn what_could_not_be_foreseen_costs_one_statement_for_all_parents() {
    let database = shop().await;
    let counter = statements();
    let store = &database.store;
    let list = store
        .catalog_products(counter.clone(), SHIPPED, Page::first(9), ProductFilter::default(), ProductSort::Relevance)
        .await
        .unwrap();
    let ids: Vec<_> = list.items.iter().map(|row| row.item.id).collect();
    assert_eq!(counter.count(), 1);

    let variants = store.catalog_variants(counter.clone(), SHIPPED, ids.clone()).await.unwrap();
    let collections = store.catalog_collections_of(counter.clone(), ids.clone()).await.unwrap();
    let products = store.catalog_products_by_id(counter.clone(), SHIPPED, ids.clone()).await.unwrap();
    assert_eq!(counter.count(), 4);

    assert_eq!(variants[&ids[0]].iter().map(|v| v.sku.as_str()).collect::<Vec<_>>(), ["M-RS", "M-BS", "M-BL"]);
    assert_eq!(collections[&ids[0]].iter().map(|c| c.handle.as_str()).collect::<Vec<_>>(), ["best", "kitchen"]);
    assert!(!collections.contains_key(&ids[2]));
    assert_eq!(products[&ids[1]].handle, "lamp");
    let variant_ids = variants[&ids[0]].iter().map(|variant| variant.id).collect();
    let by_id = store.catalog_variants_by_id(counter, SHIPPED, variant_ids).await.unwrap();
    assert_eq!(by_id.len(), 3);
    assert_eq!(by_id[&variants[&ids[0]][2].id], variants[&ids[0]][2]);
}

#[tokio::test]
async fn collections_and_their_products_are_paged() {
    let database = shop().await;
    let store = &database.store;
    let by_position = store.catalog_collections(statements(), Page::first(1), CollectionSort::Position).await.unwrap();
    assert_eq!(by_position.items[0].item.handle, "best");
    assert!(by_position.has_next);
    let last = Page { direction: Direction::Backward, ..Page::first(1) };
    let by_title = store.catalog_collections(statements(), last.clone(), CollectionSort::Title).await.unwrap();
    assert_eq!(by_title.items[0].item.handle, "kitchen");

    let best = by_position.items[0].item.id;
    let kitchen = by_title.items[0].item.id;
    let counter = statements();
    let first = Page::first(1);
    let pages = store.catalog_collection_products(counter.clone(), SHIPPED, vec![best, kitchen], first).await.unwrap();
    assert_eq!(counter.count(), 1);
    assert_eq!((handles(&pages[&best]), pages[&best].has_next), (vec!["lamp"], true));
    assert_eq!((handles(&pages[&kitchen]), pages[&kitchen].has_next), (vec!["mug"], false));
    let behind = Page { cursor: Some(pages[&best].items[0].key.clone()), ..Page::first(5) };
    let pages = store.catalog_collection_products(counter.clone(), SHIPPED, vec![best], behind).await.unwrap();
    assert_eq!((handles(&pages[&best]), pages[&best].has_previous), (vec!["mug"], true));
    let pages = store.catalog_collection_products(counter, SHIPPED, vec![best], last).await.unwrap();
    assert_eq!((handles(&pages[&best]), pages[&best].has_previous), (vec!["mug"], true));
    let by_id = store.catalog_collections_by_id(statements(), vec![best, kitchen]).await.unwrap();
    assert_eq!(by_id[&kitchen].title, "Kitchen");
}
