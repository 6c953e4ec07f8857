//! Lines of a cart, and what stands in their way.

use async_graphql::{ID, Interface, Object, SimpleObject};
use std::sync::Arc;
use tidegate_model::cart;

use super::address::{Attribute, attributes};
use crate::catalog::Variant;
use crate::connection::connection;
use crate::money::Money;

/// A line of a cart: a variant and how many.
#[derive(Debug, Clone)]
pub struct CartLine(pub Arc<cart::CartLine>);

impl From<cart::CartLine> for CartLine {
    fn from(line: cart::CartLine) -> Self {
        Self(Arc::new(line))
    }
}

/// A line of a cart: a variant and how many.
#[Object]
impl CartLine {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// What is bought; null when it is no longer sold.
    async fn variant(&self) -> Option<Variant> {
        self.0.variant.clone().map(|variant| Variant(Arc::new(variant)))
    }

    /// Pieces.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }

    /// Your front end's own data. Lines of one variant differ by it.
    async fn attributes(&self) -> Vec<Attribute> {
        attributes(&self.0.attributes)
    }

    /// What it costs at today's price.
    async fn cost(&self) -> CartLineCost {
        CartLineCost { unit_price: Money(self.0.unit_price), total: Money(self.0.total) }
    }

    /// What stands in the way of ordering it now.
    async fn problems(&self) -> Vec<CartProblem> {
        match &self.0.variant {
            None => vec![
                UnavailableProblem {
                    code: "UNAVAILABLE".to_owned(),
                    message: "This is no longer sold. Remove the line.".to_owned(),
                }
                .into(),
            ],
            Some(variant) if variant.available < i64::from(self.0.quantity) => vec![
                InsufficientStockProblem {
                    code: "INSUFFICIENT_STOCK".to_owned(),
                    message: format!("{} left.", variant.available.max(0)),
                    available: i32::try_from(variant.available.max(0)).unwrap_or(i32::MAX),
                }
                .into(),
            ],
            Some(_) => Vec::new(),
        }
    }
}

/// What a line costs.
#[derive(Debug, SimpleObject)]
pub struct CartLineCost {
    /// One piece.
    unit_price: Money,
    /// All of them.
    total: Money,
}

/// Something that stands in the way of ordering a line. New types may come; select the interface.
#[derive(Debug, Clone, Interface)]
#[expect(clippy::duplicated_attributes, reason = "two fields of one type")]
#[graphql(
    field(name = "code", ty = "&String", desc = "Stable and upper case, for your code."),
    field(name = "message", ty = "&String", desc = "For a developer's eyes, in English.")
)]
pub enum CartProblem {
    /// More is asked for than can be sold now.
    InsufficientStockProblem(InsufficientStockProblem),
    /// It is no longer sold.
    UnavailableProblem(UnavailableProblem),
}

/// More is asked for than can be sold now.
#[derive(Debug, Clone, SimpleObject)]
pub struct InsufficientStockProblem {
    /// `INSUFFICIENT_STOCK`
    code: String,
    /// For a developer's eyes, in English.
    message: String,
    /// Pieces that can be sold now.
    available: i32,
}

/// What the line holds is no longer sold.
#[derive(Debug, Clone, SimpleObject)]
pub struct UnavailableProblem {
    /// `UNAVAILABLE`
    code: String,
    /// For a developer's eyes, in English.
    message: String,
}

connection!(CartLineConnection, CartLineEdge, CartLine, "lines");
