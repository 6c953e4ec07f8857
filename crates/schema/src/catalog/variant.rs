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
use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};

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

    /// Its own image; a variant without one shows its product's.
    async fn image(&self) -> Image {
        Image(self.0.image.clone())
    }

    /// Whether and how many can be bought now.
    async fn availability(&self) -> VariantAvailability {
        VariantAvailability::of(&self.0)
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

impl VariantAvailability {
    fn of(variant: &catalog::Variant) -> Self {
        let quantity = i32::try_from(variant.available).unwrap_or(i32::MAX);
        Self { sellable: variant.available > 0, quantity }
    }
}

impl Plain for Variant {
    const NAME: &'static str = "Variant";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        self.0.field(field, to)
    }
}

impl Plain for catalog::Variant {
    const NAME: &'static str = "Variant";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "id" => to.ascii(|to| self.id.append(to)),
            "sku" => to.text(&self.sku),
            "title" => to.text(&self.title),
            "product" => to.object(self.product.as_deref().ok_or(NotPlain)?, field),
            "selectedOptions" => to.objects(&self.selected_options, field),
            "price" => to.object(&self.price, field),
            "compareAtPrice" => to.optional(self.compare_at_price, |to, price| to.object(&price, field)),
            "image" => to.object(&self.image, field),
            "availability" => to.object(&VariantAvailability::of(self), field),
            _ => Err(NotPlain),
        }
    }
}

impl Plain for catalog::SelectedOption {
    const NAME: &'static str = "SelectedOption";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "name" => to.text(&self.name),
            "value" => to.text(&self.value),
            _ => Err(NotPlain),
        }
    }
}

impl Plain for VariantAvailability {
    const NAME: &'static str = "VariantAvailability";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "sellable" => to.flag(self.sellable),
            "quantity" => to.int(self.quantity),
            _ => Err(NotPlain),
        }
    }
}

connection!(VariantConnection, VariantEdge, Variant, "variants");
