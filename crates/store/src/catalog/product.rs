//! One product, with its variants and collections in the same statement when they are going to be asked for.

use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::catalog::{Collection, Product, ProductHint, ProductOption, ProductRef, SelectedOption, Variant};
use tidegate_model::id::{CollectionId, VariantId};
use tidegate_model::market::Market;
use tidegate_model::money::Money;
use tidegate_model::page::{CursorKey, Keyed, MAX_SIZE, Window};
use time::OffsetDateTime;
use uuid::Uuid;

use super::row::{DetailRow, ListingRow, image, listing_rows};
use crate::{Conn, Statements, Store, StoreError};

/// The listing row alone.
macro_rules! bare {
    ($conn:expr, $market:expr, $key:expr, $condition:tt) => {
        listing_rows!(
            ListingRow,
            ", l.rank",
            ["from product_listing l where l.market_id = $1 and " + $condition],
            $market.id,
            $key
        )
        .fetch_optional($conn)
        .await?
    };
}

/// The listing row with as many variants and collections as asked for. Parallel arrays: one row comes over the wire,
/// and the product's own columns once. A limit of zero starts none of the inner scans.
macro_rules! detailed {
    ($conn:expr, $market:expr, $key:expr, $variants:expr, $collections:expr, $condition:tt) => {
        listing_rows!(
            DetailRow,
            r#", v.ids as "variant_ids?: Vec<Uuid>", v.skus as "skus?: Vec<String>",
                v.titles as "variant_titles?: Vec<String>",
                v.options as "selected_options?: Vec<Json<Vec<SelectedOption>>>",
                v.positions as "variant_positions?: Vec<i32>", v.amounts as "amounts?: Vec<i64>",
                v.compare_ats as "compare_ats?: Vec<Option<i64>>", v.available as "available?: Vec<i64>",
                v.image_urls as "variant_image_urls?: Vec<Option<String>>",
                v.image_alts as "variant_image_alts?: Vec<Option<String>>",
                v.image_widths as "variant_image_widths?: Vec<Option<i32>>",
                v.image_heights as "variant_image_heights?: Vec<Option<i32>>",
                c.ids as "collection_ids?: Vec<Uuid>", c.handles as "collection_handles?: Vec<String>",
                c.titles as "collection_titles?: Vec<String>",
                c.descriptions as "collection_descriptions?: Vec<String>",
                c.positions as "collection_positions?: Vec<i32>",
                c.updates as "collection_updates?: Vec<OffsetDateTime>""#,
            ["from product_listing l
              left join lateral (
                  select array_agg(x.id) as ids, array_agg(x.sku) as skus, array_agg(x.title) as titles,
                         array_agg(x.selected_options) as options, array_agg(x.position) as positions,
                         array_agg(x.amount) as amounts, array_agg(x.compare_at) as compare_ats,
                         array_agg(x.available) as available, array_agg(x.url) as image_urls,
                         array_agg(x.alt) as image_alts, array_agg(x.width) as image_widths,
                         array_agg(x.height) as image_heights
                  from (select y.id, y.sku, y.title, y.selected_options, y.position, p.amount, p.compare_at,
                               coalesce(s.on_hand - s.allocated, 0) as available, i.url, i.alt, i.width, i.height
                        from variant y
                        join price p on p.variant_id = y.id and p.market_id = $1
                        left join stock s on s.variant_id = y.id
                        left join lateral (select url, alt, width, height from product_image
                                           where variant_id = y.id order by position limit 1) i on true
                        where y.product_id = l.product_id
                        order by y.position, y.id limit $3) x) v on true
              left join lateral (
                  select array_agg(x.id) as ids, array_agg(x.handle) as handles, array_agg(x.title) as titles,
                         array_agg(x.description) as descriptions, array_agg(x.position) as positions,
                         array_agg(x.updated_at) as updates
                  from (select y.id, y.handle, y.title, y.description, y.position, y.updated_at
                        from collection_product m join collection y on y.id = m.collection_id
                        where m.product_id = l.product_id
                        order by y.position, y.id limit $4) x) c on true
              where l.market_id = $1 and "
                + $condition],
            $market.id,
            $key,
            $variants,
            $collections
        )
        .fetch_optional($conn)
        .await?
    };
}

