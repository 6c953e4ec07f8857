//! The shop itself, and `node`.

use async_graphql::{Context, ID, Object, SimpleObject};
use tidegate_model::Failure;
use tidegate_model::id::NodeId;
use tidegate_model::market::{self, Market as MarketData};

use crate::context::ContextExt as _;
use crate::error::{Nullable, Result};
use crate::node::Node;
use crate::order::PaymentMethod;
use crate::scalar::{CountryCode, CurrencyCode, LanguageCode};

/// The shop and the object look-up.
#[derive(Debug, Default)]
pub struct ShopQuery;

/// How many ids `nodes` takes.
const MAX_NODES: usize = 100;

#[Object]
impl ShopQuery {
    /// What the shop is and where it sells.
    async fn shop(&self) -> Shop {
        Shop
    }

    /// An object by its id; null when there is none, or it is not yours.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The `id` of any object.")] id: ID) -> Nullable<Node> {
        find(ctx, vec![id]).await.map(|mut found| found.pop().flatten()).transpose()
    }

    /// Objects by their ids, in the same order; null for each that is not there, or not yours. At most 100.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `id`s of any objects.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MAX_NODES {
            return Err(Failure::BadInput(format!("nodes takes at most {MAX_NODES} ids")).into());
        }
        find(ctx, ids).await
    }
}

async fn find(ctx: &Context<'_>, ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
    let decoded: Vec<Option<NodeId>> = ids.iter().map(|id| NodeId::decode(id).ok()).collect();
    let known: Vec<NodeId> = decoded.iter().copied().flatten().collect();
    let mut found = if known.is_empty() { Vec::new() } else { ctx.ports().nodes(known).await? }.into_iter();
    Ok(decoded.into_iter().map(|id| id.and_then(|_| found.next().flatten()).map(Node::from)).collect())
}

/// The shop.
#[derive(Debug)]
pub struct Shop;

/// The shop.
#[Object]
impl Shop {
    /// The markets it sells in. The first is the default.
    async fn markets(&self) -> Vec<Market> {
        vec![Market::from(market::SHIPPED)]
    }

    /// The market that answers this operation; see `@inContext`.
    async fn market(&self, ctx: &Context<'_>) -> Market {
        Market::from(ctx.request().market)
    }

    /// How orders can be paid.
    async fn payment_methods(&self) -> Vec<PaymentMethod> {
        vec![PaymentMethod::Invoice]
    }

    /// The bounds that carts and pages keep to.
    async fn limits(&self) -> ShopLimits {
        use tidegate_model::{cart, page};
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        ShopLimits {
            page_size: page::MAX_SIZE.cast_signed(),
            cart_lines: count(cart::MAX_LINES),
            cart_lines_per_call: count(cart::MAX_LINES_PER_CALL),
            line_quantity: cart::MAX_QUANTITY,
        }
    }
}

/// The bounds that carts and pages keep to.
#[derive(Debug, SimpleObject)]
pub struct ShopLimits {
    /// The most rows in one page.
    page_size: i32,
    /// The most lines in a cart.
    cart_lines: i32,
    /// The most lines that one call can change.
    cart_lines_per_call: i32,
    /// The most pieces in a line.
    line_quantity: i32,
}

/// A country, language and currency that the shop serves.
#[derive(Debug, SimpleObject)]
pub struct Market {
    /// Stable, for your code.
    handle: String,
    /// For people.
    name: String,
    /// Its country.
    country: CountryCode,
    /// The language of its texts.
    language: LanguageCode,
    /// The currency of its prices.
    currency: CurrencyCode,
}

impl From<MarketData> for Market {
    fn from(market: MarketData) -> Self {
        Self {
            handle: market.handle.to_owned(),
            name: market.name.to_owned(),
            country: CountryCode(market.country.to_owned()),
            language: LanguageCode(market.language.to_owned()),
            currency: CurrencyCode(market.currency.code().to_owned()),
        }
    }
}
