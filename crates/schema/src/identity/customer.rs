//! The customer, with what only the customer sees.

use async_graphql::{Context, ID, Object, SimpleObject};
use tidegate_model::identity;

use super::session::{Session, SessionConnection};
use crate::cart::Address;
use crate::connection::{PageArgs, connection};
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::order::{Order, OrderConnection};
use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};
use crate::scalar::{Cursor, DateTime};

/// A customer: a shopper who has an account.
#[derive(Debug, Clone)]
pub struct Customer(pub identity::Customer);

/// A customer: a shopper who has an account.
#[Object]
impl Customer {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// E-mail address, as it was typed.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Whether the customer, or a provider whom the shop trusts, has shown that the address is theirs.
    async fn email_verified(&self) -> bool {
        self.0.email_verified
    }

    /// The customer's name.
    async fn name(&self) -> PersonName {
        PersonName { given_name: self.0.given_name.clone(), family_name: self.0.family_name.clone() }
    }

    /// Telephone number.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// Whether there is a password to sign in with. Without one the customer signs in by code or through a provider.
    async fn has_password(&self) -> bool {
        self.0.has_password
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The address to offer first; null when there is none.
    async fn default_address(&self) -> Option<CustomerAddress> {
        self.0.default_address.clone().map(CustomerAddress)
    }

    /// The addresses that the customer keeps, oldest first.
    async fn addresses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<CustomerAddressConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        Ok(CustomerAddressConnection(ctx.ports().customer_addresses(page).await?.map(CustomerAddress)))
    }

    /// The customer's orders, newest first.
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<OrderConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        Ok(OrderConnection(ctx.ports().customer_orders(page).await?.map(Order::from)))
    }

    /// Where the customer is signed in, newest first. End one with `sessionRevoke`: it is refused at its very next
    /// request, on any replica.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start, or behind `after`: 1 to 250; 24 when neither it nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "The cursor of the row to start behind.")] after: Option<Cursor>,
        #[graphql(desc = "Rows from the end, or before `before`: 1 to 250.")] last: Option<i32>,
        #[graphql(desc = "The cursor of the row to end before.")] before: Option<Cursor>,
    ) -> Result<SessionConnection> {
        let page = PageArgs { first, after, last, before }.page(ctx)?;
        Ok(SessionConnection(ctx.ports().customer_sessions(page).await?.map(Session)))
    }
}

/// A person's name.
#[derive(Debug, Clone, SimpleObject)]
pub struct PersonName {
    /// Given name.
    given_name: Option<String>,
    /// Family name.
    family_name: Option<String>,
}

/// An address that a customer keeps.
#[derive(Debug, Clone)]
pub struct CustomerAddress(pub identity::CustomerAddress);

/// An address that a customer keeps.
#[Object]
impl CustomerAddress {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// The address. Copy it into a cart with `cartAddressesSet`.
    async fn address(&self) -> Address {
        self.0.address.clone().into()
    }

    /// Whether it is the one to offer first.
    async fn is_default(&self) -> bool {
        self.0.default
    }
}

connection!(CustomerAddressConnection, CustomerAddressEdge, CustomerAddress, "a customer's addresses");

/// Read too seldom to be written at once: the engine resolves it.
impl Plain for CustomerAddress {
    const NAME: &'static str = "CustomerAddress";

    fn field<'a>(&self, _: &'a Asked, _: &mut Json<'a>) -> Wrote {
        Err(NotPlain)
    }
}
