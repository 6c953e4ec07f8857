//! A page of products, read from the listing rows alone: one range of one index per sort.

use sqlx::types::Json;
use std::collections::HashMap;
use std::sync::Arc;
use tidegate_model::catalog::{Product, ProductFilter, ProductOption, ProductSort};
use tidegate_model::id::ProductId;
use tidegate_model::market::Market;
use tidegate_model::page::{CursorKey, Keyed, Page, Slice};
use uuid::Uuid;

use super::keyset::{self, Scan};
use super::row::{ListingRow, listing_rows};
use crate::{Conn, Statements, Store, StoreError};

/// A page of products. Three statements per scan, because the plan for no filter shall not pay for filters, and a
/// collection is small enough to be read as a whole and sorted. The three read the same rows.
macro_rules! page_of {
    ($conn:expr, $market:expr, $page:expr, $filter:expr, $bound:expr, $range:tt, $order:tt) => {{
        let (market, (key, id), filter) = ($market.id, $bound, $filter);
        let fetch = $page.fetch();
        if *filter == ProductFilter::default() {
            listing_rows!(
                ListingRow,
                ", l.rank",
                ["from product_listing l where l.market_id = $1 and " + $range + $order],
                market,
                key,
                id,
                fetch
            )
            .fetch_all($conn)
            .await?
        } else {
            let available = filter.available;
            let tags = (!filter.tags.is_empty()).then_some(filter.tags.as_slice());
            if let Some(collection) = filter.collection {
                listing_rows!(
                    ListingRow,
                    ", l.rank",
                    ["from collection_product c join product_listing l on l.product_id = c.product_id
                      where c.collection_id = $9 and ($5::bigint is null or l.price_min >= $5)
                        and ($6::bigint is null or l.price_min <= $6)
                        and ($7::boolean is null or (l.variants_available > 0) = $7)
                        and ($8::text[] is null or l.tags @> $8) and l.market_id = $1 and "
                        + $range
                        + $order],
                    market,
                    key,
                    id,
                    fetch,
                    filter.price_min,
                    filter.price_max,
                    available,
                    tags as _,
                    collection.0
                )
                .fetch_all($conn)
                .await?
            } else {
                listing_rows!(
                    ListingRow,
                    ", l.rank",
                    ["from product_listing l
                      where ($5::bigint is null or l.price_min >= $5) and ($6::bigint is null or l.price_min <= $6)
                        and ($7::boolean is null or (l.variants_available > 0) = $7)
                        and ($8::text[] is null or l.tags @> $8) and l.market_id = $1 and "
                        + $range
                        + $order],
                    market,
                    key,
                    id,
                    fetch,
                    filter.price_min,
                    filter.price_max,
                    available,
                    tags as _
                )
                .fetch_all($conn)
                .await?
            }
        }
    }};
}

/// A page of products. [`StoreError::BadValue`] for a cursor that belongs to another sort.
pub async fn products(
    conn: &mut Conn,
    market: &Market,
    page: &Page,
    filter: &ProductFilter,
    sort: ProductSort,
) -> Result<Slice<Product>, StoreError> {
    let rows = match sort {
        ProductSort::Relevance => by_rank(conn, market, page, filter).await?,
        ProductSort::Title => by_title(conn, market, page, filter).await?,
        ProductSort::PriceLowToHigh => by_price(conn, market, page, filter, Scan::smallest_first(page)).await?,
        ProductSort::PriceHighToLow => by_price(conn, market, page, filter, Scan::largest_first(page)).await?,
        ProductSort::Newest => by_creation(conn, market, page, filter).await?,
    };
    let keyed = rows.into_iter().map(|row| keyed(row, sort)).collect::<Result<_, _>>()?;
    Ok(Slice::from_rows(page, keyed))
}

