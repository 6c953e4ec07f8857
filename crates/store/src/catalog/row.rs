//! Rows as the statements read them, and what they mean.

use sqlx::types::Json;
use std::mem::take;
use tidegate_model::catalog::{Collection, Image, Product, ProductOption, SelectedOption, Variant};
use tidegate_model::id::{CollectionId, ProductId, VariantId};
use tidegate_model::money::{Currency, Money};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreError;

/// Declares a row that holds the listing's columns and perhaps more, and how to take the rest off.
macro_rules! listing_row {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) struct $name {
            pub(super) product_id: Uuid,
            pub(super) handle: String,
            pub(super) title: String,
            pub(super) description: String,
            pub(super) vendor: Option<String>,
            pub(super) tags: Vec<String>,
            pub(super) options: Json<Vec<ProductOption>>,
            pub(super) price_min: i64,
            pub(super) price_max: i64,
            pub(super) currency: String,
            pub(super) image_url: Option<String>,
            pub(super) image_alt: Option<String>,
            pub(super) image_width: Option<i32>,
            pub(super) image_height: Option<i32>,
            pub(super) variant_count: i32,
            pub(super) variants_available: i32,
            pub(super) created_at: OffsetDateTime,
            pub(super) updated_at: OffsetDateTime,
            $(pub(super) $field: $type,)*
        }

        impl $name {
            /// The product, with nothing read ahead.
            pub(super) fn product(&mut self) -> Result<Product, StoreError> {
                let currency = Currency::parse(&self.currency).ok_or(StoreError::Inconsistent {
                    table: "product_listing",
                    column: "currency",
                    row: self.product_id,
                })?;
                let id = ProductId(self.product_id);
                let own = image(self.image_url.take(), self.image_alt.take(), self.image_width, self.image_height);
                Ok(Product {
                    id,
                    image: own.unwrap_or_else(|| Image::drawn(id, &self.handle, &self.title)),
                    handle: take(&mut self.handle),
                    title: take(&mut self.title),
                    description: take(&mut self.description),
                    vendor: self.vendor.take(),
                    tags: take(&mut self.tags),
                    options: take(&mut self.options.0),
                    price_min: Money::new(self.price_min, currency),
                    price_max: Money::new(self.price_max, currency),
                    variant_count: self.variant_count,
                    variants_available: self.variants_available,
                    created_at: self.created_at,
                    updated_at: self.updated_at,
                    variants: None,
                    collections: None,
                })
            }
        }
    };
}

listing_row! {
    /// A row of `product_listing` as lists read it.
    ListingRow { rank: i32 }
}

listing_row! {
    /// A row of `product_listing` with how well it matches a search.
    FoundRow { score: f32 }
}

listing_row! {
    /// A row of `product_listing` with its place in a collection.
    MemberRow { collection_id: Uuid, position: i32 }
}

listing_row! {
    /// A row of `product_listing` with its variants and collections as parallel arrays, absent when there are none.
    DetailRow {
        variant_ids: Option<Vec<Uuid>>,
        skus: Option<Vec<String>>,
        variant_titles: Option<Vec<String>>,
        selected_options: Option<Vec<Json<Vec<SelectedOption>>>>,
        variant_positions: Option<Vec<i32>>,
        amounts: Option<Vec<i64>>,
        compare_ats: Option<Vec<Option<i64>>>,
        available: Option<Vec<i64>>,
        variant_image_urls: Option<Vec<Option<String>>>,
        variant_image_alts: Option<Vec<Option<String>>>,
        variant_image_widths: Option<Vec<Option<i32>>>,
        variant_image_heights: Option<Vec<Option<i32>>>,
        collection_ids: Option<Vec<Uuid>>,
        collection_handles: Option<Vec<String>>,
        collection_titles: Option<Vec<String>>,
        collection_descriptions: Option<Vec<String>>,
        collection_positions: Option<Vec<i32>>,
        collection_updates: Option<Vec<OffsetDateTime>>,
    }
}

/// Reads rows of the given type: the listing's columns of `l`, the columns given first, and the SQL given last.
macro_rules! listing_rows {
    ($row:ident, $columns:tt, [$($sql:tt)+] $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            $row,
            r#"select l.product_id, l.handle, l.title, l.description, l.vendor, l.tags,
                      l.options as "options: Json<Vec<ProductOption>>", l.price_min, l.price_max, l.currency,
                      l.image_url, l.image_alt, l.image_width, l.image_height, l.variant_count, l.variants_available,
                      l.created_at, l.updated_at"# + $columns + " " + $($sql)+
            $(, $argument)*
        )
    };
}
pub(super) use listing_rows;

/// A variant with its price in a market, and its own image or its product's.
#[derive(Debug)]
pub(super) struct VariantRow {
    pub(super) id: Uuid,
    pub(super) product_id: Uuid,
    pub(super) product_handle: String,
    pub(super) product_title: String,
    pub(super) sku: String,
    pub(super) title: String,
    pub(super) selected_options: Json<Vec<SelectedOption>>,
    pub(super) amount: i64,
    pub(super) compare_at: Option<i64>,
    pub(super) available: i64,
    pub(super) image_url: Option<String>,
    pub(super) image_alt: Option<String>,
    pub(super) image_width: Option<i32>,
    pub(super) image_height: Option<i32>,
}

impl VariantRow {
    pub(super) fn into_variant(self, currency: Currency) -> Variant {
        let product_id = ProductId(self.product_id);
        let shown = image(self.image_url, self.image_alt, self.image_width, self.image_height);
        Variant {
            id: VariantId(self.id),
            product_id,
            sku: self.sku,
            title: self.title,
            selected_options: self.selected_options.0,
            price: Money::new(self.amount, currency),
            compare_at_price: self.compare_at.map(|amount| Money::new(amount, currency)),
            available: self.available,
            image: shown.unwrap_or_else(|| Image::drawn(product_id, &self.product_handle, &self.product_title)),
            product: None,
        }
    }
}

/// A row of `collection`.
#[derive(Debug)]
pub(super) struct CollectionRow {
    pub(super) id: Uuid,
    pub(super) handle: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) position: i32,
    pub(super) updated_at: OffsetDateTime,
}

impl From<CollectionRow> for Collection {
    fn from(row: CollectionRow) -> Self {
        Self {
            id: CollectionId(row.id),
            handle: row.handle,
            title: row.title,
            description: row.description,
            updated_at: row.updated_at,
        }
    }
}

/// An image, where all of its columns are there.
pub(crate) fn image(
    url: Option<String>,
    alt_text: Option<String>,
    width: Option<i32>,
    height: Option<i32>,
) -> Option<Image> {
    Some(Image { url: url?, alt_text: alt_text.unwrap_or_default(), width: width?, height: height? })
}
