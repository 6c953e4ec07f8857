//! The cart.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use std::sync::Arc;
use tidegate_model::cart;
use tidegate_model::checkout::CheckoutRequirement as Requirement;

use super::address::{Address, Attribute, attributes};
use super::line::{CartLine, CartLineConnection};
use crate::checkout::CheckoutRequirement;
use crate::connection::PageArgs;
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::money::Money;
use crate::plain::{Asked, Json, NotPlain, Page, Plain, Wrote};
use crate::scalar::{Cursor, DateTime};

/// Whether a cart can still be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::cart::CartStatus")]
pub enum CartStatus {
    /// It can.
    Open,
    /// It has become an order.
    Completed,
    /// Its lines are in another cart now.
    Merged,
}

/// What a buyer is going to order. Prices and stock in it are today's.
#[derive(Debug, Clone)]
pub struct Cart(pub Arc<cart::Cart>);

impl From<cart::Cart> for Cart {
    fn from(cart: cart::Cart) -> Self {
        Self(Arc::new(cart))
    }
}

/// What a buyer is going to order. Prices and stock in it are today's.
#[Object]
impl Cart {
    /// Opaque; see `node`. The id alone opens nothing: the access token's session must own the cart, or the
    /// `X-Cart-Secret` header must hold its secret.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// Grows by one with every change. Of two answers that cross, keep the one with the higher revision.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// Whether it can still be changed.
    async fn status(&self) -> CartStatus {
        self.0.status.into()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// When it will be deleted: 30 days after the last change. An empty one goes after 6 hours.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// Its lines in the order they were added.
    async fn lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<CartLineConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        let ahead = self.0.lines.as_ref().and_then(|window| window.page(&page));
        let slice = match ahead {
            Some(slice) => slice,
            None => ctx.ports().cart_lines(self.0.id, page).await?,
        };
        Ok(CartLineConnection(slice.map(CartLine::from)))
    }

    /// How many lines it has.
    async fn line_count(&self) -> i32 {
        i32::try_from(self.0.line_count).unwrap_or(i32::MAX)
    }

    /// How many pieces, over all lines.
    async fn total_quantity(&self) -> i32 {
        i32::try_from(self.0.total_quantity).unwrap_or(i32::MAX)
    }

    /// What it costs.
    async fn cost(&self) -> CartCost {
        CartCost::of(&self.0)
    }

    /// Who buys.
    async fn buyer(&self) -> CartBuyer {
        CartBuyer { email: self.0.email.clone(), phone: self.0.phone.clone() }
    }

    /// Where to send it.
    async fn shipping_address(&self) -> Option<Address> {
        self.0.shipping_address.clone().map(Address::from)
    }

    /// Where to send the bill; null means to the shipping address.
    async fn billing_address(&self) -> Option<Address> {
        self.0.billing_address.clone().map(Address::from)
    }

    /// The buyer's words to the shop.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Your front end's own data.
    async fn attributes(&self) -> Vec<Attribute> {
        attributes(&self.0.attributes)
    }

    /// Whether `checkoutComplete` would take it now, or what is missing.
    async fn readiness(&self) -> CheckoutReadiness {
        CheckoutReadiness::of(&self.0)
    }

    /// The order it became; null while it is open.
    async fn order_id(&self) -> Option<ID> {
        self.0.order_id.map(|order| ID(order.encode()))
    }

    /// The cart that its lines are in now, after a sign-in or `cartMerge`; null otherwise.
    async fn merged_into_id(&self) -> Option<ID> {
        self.0.merged_into.map(|cart| ID(cart.encode()))
    }
}

/// What a cart costs.
#[derive(Debug, SimpleObject)]
pub struct CartCost {
    /// The sum of the lines.
    subtotal: Money,
    /// What is to be paid. Send it as `expectedTotal` when the buyer agrees to it.
    total: Money,
}

