//! Collections.

use async_graphql::{Context, ID, Object, OneofObject};
use std::sync::Arc;
use tidegate_model::catalog;
use tidegate_model::id::CollectionId;

use super::product::{Product, ProductConnection};
use crate::connection::{PageArgs, connection};
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};
use crate::scalar::{Cursor, DateTime};

/// A named list of products.
#[derive(Debug, Clone)]
pub struct Collection(pub Arc<catalog::Collection>);

/// A named list of products.
#[Object]
impl Collection {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// Unique in the shop, for addresses of pages.
    async fn handle(&self) -> &str {
        &self.0.handle
    }

    /// Its name.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Plain text; may be empty.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Its products in the merchant's order. For another order or a filter use `products(filter: {collection: …})`.
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<ProductConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let slice = ctx.ports().collection_products(self.0.id, page).await?;
        Ok(ProductConnection(slice.map(Product)))
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

impl Plain for Collection {
    const NAME: &'static str = "Collection";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        self.0.field(field, to)
    }
}

/// All but its products.
impl Plain for catalog::Collection {
    const NAME: &'static str = "Collection";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "id" => to.ascii(|to| self.id.append(to)),
            "handle" => to.text(&self.handle),
            "title" => to.text(&self.title),
            "description" => to.text(&self.description),
            "updatedAt" => to.instant(self.updated_at),
            _ => Err(NotPlain),
        }
    }
}

/// How to find one collection.
#[derive(Debug, OneofObject)]
pub enum CollectionRef {
    /// By its id.
    Id(ID),
    /// By its handle.
    Handle(String),
}

impl CollectionRef {
    /// The same in the model's words; `None` when it cannot name any collection.
    pub fn to_model(&self) -> Option<catalog::CollectionRef> {
        match self {
            Self::Id(id) => CollectionId::decode(id).ok().map(catalog::CollectionRef::Id),
            Self::Handle(handle) => super::query::name(handle).map(catalog::CollectionRef::Handle),
        }
    }
}

connection!(CollectionConnection, CollectionEdge, Collection, "collections");