fn keyed(mut row: ListingRow, sort: ProductSort) -> Result<Keyed<Product>, StoreError> {
    let rank = row.rank;
    let item = row.product()?;
    let id = item.id.0;
    let key = match sort {
        ProductSort::Relevance => CursorKey::Rank(rank, id),
        ProductSort::Title => CursorKey::Title(item.title.clone(), id),
        ProductSort::PriceLowToHigh | ProductSort::PriceHighToLow => CursorKey::Price(item.price_min.amount, id),
        ProductSort::Newest => CursorKey::Created(item.created_at, id),
    };
    Ok(Keyed { item, key })
}

async fn by_rank(
    conn: &mut Conn,
    market: &Market,
    page: &Page,
    filter: &ProductFilter,
) -> Result<Vec<ListingRow>, StoreError> {
    let scan = Scan::smallest_first(page);
    let bound = keyset::by_rank(page, scan)?;
    Ok(match scan {
        Scan::Up => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.rank, l.product_id) > ($2, $3)",
            " order by l.rank, l.product_id limit $4"
        ),
        Scan::Down => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.rank, l.product_id) < ($2, $3)",
            " order by l.rank desc, l.product_id desc limit $4"
        ),
    })
}

async fn by_title(
    conn: &mut Conn,
    market: &Market,
    page: &Page,
    filter: &ProductFilter,
) -> Result<Vec<ListingRow>, StoreError> {
    let scan = Scan::smallest_first(page);
    let bound = keyset::by_title(page, scan)?;
    Ok(match scan {
        Scan::Up => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.title, l.product_id) > ($2, $3)",
            " order by l.title, l.product_id limit $4"
        ),
        Scan::Down => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.title, l.product_id) < (coalesce($2, (select max(m.title) from product_listing m where m.market_id = $1)), $3)",
            " order by l.title desc, l.product_id desc limit $4"
        ),
    })
}

async fn by_price(
    conn: &mut Conn,
    market: &Market,
    page: &Page,
    filter: &ProductFilter,
    scan: Scan,
) -> Result<Vec<ListingRow>, StoreError> {
    let bound = keyset::by_price(page, scan)?;
    Ok(match scan {
        Scan::Up => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.price_min, l.product_id) > ($2, $3)",
            " order by l.price_min, l.product_id limit $4"
        ),
        Scan::Down => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.price_min, l.product_id) < ($2, $3)",
            " order by l.price_min desc, l.product_id desc limit $4"
        ),
    })
}

async fn by_creation(
    conn: &mut Conn,
    market: &Market,
    page: &Page,
    filter: &ProductFilter,
) -> Result<Vec<ListingRow>, StoreError> {
    let scan = Scan::largest_first(page);
    let bound = keyset::by_creation(page, scan)?;
    Ok(match scan {
        Scan::Up => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.created_at, l.product_id) > ($2, $3)",
            " order by l.created_at, l.product_id limit $4"
        ),
        Scan::Down => page_of!(
            conn,
            market,
            page,
            filter,
            bound,
            "(l.created_at, l.product_id) < ($2, $3)",
            " order by l.created_at desc, l.product_id desc limit $4"
        ),
    })
}

/// Products by id, for parents that could not be foreseen. What the market does not sell is missing.
pub async fn products_by_id(
    conn: &mut Conn,
    market: &Market,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Product>, StoreError> {
    let ids: Vec<Uuid> = products.iter().map(|id| id.0).collect();
    let rows = listing_rows!(
        ListingRow,
        ", l.rank",
        ["from product_listing l where l.market_id = $1 and l.product_id = any ($2)"],
        market.id,
        &ids
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|mut row| row.product().map(|product| (product.id, product))).collect()
}

impl Store {
    /// See [`products`].
    pub async fn catalog_products(
        &self,
        statements: Arc<Statements>,
        market: Market,
        page: Page,
        filter: ProductFilter,
        sort: ProductSort,
    ) -> Result<Slice<Product>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { products(conn, &market, &page, &filter, sort).await }))
            .await
    }

    /// See [`products_by_id`].
    pub async fn catalog_products_by_id(
        &self,
        statements: Arc<Statements>,
        market: Market,
        products: Vec<ProductId>,
    ) -> Result<HashMap<ProductId, Product>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { products_by_id(conn, &market, &products).await })).await
    }
}
