//! What narrows and orders lists.

use async_graphql::{Enum, ID, InputObject};
use tidegate_model::catalog;
use tidegate_model::id::CollectionId;
use tidegate_model::market::Market;
use tidegate_model::{Failure, Money};

use crate::scalar::Decimal;

/// Which products a list holds. All that is given must hold.
#[derive(Debug, Clone, Default, InputObject)]
pub struct ProductFilter {
    /// By the price of the cheapest variant.
    price: Option<PriceRangeInput>,
    /// Only what can (true) or cannot (false) be bought now.
    available: Option<bool>,
    /// Only what is in this collection.
    collection: Option<ID>,
    /// Only what has every one of these tags. At most 20.
    tags: Option<Vec<String>>,
}

/// A span of prices in the currency of the operation's market, both ends included.
#[derive(Debug, Clone, InputObject)]
pub struct PriceRangeInput {
    /// The lowest.
    min: Option<Decimal>,
    /// The highest.
    max: Option<Decimal>,
}

impl ProductFilter {
    /// The same in the model's words.
    pub fn to_model(&self, market: &Market) -> Result<catalog::ProductFilter, Failure> {
        let amount = |decimal: &Option<Decimal>| match decimal {
            None => Ok(None),
            Some(decimal) => Money::parse(&decimal.0, market.currency)
                .map(|money| Some(money.amount))
                .ok_or_else(|| Failure::BadInput("price: no such amount in this market's currency".to_owned())),
        };
        let tags = self.tags.clone().unwrap_or_default();
        if tags.len() > 20 || tags.iter().any(|tag| tag.len() > 200 || tag.contains('\0')) {
            return Err(Failure::BadInput("tags: at most 20 of at most 200 bytes".to_owned()));
        }
        let collection = match &self.collection {
            None => None,
            Some(id) => Some(
                CollectionId::decode(id)
                    .map_err(|_| Failure::BadInput("collection: this is not the id of a collection".to_owned()))?,
            ),
        };
        let price = self.price.as_ref();
        Ok(catalog::ProductFilter {
            price_min: price.map_or(Ok(None), |price| amount(&price.min))?,
            price_max: price.map_or(Ok(None), |price| amount(&price.max))?,
            available: self.available,
            collection,
            tags,
        })
    }
}

/// The order of a product list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::catalog::ProductSort")]
pub enum ProductSort {
    /// The merchant's order, best first.
    Relevance,
    /// By title.
    Title,
    /// The cheapest first.
    PriceLowToHigh,
    /// The dearest first, by the price of the cheapest variant.
    PriceHighToLow,
    /// The latest first.
    Newest,
}

/// The order of the collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::catalog::CollectionSort")]
pub enum CollectionSort {
    /// The merchant's order.
    Position,
    /// By title.
    Title,
}
