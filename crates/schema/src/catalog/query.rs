//! Root fields of the catalogue.

use async_graphql::{Context, Object};
use std::sync::Arc;
use tidegate_model::Failure;
use tidegate_model::catalog::ProductHint;
use tidegate_model::page::MAX_SIZE;

use super::collection::{Collection, CollectionConnection, CollectionRef};
use super::filter::{CollectionSort, ProductFilter, ProductSort};
use super::product::{Product, ProductConnection, ProductRef};
use crate::connection::PageArgs;
use crate::context::ContextExt as _;
use crate::error::{Nullable, Result, nullable};
use crate::plain::Written;
use crate::scalar::Cursor;

/// Characters that a search takes.
const MAX_SEARCH: usize = 256;

/// A handle or SKU that could exist: what the database cannot hold names nothing.
pub(super) fn name(text: &str) -> Option<String> {
    (!text.is_empty() && text.len() <= 200 && !text.contains('\0')).then(|| text.to_owned())
}

/// Products, collections, search.
#[derive(Debug, Default)]
pub struct CatalogQuery;

#[Object]
impl CatalogQuery {
    /// One product; null when there is none.
    async fn product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to find it: exactly one of the fields.")] by: ProductRef,
    ) -> Nullable<Written<Product>> {
        let by = by.to_model()?;
        let whole = ctx.whole();
        let selection = whole.look_ahead();
        let selected = |field: &str| selection.field(field).exists().then_some(MAX_SIZE);
        let hint = ProductHint {
            variants: selected("variants").or(selected("variant")).or(selected("defaultVariant")),
            collections: selected("collections"),
        };
        nullable(ctx.ports().product(by, hint).await, |product| Written(Product(product)))
    }

    /// A page of products.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
        #[graphql(desc = "Which products. Keep it the same from page to page.")] filter: Option<ProductFilter>,
        #[graphql(
            desc = "In which order. Keep it the same from page to page.",
            default_with = "ProductSort::Relevance"
        )]
        sort: ProductSort,
    ) -> Result<Written<ProductConnection>> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let filter = filter.unwrap_or_default().to_model(&ctx.request().market)?;
        let slice = ctx.ports().products(page, filter, sort.into()).await?;
        Ok(Written(ProductConnection(slice.map(Product))))
    }

    /// Products that a text finds, best first. Finds words of titles, tags, options, SKUs and descriptions, and titles
    /// in spite of a typing error.
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the buyer typed: 1 to 256 characters.")] query: String,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
        #[graphql(desc = "Which products. Keep it the same from page to page.")] filter: Option<ProductFilter>,
    ) -> Result<Written<ProductConnection>> {
        let query = query.trim();
        if query.is_empty() || query.chars().count() > MAX_SEARCH || query.contains('\0') {
            return Err(Failure::BadInput(format!("query: 1 to {MAX_SEARCH} characters")).into());
        }
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let filter = filter.unwrap_or_default().to_model(&ctx.request().market)?;
        let slice = ctx.ports().search(query.to_owned(), page, filter).await?;
        Ok(Written(ProductConnection(slice.map(Product))))
    }

    /// One collection; null when there is none.
    async fn collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to find it: exactly one of the fields.")] by: CollectionRef,
    ) -> Nullable<Written<Collection>> {
        nullable(ctx.ports().collection(by.to_model()?).await, |collection| Written(Collection(Arc::new(collection))))
    }

    /// A page of collections.
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
        #[graphql(
            desc = "In which order. Keep it the same from page to page.",
            default_with = "CollectionSort::Position"
        )]
        sort: CollectionSort,
    ) -> Result<Written<CollectionConnection>> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let slice = ctx.ports().collections(page, sort.into()).await?;
        Ok(Written(CollectionConnection(slice.map(|collection| Collection(Arc::new(collection))))))
    }
}
