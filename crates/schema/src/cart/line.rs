//! Lines of a cart, and what stands in their way.

use async_graphql::{ID, Interface, Object, SimpleObject};
use std::sync::Arc;
use tidegate_model::cart;

use super::address::{Attribute, attributes};
use crate::catalog::Variant;
use crate::connection::connection;
use crate::money::Money;
use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};

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
        CartLineCost::of(&self.0)
    }

    /// What stands in the way of ordering it now.
    async fn problems(&self) -> Vec<CartProblem> {
        problems(&self.0)
    }
}

/// What stands in the way of ordering a line now.
fn problems(line: &cart::CartLine) -> Vec<CartProblem> {
    match &line.variant {
        None => vec![
            UnavailableProblem {
                code: "UNAVAILABLE".to_owned(),
                message: "This is no longer sold. Remove the line.".to_owned(),
            }
            .into(),
        ],
        Some(variant) if variant.available < i64::from(line.quantity) => vec![
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

/// What a line costs.
#[derive(Debug, SimpleObject)]
pub struct CartLineCost {
    /// One piece.
    unit_price: Money,
    /// All of them.
    total: Money,
}

impl CartLineCost {
    fn of(line: &cart::CartLine) -> Self {
        Self { unit_price: Money(line.unit_price), total: Money(line.total) }
    }
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

impl Plain for CartLine {
    const NAME: &'static str = "CartLine";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        self.0.field(field, to)
    }
}

impl Plain for cart::CartLine {
    const NAME: &'static str = "CartLine";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "id" => to.ascii(|to| self.id.append(to)),
            "variant" => to.optional(self.variant.as_ref(), |to, variant| to.object(variant, field)),
            "quantity" => to.int(self.quantity),
            "attributes" => to.objects(&self.attributes, field),
            "cost" => to.object(&CartLineCost::of(self), field),
            "problems" => to.objects(problems(self), field),
            _ => Err(NotPlain),
        }
    }
}

impl Plain for CartLineCost {
    const NAME: &'static str = "CartLineCost";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "unitPrice" => to.object(&self.unit_price.0, field),
            "total" => to.object(&self.total.0, field),
            _ => Err(NotPlain),
        }
    }
}

/// What the interface names; the rest depends on the type.
impl Plain for CartProblem {
    const NAME: &'static str = "";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        let (code, message) = match self {
            Self::InsufficientStockProblem(problem) => (&problem.code, &problem.message),
            Self::UnavailableProblem(problem) => (&problem.code, &problem.message),
        };
        match field.node.name.node.as_str() {
            "code" => to.text(code),
            "message" => to.text(message),
            _ => Err(NotPlain),
        }
    }
}

connection!(CartLineConnection, CartLineEdge, CartLine, "lines");
