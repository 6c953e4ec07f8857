//! Collections: one, a page, by id, and those a product is in.

use std::collections::HashMap;
use std::sync::Arc;
use tidegate_model::catalog::{Collection, CollectionRef, CollectionSort};
use tidegate_model::id::{CollectionId, ProductId};
use tidegate_model::page::{CursorKey, Keyed, Page, Slice};
use uuid::Uuid;

use super::keyset::{self, Scan};
use super::row::CollectionRow;
use crate::{Conn, Statements, Store, StoreError};

/// Reads collections; the SQL goes on behind the columns of `c`.
macro_rules! collection_rows {
    ([$($sql:tt)+] $(, $argument:expr)*) => {
        sqlx::query_as!(
            CollectionRow,
            "select c.id, c.handle, c.title, c.description, c.position, c.updated_at from collection c " + $($sql)+
            $(, $argument)*
        )
    };
}

/// One collection.
pub async fn collection(conn: &mut Conn, by: &CollectionRef) -> Result<Option<Collection>, StoreError> {
    let row = match by {
        CollectionRef::Id(id) => collection_rows!(["where c.id = $1"], id.0).fetch_optional(conn).await?,
        CollectionRef::Handle(handle) => collection_rows!(["where c.handle = $1"], handle).fetch_optional(conn).await?,
    };
    Ok(row.map(Collection::from))
}

/// Collections by id.
pub async fn collections_by_id(
    conn: &mut Conn,
    collections: &[CollectionId],
) -> Result<HashMap<CollectionId, Collection>, StoreError> {
    let ids: Vec<Uuid> = collections.iter().map(|id| id.0).collect();
    let rows = collection_rows!(["where c.id = any ($1)"], &ids).fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (CollectionId(row.id), row.into())).collect())
}

/// A page of collections. [`StoreError::BadValue`] for a cursor that belongs to another sort.
pub async fn collections(conn: &mut Conn, page: &Page, sort: CollectionSort) -> Result<Slice<Collection>, StoreError> {
    let scan = Scan::smallest_first(page);
    let rows = match sort {
        CollectionSort::Position => by_position(conn, page, scan).await?,
        CollectionSort::Title => by_title(conn, page, scan).await?,
    };
    let keyed = rows.into_iter().map(|row| {
        let key = match sort {
            CollectionSort::Position => CursorKey::Position(row.position, row.id),
            CollectionSort::Title => CursorKey::Title(row.title.clone(), row.id),
        };
        Keyed { item: row.into(), key }
    });
    Ok(Slice::from_rows(page, keyed.collect()))
}

async fn by_position(conn: &mut Conn, page: &Page, scan: Scan) -> Result<Vec<CollectionRow>, StoreError> {
    let (position, id) = keyset::by_position(page, scan)?;
    let fetch = page.fetch();
    Ok(match scan {
        Scan::Up => {
            collection_rows!(
                ["where (c.position, c.id) > ($1, $2) order by c.position, c.id limit $3"],
                position,
                id,
                fetch
            )
            .fetch_all(conn)
            .await?
        }
        Scan::Down => {
            collection_rows!(
                ["where (c.position, c.id) < ($1, $2) order by c.position desc, c.id desc limit $3"],
                position,
                id,
                fetch
            )
            .fetch_all(conn)
            .await?
        }
    })
}

async fn by_title(conn: &mut Conn, page: &Page, scan: Scan) -> Result<Vec<CollectionRow>, StoreError> {
    let (title, id) = keyset::by_title(page, scan)?;
    let fetch = page.fetch();
    Ok(match scan {
        Scan::Up => {
            collection_rows!(["where (c.title, c.id) > ($1, $2) order by c.title, c.id limit $3"], title, id, fetch)
                .fetch_all(conn)
                .await?
        }
        Scan::Down => {
            collection_rows!(
                ["where (c.title, c.id) < (coalesce($1, (select max(m.title) from collection m)), $2)
                  order by c.title desc, c.id desc limit $3"],
                title,
                id,
                fetch
            )
            .fetch_all(conn)
            .await?
        }
    })
}

/// The collections of each product, by position.
pub async fn collections_of(
    conn: &mut Conn,
    products: &[ProductId],
) -> Result<HashMap<ProductId, Vec<Collection>>, StoreError> {
    let ids: Vec<Uuid> = products.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select m.product_id, c.id, c.handle, c.title, c.description, c.position, c.updated_at
         from collection_product m join collection c on c.id = m.collection_id
         where m.product_id = any ($1)
         order by m.product_id, c.position, c.id",
        &ids
    )
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<ProductId, Vec<Collection>> = HashMap::with_capacity(products.len());
    for row in rows {
        found.entry(ProductId(row.product_id)).or_default().push(Collection {
            id: CollectionId(row.id),
            handle: row.handle,
            title: row.title,
            description: row.description,
            updated_at: row.updated_at,
        });
    }
    Ok(found)
}

impl Store {
    /// See [`collection`].
    pub async fn catalog_collection(
        &self,
        statements: Arc<Statements>,
        by: CollectionRef,
    ) -> Result<Option<Collection>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { collection(conn, &by).await })).await
    }

    /// See [`collections`].
    pub async fn catalog_collections(
        &self,
        statements: Arc<Statements>,
        page: Page,
        sort: CollectionSort,
    ) -> Result<Slice<Collection>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { collections(conn, &page, sort).await })).await
    }

    /// See [`collections_by_id`].
    pub async fn catalog_collections_by_id(
        &self,
        statements: Arc<Statements>,
        collections: Vec<CollectionId>,
    ) -> Result<HashMap<CollectionId, Collection>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { collections_by_id(conn, &collections).await })).await
    }

    /// See [`collections_of`].
    pub async fn catalog_collections_of(
        &self,
        statements: Arc<Statements>,
        products: Vec<ProductId>,
    ) -> Result<HashMap<ProductId, Vec<Collection>>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { collections_of(conn, &products).await })).await
    }
}