/// Who buys.
#[derive(Debug, SimpleObject)]
pub struct CartBuyer {
    /// E-mail address.
    email: Option<String>,
    /// Telephone number.
    phone: Option<String>,
}

/// Whether a cart can be ordered now.
#[derive(Debug, SimpleObject)]
pub struct CheckoutReadiness {
    /// It can.
    ready: bool,
    /// What is missing.
    missing: Vec<CheckoutRequirement>,
}

impl CartCost {
    fn of(cart: &cart::Cart) -> Self {
        let subtotal = Money(cart.subtotal());
        Self { subtotal, total: subtotal }
    }
}

impl CheckoutReadiness {
    fn of(cart: &cart::Cart) -> Self {
        let lacks = [
            (cart.line_count == 0, Requirement::Lines),
            (cart.email.is_none(), Requirement::BuyerEmail),
            (cart.shipping_address.is_none(), Requirement::ShippingAddress),
            (cart.lines_short > 0, Requirement::Stock),
        ];
        let missing: Vec<CheckoutRequirement> =
            lacks.into_iter().filter(|(lacking, _)| *lacking).map(|(_, what)| what.into()).collect();
        Self { ready: missing.is_empty() && cart.status == cart::CartStatus::Open, missing }
    }
}

impl Plain for Cart {
    const NAME: &'static str = "Cart";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        self.0.field(field, to)
    }
}

/// All but lines that were not read ahead.
impl Plain for cart::Cart {
    const NAME: &'static str = "Cart";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "id" => to.ascii(|to| self.id.append(to)),
            "revision" => to.int(self.revision),
            "status" => to.choice(CartStatus::from(self.status)),
            "createdAt" => to.instant(self.created_at),
            "updatedAt" => to.instant(self.updated_at),
            "expiresAt" => to.instant(self.expires_at),
            "lines" => {
                let page = to.page(field)?;
                let slice = self.lines.as_ref().and_then(|window| window.view(&page)).ok_or(NotPlain)?;
                to.object(&Page(&slice), field)
            }
            "lineCount" => to.int(i32::try_from(self.line_count).unwrap_or(i32::MAX)),
            "totalQuantity" => to.int(i32::try_from(self.total_quantity).unwrap_or(i32::MAX)),
            "cost" => to.object(&CartCost::of(self), field),
            "buyer" => to.object(&BuyerOf(self), field),
            "shippingAddress" => to.optional(self.shipping_address.as_ref(), |to, address| to.object(address, field)),
            "billingAddress" => to.optional(self.billing_address.as_ref(), |to, address| to.object(address, field)),
            "note" => to.optional(self.note.as_deref(), Json::text),
            "attributes" => to.objects(&self.attributes, field),
            "readiness" => to.object(&CheckoutReadiness::of(self), field),
            "orderId" => to.optional(self.order_id, |to, order| to.ascii(|to| order.append(to))),
            _ => Err(NotPlain),
        }
    }
}

impl Plain for CartCost {
    const NAME: &'static str = "CartCost";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "subtotal" => to.object(&self.subtotal.0, field),
            "total" => to.object(&self.total.0, field),
            _ => Err(NotPlain),
        }
    }
}

/// Who buys, without a copy.
struct BuyerOf<'c>(&'c cart::Cart);

impl Plain for BuyerOf<'_> {
    const NAME: &'static str = "CartBuyer";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "email" => to.optional(self.0.email.as_deref(), Json::text),
            "phone" => to.optional(self.0.phone.as_deref(), Json::text),
            _ => Err(NotPlain),
        }
    }
}

impl Plain for CheckoutReadiness {
    const NAME: &'static str = "CheckoutReadiness";

    fn field<'a>(&self, field: &'a Asked, to: &mut Json<'a>) -> Wrote {
        match field.node.name.node.as_str() {
            "ready" => to.flag(self.ready),
            "missing" => to.list(&self.missing, |to, what| to.choice(*what)),
            _ => Err(NotPlain),
        }
    }
}
