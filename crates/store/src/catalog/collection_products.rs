//! A page of each collection's products, in the merchant's order.

use sqlx::types::Json;
use std::collections::HashMap;
use std::sync::Arc;
use tidegate_model::catalog::{Product, ProductOption};
use tidegate_model::id::CollectionId;
use tidegate_model::market::Market;
use tidegate_model::page::{CursorKey, Keyed, Page, Slice};
use uuid::Uuid;

use super::keyset::{self, Scan};
use super::row::{MemberRow, listing_rows};
use crate::{Conn, Statements, Store, StoreError};

/// The same page of every collection: one statement for all of them. [`StoreError::BadValue`] for a cursor of another
/// list's kind.
pub async fn collection_products(
    conn: &mut Conn,
    market: &Market,
    collections: &[CollectionId],
    page: &Page,
) -> Result<HashMap<CollectionId, Slice<Product>>, StoreError> {
    let ids: Vec<Uuid> = collections.iter().map(|id| id.0).collect();
    let scan = Scan::smallest_first(page);
    let (position, id) = keyset::by_position(page, scan)?;
    let fetch = page.fetch();
    let rows = match scan {
        Scan::Up => {
            listing_rows!(
                MemberRow,
                r#", c.id as "collection_id!", l.position"#,
                ["from unnest($2::uuid[]) with ordinality c (id, nth) cross join lateral (
                      select m.position, r.* from collection_product m
                      join product_listing r on r.market_id = $1 and r.product_id = m.product_id
                      where m.collection_id = c.id and (m.position, m.product_id) > ($3, $4)
                      order by m.position, m.product_id limit $5) l
                  order by c.nth, l.position, l.product_id"],
                market.id,
                &ids,
                position,
                id,
                fetch
            )
            .fetch_all(conn)
            .await?
        }
        Scan::Down => {
            listing_rows!(
                MemberRow,
                r#", c.id as "collection_id!", l.position"#,
                ["from unnest($2::uuid[]) with ordinality c (id, nth) cross join lateral (
                      select m.position, r.* from collection_product m
                      join product_listing r on r.market_id = $1 and r.product_id = m.product_id
                      where m.collection_id = c.id and (m.position, m.product_id) < ($3, $4)
                      order by m.position desc, m.product_id desc limit $5) l
                  order by c.nth, l.position desc, l.product_id desc"],
                market.id,
                &ids,
                position,
                id,
                fetch
            )
            .fetch_all(conn)
            .await?
        }
    };
    let mut members: HashMap<CollectionId, Vec<Keyed<Product>>> = HashMap::with_capacity(collections.len());
    for mut row in rows {
        let key = CursorKey::Position(row.position, row.product_id);
        let collection = CollectionId(row.collection_id);
        members.entry(collection).or_default().push(Keyed { item: row.product()?, key });
    }
    // A page behind a cursor is a page also where it is empty, so every collection gets one.
    let mut slice_of = |id: &CollectionId| (*id, Slice::from_rows(page, members.remove(id).unwrap_or_default()));
    Ok(collections.iter().map(&mut slice_of).collect())
}

impl Store {
    /// See [`collection_products`].
    pub async fn catalog_collection_products(
        &self,
        statements: Arc<Statements>,
        market: Market,
        collections: Vec<CollectionId>,
        page: Page,
    ) -> Result<HashMap<CollectionId, Slice<Product>>, StoreError> {
        self.read(statements, move |conn| {
            Box::pin(async move { collection_products(conn, &market, &collections, &page).await })
        })
        .await
    }
}
