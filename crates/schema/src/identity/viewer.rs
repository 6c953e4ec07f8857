//! The viewer: whoever the access token names.

use async_graphql::{Context, Object, SimpleObject};

use super::customer::Customer;
use super::session::Session;
use crate::cart::{Cart, cart_hint};
use crate::context::ContextExt as _;
use crate::error::{Nullable, nullable};
use crate::ports::{ViewerHint, ViewerRecord};

/// Whoever the access token names.
#[derive(Debug, SimpleObject)]
pub struct Viewer {
    /// The session.
    session: Session,
    /// The customer; null for a guest.
    customer: Option<Customer>,
    /// The open cart that was made last; null when there is none.
    cart: Option<Cart>,
}

/// The viewer.
#[derive(Debug, Default)]
pub struct IdentityQuery;

#[Object]
impl IdentityQuery {
    /// Whoever the access token names; null without one. A session that has ended errs with `SESSION_REVOKED`, at the
    /// very next request on any replica.
    async fn viewer(&self, ctx: &Context<'_>) -> Nullable<Viewer> {
        let cart = ctx.look_ahead().field("cart");
        let customer = ctx.look_ahead().field("customer").exists();
        let hint = ViewerHint { cart: cart.exists().then(|| cart_hint(&cart)), customer };
        let shown = |viewer: ViewerRecord| Viewer {
            session: Session(viewer.session),
            customer: viewer.customer.map(Customer),
            cart: viewer.cart.map(Cart::from),
        };
        nullable(ctx.ports().viewer(hint).await, shown)
    }
}
