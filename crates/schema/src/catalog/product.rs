//! Products.

use async_graphql::{Context, ID, InputObject, Object, OneofObject, SimpleObject};
use std::sync::Arc;
use tidegate_model::Slice;
use tidegate_model::catalog;
use tidegate_model::id::ProductId;
use tidegate_model::page::{CursorKey, Keyed, Window};

use super::collection::{Collection, CollectionConnection};
use super::image::Image;
use super::variant::{Variant, VariantConnection};
use crate::connection::{PageArgs, connection};
use crate::context::ContextExt as _;
use crate::error::{Nullable, Result};
use crate::money::PriceRange;
use crate::plain::{Asked, Json, NotPlain, Page, Plain, Wrote};
use crate::scalar::{Cursor, DateTime};

/// A product as the operation's market sees it.
#[derive(Debug, Clone)]
pub struct Product(pub Arc<catalog::Product>);

/// A product as the operation's market sees it.
#[Object]
impl Product {
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

    /// Who makes it.
    async fn vendor(&self) -> Option<&str> {
        self.0.vendor.as_deref()
    }

    /// Words to filter by.
    async fn tags(&self) -> &[String] {
        &self.0.tags
    }

    /// What a buyer chooses between, with all values in order. Empty for a product with one variant.
    async fn options(&self) -> Vec<ProductOption> {
        let option = |option: &catalog::ProductOption| ProductOption {
            name: option.name.clone(),
            values: option.values.clone(),
        };
        self.0.options.iter().map(option).collect()
    }

    /// The image for lists. A product without one of its own has a drawn one.
    async fn featured_image(&self) -> Image {
        Image(self.0.image.clone())
    }

    /// The prices of its variants.
    async fn price_range(&self) -> PriceRange {
        PriceRange { min: self.0.price_min, max: self.0.price_max }
    }

    /// Whether it can be bought now.
    async fn availability(&self) -> ProductAvailability {
        ProductAvailability::of(&self.0)
    }

    /// The variant with exactly these option values; null when there is none.
    async fn variant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One value for each of the product's options.")] options: Vec<OptionInput>,
    ) -> Nullable<Variant> {
        let exactly = |variant: &&catalog::Variant| {
            variant.selected_options.len() == options.len()
                && variant.selected_options.iter().all(|selected| {
                    options.iter().any(|option| option.name == selected.name && option.value == selected.value)
                })
        };
        let chosen = self.all_variants(ctx).await.map(|variants| variants.iter().find(exactly).cloned());
        chosen.transpose().map(|chosen| chosen.map(|variant| Variant(Arc::new(variant))))
    }

    /// The variant to show first: the first one that can be bought, else the first.
    async fn default_variant(&self, ctx: &Context<'_>) -> Nullable<Variant> {
        let first = |variants: Arc<Vec<catalog::Variant>>| {
            variants.iter().find(|variant| variant.available > 0).or(variants.first()).cloned()
        };
        let chosen = self.all_variants(ctx).await.map(first).transpose();
        chosen.map(|chosen| chosen.map(|variant| Variant(Arc::new(variant))))
    }

    /// Its variants in the merchant's order.
    async fn variants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<VariantConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let variants = self.all_variants(ctx).await?;
        let slice = page_of_all(&variants, &page, |variant| variant.id.0);
        Ok(VariantConnection(slice.map(|variant| Variant(Arc::new(variant)))))
    }

    /// The collections it is in.
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<CollectionConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let collections = match &self.0.collections {
            Some(window) => Arc::new(window.items.iter().map(|row| row.item.clone()).collect()),
            None => ctx.ports().product_collections(self.0.id).await?,
        };
        let slice = page_of_all(&collections, &page, |collection| collection.id.0);
        Ok(CollectionConnection(slice.map(|collection| Collection(Arc::new(collection)))))
    }

    /// When it came into the catalogue.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}

impl Product {
    /// All its variants: read ahead with it, or by one statement for all products of this level.
    async fn all_variants(&self, ctx: &Context<'_>) -> Result<Arc<Vec<catalog::Variant>>> {
        Ok(match &self.0.variants {
            Some(window) => Arc::new(window.items.iter().map(|row| row.item.clone()).collect()),
            None => ctx.ports().product_variants(self.0.id).await?,
        })
    }
}

