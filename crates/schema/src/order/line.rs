//! Lines of an order.

use async_graphql::{ID, Object, SimpleObject};
use std::sync::Arc;
use tidegate_model::order;

use crate::cart::Attribute;
use crate::connection::connection;
use crate::money::Money;

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
        let option = |option: &tidegate_model::catalog::SelectedOption| OrderLineOption {
            name: option.name.clone(),
            value: option.value.clone(),
        };
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

connection!(OrderLineConnection, OrderLineEdge, OrderLine, "lines of an order");
