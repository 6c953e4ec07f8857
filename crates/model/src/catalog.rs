//! Products, variants and collections.

use crate::id::{CollectionId, ProductId, VariantId};
use crate::money::Money;
use crate::page::Window;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// An image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Absolute address; of a drawn image its path in the shop.
    pub url: String,
    /// What it shows, in words.
    pub alt_text: String,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

/// Pixels of a side of a drawn image.
const DRAWN_SIDE: i32 = 800;

/// Characters of a handle in an address.
const SLUG: usize = 80;

impl Image {
    /// The image of a product that has none: a path whose picture is a pure function of the path.
    #[must_use]
    pub fn drawn(product: ProductId, handle: &str, title: &str) -> Self {
        let id = product.encode();
        let mut url = String::with_capacity(id.len() + handle.len() + 24);
        url.extend(["/media/product/", &id, "/"]);
        if handle.len() <= SLUG && handle.bytes().all(is_plain) {
            url.push_str(handle);
        } else {
            let plain =
                |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' };
            url.extend(handle.chars().map(plain).take(SLUG));
        }
        url.push_str(".svg");
        Self { url, alt_text: title.to_owned(), width: DRAWN_SIDE, height: DRAWN_SIDE }
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// An option of a product with all its values, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductOption {
    /// "Colour"
    pub name: String,
    /// "Red", "Blue"
    pub values: Vec<String>,
}

/// The value a variant has for an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectedOption {
    /// "Colour"
    pub name: String,
    /// "Red"
    pub value: String,
}

/// A product as one market sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Unique, for URLs.
    pub handle: String,
    /// Its name.
    pub title: String,
    /// Plain text.
    pub description: String,
    /// Who makes it.
    pub vendor: Option<String>,
    /// Words to filter by.
    pub tags: Vec<String>,
    /// In order.
    pub options: Vec<ProductOption>,
    /// The cheapest variant's price.
    pub price_min: Money,
    /// The dearest variant's price.
    pub price_max: Money,
    /// The first image; a drawn one where the data has none.
    pub image: Image,
    /// Variants with a price in this market.
    pub variant_count: i32,
    /// Those of them that can be bought now.
    pub variants_available: i32,
    /// When it came into the catalogue.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
    /// Its variants by position, if they were read ahead.
    pub variants: Option<Window<Variant>>,
    /// Its collections by position, if they were read ahead.
    pub collections: Option<Window<Collection>>,
}

/// What is sold.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// The product it belongs to.
    pub product_id: ProductId,
    /// The stock keeping unit.
    pub sku: String,
    /// "Red", empty for a product with one variant.
    pub title: String,
    /// One value per option.
    pub selected_options: Vec<SelectedOption>,
    /// What one costs.
    pub price: Money,
    /// What one used to cost, when higher.
    pub compare_at_price: Option<Money>,
    /// Pieces that can be sold now.
    pub available: i64,
    /// Its own image, else its product's.
    pub image: Image,
    /// The product, if it was read along.
    pub product: Option<Box<Product>>,
}

/// A named list of products.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// Its id.
    pub id: CollectionId,
    /// Unique, for URLs.
    pub handle: String,
    /// Its name.
    pub title: String,
    /// Plain text.
    pub description: String,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
}

/// How to find one product or collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProductRef {
    /// By id.
    Id(ProductId),
    /// By handle.
    Handle(String),
    /// By the SKU of one of its variants.
    Sku(String),
}

/// How to find one collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollectionRef {
    /// By id.
    Id(CollectionId),
    /// By handle.
    Handle(String),
}

/// Which products a list holds. All conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct ProductFilter {
    /// Lowest price at least this, in minor units.
    pub price_min: Option<i64>,
    /// Lowest price at most this, in minor units.
    pub price_max: Option<i64>,
    /// Can, or cannot, be bought now.
    pub available: Option<bool>,
    /// In this collection.
    pub collection: Option<CollectionId>,
    /// With every one of these tags.
    pub tags: Vec<String>,
}

/// The order of a product list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum ProductSort {
    /// The merchant's order.
    #[default]
    Relevance,
    /// By title.
    Title,
    /// Cheapest first.
    PriceLowToHigh,
    /// Dearest first.
    PriceHighToLow,
    /// Latest first.
    Newest,
}

/// The order of the collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum CollectionSort {
    /// The merchant's order.
    #[default]
    Position,
    /// By title.
    Title,
}

/// What a selection is going to ask of products. Only a hint: a miss costs a statement, never a wrong answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ProductHint {
    /// Variants are selected: how many from the start.
    pub variants: Option<u32>,
    /// Collections are selected: how many from the start.
    pub collections: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_drawn_image_is_plain_whatever_the_handle() {
        let product = ProductId(uuid::Uuid::nil());
        let url = |handle: &str| Image::drawn(product, handle, "A Mug").url;

        assert_eq!(url("mug-2"), "/media/product/prod_00000000000000000000000000/mug-2.svg");
        assert_eq!(url("Crème & <b>"), "/media/product/prod_00000000000000000000000000/cr-me----b-.svg");
        assert_eq!(url(&"é".repeat(200)).len(), url("").len() + SLUG);
    }
}