/// A page of a short list that is here as a whole, keyed by id. A key that is no longer in it yields an empty page.
fn page_of_all<T: Clone>(all: &[T], page: &tidegate_model::Page, id: impl Fn(&T) -> uuid::Uuid) -> Slice<T> {
    let items = all.iter().map(|item| Keyed { item: item.clone(), key: CursorKey::Id(id(item)) }).collect();
    Window { items, complete: true }.page(page).unwrap_or_else(Slice::empty)
}

/// An option with all its values.
#[derive(Debug, SimpleObject)]
pub struct ProductOption {
    /// "Colour"
    name: String,
    /// "Red", "Blue"
    values: Vec<String>,
}

/// Whether a product can be bought now.
#[derive(Debug, SimpleObject)]
pub struct ProductAvailability {
    /// At least one variant can.
    sellable: bool,
    /// Variants in all.
    variant_count: i32,
    /// Variants of which at least one piece can be bought.
    variants_sellable: i32,
}

/// A value for an option.
#[derive(Debug, InputObject)]
pub struct OptionInput {
    /// "Colour"
    name: String,
    /// "Red"
    value: String,
}

/// How to find one product.
#[derive(Debug, OneofObject)]
pub enum ProductRef {
    /// By its id.
    Id(ID),
    /// By its handle.
    Handle(String),
    /// By the SKU of one of its variants.
    Sku(String),
}

impl ProductRef {
    /// The same in the model's words; `None` when it cannot name any product.
    pub fn to_model(&self) -> Option<catalog::ProductRef> {
        match self {
            Self::Id(id) => ProductId::decode(id).ok().map(catalog::ProductRef::Id),
            Self::Handle(handle) => super::query::name(handle).map(catalog::ProductRef::Handle),
            Self::Sku(sku) => super::query::name(sku).map(catalog::ProductRef::Sku),
        }
    }
}

impl ProductAvailability {
    fn of(product: &catalog::Product) -> Self {
        Self {
            sellable: product.variants_available > 0,
            variant_count: product.variant_count,
            variants_sellable: product.variants_available,
        }
    }
}

impl Plain for Product {
    const NAME: &'static str = "Product";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        self.0.field(field, to)
    }
}

/// All but single variants, and lists that were not read ahead.
impl Plain for catalog::Product {
    const NAME: &'static str = "Product";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "id" => to.ascii(|to| self.id.append(to)),
            "handle" => to.text(&self.handle),
            "title" => to.text(&self.title),
            "description" => to.text(&self.description),
            "vendor" => to.optional(self.vendor.as_deref(), Json::text),
            "tags" => to.list(&self.tags, |to, tag| to.text(tag)),
            "options" => to.objects(&self.options, field),
            "featuredImage" => to.object(&self.image, field),
            "priceRange" => to.object(&PriceRange { min: self.price_min, max: self.price_max }, field),
            "availability" => to.object(&ProductAvailability::of(self), field),
            "variants" => {
                let variants: Vec<_> = ahead(self.variants.as_ref())?.collect();
                let slice = page_of_all(&variants, &to.page(field)?, |variant| variant.id.0);
                to.object(&Page(&slice), field)
            }
            "collections" => {
                let collections: Vec<_> = ahead(self.collections.as_ref())?.collect();
                let slice = page_of_all(&collections, &to.page(field)?, |collection| collection.id.0);
                to.object(&Page(&slice), field)
            }
            "createdAt" => to.instant(self.created_at),
            "updatedAt" => to.instant(self.updated_at),
            _ => Err(NotPlain),
        }
    }
}

/// What was read ahead of a list.
fn ahead<T>(window: Option<&Window<T>>) -> std::result::Result<impl Iterator<Item = &T>, NotPlain> {
    window.map(|window| window.items.iter().map(|row| &row.item)).ok_or(NotPlain)
}

impl Plain for catalog::ProductOption {
    const NAME: &'static str = "ProductOption";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "name" => to.text(&self.name),
            "values" => to.list(&self.values, |to, value| to.text(value)),
            _ => Err(NotPlain),
        }
    }
}

impl Plain for ProductAvailability {
    const NAME: &'static str = "ProductAvailability";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "sellable" => to.flag(self.sellable),
            "variantCount" => to.int(self.variant_count),
            "variantsSellable" => to.int(self.variants_sellable),
            _ => Err(NotPlain),
        }
    }
}

connection!(ProductConnection, ProductEdge, Product, "products");
