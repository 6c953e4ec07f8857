//! Variants.

use async_graphql::{Context, ID, Object, SimpleObject};
use std::sync::Arc;
use tidegate_model::catalog;

use super::image::Image;
use super::product::Product;
use crate::connection::connection;
use crate::context::ContextExt as _;
use crate::error::{Nullable, nullable};
use crate::money::Money;

/// What is sold: one combination of a product's options. A product without options has one variant.
#[derive(Debug, Clone)]
pub struct Variant(pub Arc<catalog::Variant>);

/// What is sold: one combination of a product's options. A product without options has one variant.
#[Object]
impl Variant {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// The stock keeping unit, unique in the shop.
    async fn sku(&self) -> &str {
        &self.0.sku
    }

    /// Tells it from the product's other variants: "Red". Empty when there are none.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The product it is a variant of.
    async fn product(&self, ctx: &Context<'_>) -> Nullable<Product> {
        if let Some(product) = &self.0.product {
            return Some(Ok(Product(Arc::new((**product).clone()))));
        }
        nullable(ctx.ports().product_by_id(self.0.product_id).await, Product)
    }

    /// One value for each of the product's options.
    async fn selected_options(&self) -> Vec<SelectedOption> {
        self.0
            .selected_options
            .iter()
            .map(|option| SelectedOption { name: option.name.clone(), value: option.value.clone() })
            .collect()
    }

    /// What one piece costs in the operation's market.
    async fn price(&self) -> Money {
        Money(self.0.price)
    }

    /// What one piece cost before, when that was more.
    async fn compare_at_price(&self) -> Option<Money> {
        self.0.compare_at_price.map(Money)
    }

    /// Its own image; null when it has none and the product's serves.
    async fn image(&self) -> Option<Image> {
        self.0.image.clone().map(Image)
    }

    /// Whether and how many can be bought now.
    async fn availability(&self) -> VariantAvailability {
        VariantAvailability {
            sellable: self.0.available > 0,
            quantity: i32::try_from(self.0.available).unwrap_or(i32::MAX),
        }
    }
}

/// The value a variant has for an option.
#[derive(Debug, SimpleObject)]
pub struct SelectedOption {
    /// "Colour"
    name: String,
    /// "Red"
    value: String,
}

/// Whether and how many of a variant can be bought now, read from the stock itself.
#[derive(Debug, SimpleObject)]
pub struct VariantAvailability {
    /// At least one can.
    sellable: bool,
    /// How many can.
    quantity: i32,
}

connection!(VariantConnection, VariantEdge, Variant, "variants");
