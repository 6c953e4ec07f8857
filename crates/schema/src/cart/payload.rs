//! What cart mutations answer.

use async_graphql::SimpleObject;

use super::object::Cart;
use crate::identity::SessionTokens;
use crate::ports::{CartChanged, CartCreated};
use crate::user_error::{UserError, user_errors};

/// What came of a change.
#[derive(Debug, SimpleObject)]
pub struct CartPayload {
    /// The cart as it is now, also when `errors` is not empty. Null when it was not found or is not yours.
    cart: Option<Cart>,
    /// The revision that this change made, also when the same call is repeated; null when nothing was changed.
    revision: Option<i32>,
    /// What was refused. Nothing was changed when it is not empty.
    errors: Vec<UserError>,
}

impl From<CartChanged> for CartPayload {
    fn from(changed: CartChanged) -> Self {
        Self { cart: changed.cart.map(Cart::from), revision: changed.revision, errors: user_errors(changed.refusals) }
    }
}

/// What came of a new cart.
#[derive(Debug, SimpleObject)]
pub struct CartCreatePayload {
    /// The new cart; null when `errors` is not empty.
    cart: Option<Cart>,
    /// The revision it began with.
    revision: Option<i32>,
    /// Tokens of the guest session that was made for it: keep them, they open the cart. Null when the request came with
    /// an access token, and when the call is repeated after ten minutes.
    tokens: Option<SessionTokens>,
    /// The secret that shares the cart, if it was asked for: whoever sends it in `X-Cart-Secret` can read and change
    /// the cart until checkout. It is shown once.
    secret: Option<String>,
    /// What was refused. Nothing was made when it is not empty.
    errors: Vec<UserError>,
}

impl From<CartCreated> for CartCreatePayload {
    fn from(created: CartCreated) -> Self {
        Self {
            cart: created.cart.map(Cart::from),
            revision: created.revision,
            tokens: created.tokens.map(SessionTokens::from),
            secret: created.secret,
            errors: user_errors(created.refusals),
        }
    }
}
