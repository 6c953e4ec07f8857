//! Money and price ranges.

use async_graphql::Object;
use tidegate_model as model;

use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};
use crate::scalar::{CurrencyCode, Decimal};

/// An amount of money. Compare and add amounts in your code by minor units, never as floating point numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money(pub model::Money);

/// An amount of money. Compare and add amounts in your code by minor units, never as floating point numbers.
#[Object]
impl Money {
    /// The amount as decimal text: `"12.50"`.
    async fn amount(&self) -> Decimal {
        Decimal(self.0.decimal())
    }

    /// The currency of the amount.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.currency.code().to_owned())
    }
}

impl Plain for model::Money {
    const NAME: &'static str = "Money";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "amount" => to.ascii(|to| self.append_decimal(to)),
            "currency" => to.ascii(|to| to.push_str(self.currency.code())),
            _ => Err(NotPlain),
        }
    }
}

/// The span of a product's prices.
#[derive(Debug, Clone, Copy)]
pub struct PriceRange {
    /// The lowest.
    pub min: model::Money,
    /// The highest.
    pub max: model::Money,
}

/// The span of a product's prices.
#[Object]
impl PriceRange {
    /// The price of the cheapest variant.
    async fn min(&self) -> Money {
        Money(self.min)
    }

    /// The price of the dearest variant.
    async fn max(&self) -> Money {
        Money(self.max)
    }
}

impl Plain for PriceRange {
    const NAME: &'static str = "PriceRange";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "min" => to.object(&self.min, field),
            "max" => to.object(&self.max, field),
            _ => Err(NotPlain),
        }
    }
}

/// An amount that you send, such as the total that the buyer agreed to.
#[derive(Debug, Clone, async_graphql::InputObject)]
pub struct MoneyInput {
    /// The amount as decimal text: `"12.50"`.
    pub amount: Decimal,
    /// The currency of the amount.
    pub currency: CurrencyCode,
}

impl MoneyInput {
    /// The amount in minor units, or why it cannot be.
    pub fn to_model(&self, field: &str) -> Result<model::Money, model::Failure> {
        model::Currency::parse(&self.currency.0)
            .and_then(|currency| model::Money::parse(&self.amount.0, currency))
            .ok_or_else(|| model::Failure::BadInput(format!("{field}: no such amount in this currency")))
    }
}
