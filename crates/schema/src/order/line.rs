//! Lines of an order.

use async_graphql::{ID, Object, SimpleObject};
use std::sync::Arc;
use tidegate_model::catalog::SelectedOption;
use tidegate_model::order;

use crate::cart::Attribute;
use crate::connection::connection;
use crate::money::Money;
use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};

/// A line of an order, as it was when the order was placed.
#[derive(Debug, Clone)]
pub struct OrderLine(pub Arc<order::OrderLine>);

impl From<order::OrderLine> for OrderLine {
    fn from(line: order::OrderLine) -> Self {
        Self(Arc::new(line))
    }
}

/// A line of an order, as it was when the order was placed.
#[Object]
impl OrderLine {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// The product, for `node`. It may be gone by now.
    async fn product_id(&self) -> ID {
        ID(self.0.product_id.encode())
    }

    /// The variant, for `node`. It may be gone by now.
    async fn variant_id(&self) -> ID {
        ID(self.0.variant_id.encode())
    }

    /// The stock keeping unit.
    async fn sku(&self) -> &str {
        &self.0.sku
    }

    /// The product's title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The variant's title; empty when the product had one variant.
    async fn variant_title(&self) -> &str {
        &self.0.variant_title
    }

    /// The variant's options.
    async fn selected_options(&self) -> Vec<OrderLineOption> {
        let option =
            |option: &SelectedOption| OrderLineOption { name: option.name.clone(), value: option.value.clone() };
        self.0.selected_options.iter().map(option).collect()
    }

    /// Your front end's own data.
    async fn attributes(&self) -> Vec<Attribute> {
        self.0.attributes.iter().cloned().map(Attribute::from).collect()
    }

    /// Pieces.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }

    /// What it cost.
    async fn cost(&self) -> OrderLineCost {
        OrderLineCost { unit_price: Money(self.0.unit_price), total: Money(self.0.total) }
    }
}

/// An option of what was bought.
#[derive(Debug, SimpleObject)]
pub struct OrderLineOption {
    /// "Colour"
    name: String,
    /// "Red"
    value: String,
}

/// What a line cost.
#[derive(Debug, SimpleObject)]
pub struct OrderLineCost {
    /// One piece.
    unit_price: Money,
    /// All of them.
    total: Money,
}

impl Plain for OrderLine {
    const NAME: &'static str = "OrderLine";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        self.0.field(field, to)
    }
}

impl Plain for order::OrderLine {
    const NAME: &'static str = "OrderLine";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "id" => to.ascii(|to| self.id.append(to)),
            "productId" => to.ascii(|to| self.product_id.append(to)),
            "variantId" => to.ascii(|to| self.variant_id.append(to)),
            "sku" => to.text(&self.sku),
            "title" => to.text(&self.title),
            "variantTitle" => to.text(&self.variant_title),
            "selectedOptions" => to.objects(self.selected_options.iter().map(OptionOf), field),
            "attributes" => to.objects(&self.attributes, field),
            "quantity" => to.int(self.quantity),
            "cost" => to.object(&CostOf(self), field),
            _ => Err(NotPlain),
        }
    }
}

/// An option, under its name on orders.
struct OptionOf<'o>(&'o SelectedOption);

impl Plain for OptionOf<'_> {
    const NAME: &'static str = "OrderLineOption";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "name" => to.text(&self.0.name),
            "value" => to.text(&self.0.value),
            _ => Err(NotPlain),
        }
    }
}

/// What a line cost.
struct CostOf<'l>(&'l order::OrderLine);

impl Plain for CostOf<'_> {
    const NAME: &'static str = "OrderLineCost";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "unitPrice" => to.object(&self.0.unit_price, field),
            "total" => to.object(&self.0.total, field),
            _ => Err(NotPlain),
        }
    }
}

connection!(OrderLineConnection, OrderLineEdge, OrderLine, "lines of an order");
