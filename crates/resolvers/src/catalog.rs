//! Products and collections.

use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::Arc;
use tidegate_model::catalog::{
    Collection, CollectionRef, CollectionSort, Product, ProductFilter, ProductHint, ProductRef, ProductSort, Variant,
};
use tidegate_model::id::{CollectionId, NodeId, ProductId};
use tidegate_model::page::{Page, Slice};
use tidegate_schema::ports::{Answer, CatalogPort, NodeObject};

use crate::batch::Batch;
use crate::failure::failure;
use crate::{RequestResolvers, nodes, placeholder};

/// What fields of one level ask for one by one.
#[derive(Debug, Default)]
pub(crate) struct Batches {
    variants: Batch<ProductId, Arc<Vec<Variant>>>,
    collections: Batch<ProductId, Arc<Vec<Collection>>>,
    products: Batch<ProductId, Arc<Product>>,
    members: Batch<Members, Slice<Arc<Product>>>,
}

/// A page of a collection. Pages are equal when their cursors seal the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Members {
    collection: CollectionId,
    page: PageKey,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PageKey {
    size: u32,
    direction: tidegate_model::Direction,
    cursor: Option<Vec<u8>>,
}

impl PageKey {
    fn new(page: &Page) -> Self {
        let cursor = page.cursor.as_ref().map(tidegate_model::CursorKey::encode);
        Self { size: page.size, direction: page.direction, cursor }
    }

    fn page(&self) -> Page {
        let cursor = self.cursor.as_deref().and_then(tidegate_model::CursorKey::decode);
        Page { size: self.size, direction: self.direction, cursor }
    }
}

impl RequestResolvers {
    pub(crate) fn shown(&self, mut product: Product) -> Arc<Product> {
        placeholder::product(&mut product, &self.shared.public_url);
        Arc::new(product)
    }

    pub(crate) fn shown_variant(&self, mut variant: Variant) -> Variant {
        placeholder::variant(&mut variant, &self.shared.public_url);
        variant
    }

    async fn members_of(&self, asked: Vec<Members>) -> Answer<HashMap<Members, Slice<Arc<Product>>>> {
        let mut by_page: HashMap<PageKey, Vec<CollectionId>> = HashMap::new();
        for members in asked {
            by_page.entry(members.page).or_default().push(members.collection);
        }
        let mut found = HashMap::new();
        for (page, collections) in by_page {
            let (statements, market) = (self.statements(), self.request.market);
            let read = self.store().catalog_collection_products(statements, market, collections, page.page());
            for (collection, slice) in read.await.map_err(failure)? {
                let members = Members { collection, page: page.clone() };
                found.insert(members, slice.map(|product| self.shown(product)));
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl CatalogPort for RequestResolvers {
    async fn product(&self, by: ProductRef, hint: ProductHint) -> Answer<Option<Arc<Product>>> {
        let hint = self.hint(hint);
        let read = self.store().catalog_product(self.statements(), self.request.market, by, hint);
        Ok(read.await.map_err(failure)?.map(|product| self.shown(product)))
    }

    async fn products(&self, page: Page, filter: ProductFilter, sort: ProductSort) -> Answer<Slice<Arc<Product>>> {
        let read = self.store().catalog_products(self.statements(), self.request.market, page, filter, sort);
        Ok(read.await.map_err(failure)?.map(|product| self.shown(product)))
    }

    async fn search(&self, query: String, page: Page, filter: ProductFilter) -> Answer<Slice<Arc<Product>>> {
        let read = self.store().catalog_search(self.statements(), self.request.market, query, page, filter);
        Ok(read.await.map_err(failure)?.map(|product| self.shown(product)))
    }

    async fn product_variants(&self, product: ProductId) -> Answer<Arc<Vec<Variant>>> {
        let fetch = |products| async {
            let read = self.store().catalog_variants(self.statements(), self.request.market, products);
            let found = read.await.map_err(failure)?;
            let shown = |variants: Vec<_>| variants.into_iter().map(|variant| self.shown_variant(variant)).collect();
            Ok(found.into_iter().map(|(product, variants)| (product, Arc::new(shown(variants)))).collect())
        };
        Ok(self.batches.variants.load(product, fetch).await?.unwrap_or_default())
    }

    async fn product_collections(&self, product: ProductId) -> Answer<Arc<Vec<Collection>>> {
        let fetch = |products| async {
            let found = self.store().catalog_collections_of(self.statements(), products).await.map_err(failure)?;
            Ok(found.into_iter().map(|(product, collections)| (product, Arc::new(collections))).collect())
        };
        Ok(self.batches.collections.load(product, fetch).await?.unwrap_or_default())
    }

    async fn product_by_id(&self, product: ProductId) -> Answer<Option<Arc<Product>>> {
        let fetch = |products| async {
            let read = self.store().catalog_products_by_id(self.statements(), self.request.market, products);
            let found = read.await.map_err(failure)?;
            Ok(found.into_iter().map(|(id, product)| (id, self.shown(product))).collect())
        };
        self.batches.products.load(product, fetch).await
    }

    async fn collection(&self, by: CollectionRef) -> Answer<Option<Collection>> {
        self.store().catalog_collection(self.statements(), by).await.map_err(failure)
    }

    async fn collections(&self, page: Page, sort: CollectionSort) -> Answer<Slice<Collection>> {
        self.store().catalog_collections(self.statements(), page, sort).await.map_err(failure)
    }

    async fn collection_products(&self, collection: CollectionId, page: Page) -> Answer<Slice<Arc<Product>>> {
        let members = Members { collection, page: PageKey::new(&page) };
        let found = self.batches.members.load(members, |asked| self.members_of(asked)).await?;
        Ok(found.unwrap_or_else(Slice::empty))
    }

    async fn nodes(&self, ids: Vec<NodeId>) -> Answer<Vec<Option<NodeObject>>> {
        nodes::nodes(self, ids).await
    }
}