/// One product as the market sees it; `None` when it has no variant with a price there.
pub async fn product(
    conn: &mut Conn,
    market: &Market,
    by: &ProductRef,
    hint: ProductHint,
) -> Result<Option<Product>, StoreError> {
    if hint == ProductHint::default() {
        let row = match by {
            ProductRef::Id(id) => bare!(conn, market, id.0, "l.product_id = $2"),
            ProductRef::Handle(handle) => bare!(conn, market, handle, "l.handle = $2"),
            ProductRef::Sku(sku) => {
                bare!(conn, market, sku, "l.product_id = (select k.product_id from variant k where k.sku = $2)")
            }
        };
        return row.map(|mut row| row.product()).transpose();
    }
    let variants = hint.variants.map_or(0, |size| size.min(MAX_SIZE));
    let collections = hint.collections.map_or(0, |size| size.min(MAX_SIZE));
    let fetch = |hinted: Option<u32>, size: u32| hinted.map_or(0, |_| i64::from(size) + 1);
    let (v, c) = (fetch(hint.variants, variants), fetch(hint.collections, collections));
    let row = match by {
        ProductRef::Id(id) => detailed!(conn, market, id.0, v, c, "l.product_id = $2"),
        ProductRef::Handle(handle) => detailed!(conn, market, handle, v, c, "l.handle = $2"),
        ProductRef::Sku(sku) => {
            detailed!(conn, market, sku, v, c, "l.product_id = (select k.product_id from variant k where k.sku = $2)")
        }
    };
    let Some(mut row) = row else { return Ok(None) };
    let mut product = row.product()?;
    if hint.variants.is_some() {
        product.variants = Some(Window::from_rows(variants as usize, variants_of(&product, &mut row)?));
    }
    if hint.collections.is_some() {
        product.collections = Some(Window::from_rows(collections as usize, collections_of(row)?));
    }
    Ok(Some(product))
}

/// The next element of a parallel array.
fn next<T>(array: &mut impl Iterator<Item = T>, column: &'static str, row: Uuid) -> Result<T, StoreError> {
    array.next().ok_or(StoreError::Inconsistent { table: "product_listing", column, row })
}

/// An array that may be absent, as an iterator that gives its elements away.
macro_rules! drain {
    ($($array:expr),*) => { ($($array.take().unwrap_or_default().into_iter()),*) };
}

fn variants_of(product: &Product, row: &mut DetailRow) -> Result<Vec<Keyed<Variant>>, StoreError> {
    let at = product.id.0;
    let (mut skus, mut titles, mut options, mut positions) =
        drain!(row.skus, row.variant_titles, row.selected_options, row.variant_positions);
    let (mut amounts, mut compare_ats, mut available) = drain!(row.amounts, row.compare_ats, row.available);
    let (mut urls, mut alts, mut widths, mut heights) =
        drain!(row.variant_image_urls, row.variant_image_alts, row.variant_image_widths, row.variant_image_heights);
    let currency = product.price_min.currency;
    let ids = row.variant_ids.take().unwrap_or_default();
    let mut variants = Vec::with_capacity(ids.len());
    for id in ids {
        let own = image(
            next(&mut urls, "url", at)?,
            next(&mut alts, "alt", at)?,
            next(&mut widths, "width", at)?,
            next(&mut heights, "height", at)?,
        );
        let item = Variant {
            id: VariantId(id),
            product_id: product.id,
            sku: next(&mut skus, "sku", at)?,
            title: next(&mut titles, "title", at)?,
            selected_options: next(&mut options, "selected_options", at)?.0,
            price: Money::new(next(&mut amounts, "amount", at)?, currency),
            compare_at_price: next(&mut compare_ats, "compare_at", at)?.map(|amount| Money::new(amount, currency)),
            available: next(&mut available, "available", at)?,
            image: own.unwrap_or_else(|| product.image.clone()),
            product: None,
        };
        variants.push(Keyed { item, key: CursorKey::Position(next(&mut positions, "position", at)?, id) });
    }
    Ok(variants)
}

fn collections_of(mut row: DetailRow) -> Result<Vec<Keyed<Collection>>, StoreError> {
    let at = row.product_id;
    let (mut handles, mut titles, mut descriptions) =
        drain!(row.collection_handles, row.collection_titles, row.collection_descriptions);
    let (mut positions, mut updates) = drain!(row.collection_positions, row.collection_updates);
    let ids = row.collection_ids.take().unwrap_or_default();
    let mut collections = Vec::with_capacity(ids.len());
    for id in ids {
        let item = Collection {
            id: CollectionId(id),
            handle: next(&mut handles, "handle", at)?,
            title: next(&mut titles, "title", at)?,
            description: next(&mut descriptions, "description", at)?,
            updated_at: next(&mut updates, "updated_at", at)?,
        };
        collections.push(Keyed { item, key: CursorKey::Position(next(&mut positions, "position", at)?, id) });
    }
    Ok(collections)
}

impl Store {
    /// See [`product`].
    pub async fn catalog_product(
        &self,
        statements: Arc<Statements>,
        market: Market,
        by: ProductRef,
        hint: ProductHint,
    ) -> Result<Option<Product>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { product(conn, &market, &by, hint).await })).await
    }
}
