//! The root field for one cart.

use async_graphql::{Context, ID, Lookahead, Object};
use tidegate_model::cart::CartHint;
use tidegate_model::id::CartId;

use super::object::Cart;
use crate::context::{ContextExt as _, rows_ahead};
use crate::error::{Nullable, nullable};
use crate::plain::Written;

/// What a selection of a cart is going to ask for.
pub(crate) fn cart_hint(selection: &Lookahead<'_>) -> CartHint {
    CartHint { lines: rows_ahead(selection, "lines") }
}

/// Carts.
#[derive(Debug, Default)]
pub struct CartQuery;

#[Object]
impl CartQuery {
    /// A cart of the access token's session, or the one whose secret is in the `X-Cart-Secret` header. Null when there
    /// is none, or it is not yours.
    async fn cart(&self, ctx: &Context<'_>, #[graphql(desc = "The cart's id.")] id: ID) -> Nullable<Written<Cart>> {
        let id = CartId::decode(&id).ok()?;
        let hint = cart_hint(&ctx.whole().look_ahead());
        nullable(ctx.ports().cart(id, hint).await, |cart| Written(Cart::from(cart)))
    }
}
