//! The Node interface: every object that has an id can be fetched again by it.

use async_graphql::{ID, Interface};

use crate::cart::{Cart, CartLine};
use crate::catalog::{Collection, Product, Variant};
use crate::identity::{Customer, CustomerAddress, Session};
use crate::order::{Order, OrderLine};
use crate::ports::NodeObject;

/// An object with an id by which `node` finds it again. An id never grants access: what is private is found for its
/// owner alone.
#[derive(Debug, Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque and unique over all types."))]
pub enum Node {
    /// A product.
    Product(Product),
    /// A variant.
    Variant(Variant),
    /// A collection.
    Collection(Collection),
    /// A cart.
    Cart(Cart),
    /// A line of a cart.
    CartLine(CartLine),
    /// An order.
    Order(Order),
    /// A line of an order.
    OrderLine(OrderLine),
    /// A session.
    Session(Session),
    /// A customer.
    Customer(Customer),
    /// An address that a customer keeps.
    CustomerAddress(CustomerAddress),
}

impl From<NodeObject> for Node {
    fn from(object: NodeObject) -> Self {
        match object {
            NodeObject::Product(product) => Product(product).into(),
            NodeObject::Variant(variant) => Variant(variant.into()).into(),
            NodeObject::Collection(collection) => Collection(collection.into()).into(),
            NodeObject::Cart(cart) => Cart(cart.into()).into(),
            NodeObject::CartLine(line) => CartLine(line.into()).into(),
            NodeObject::Order(order) => Order(order.into()).into(),
            NodeObject::OrderLine(line) => OrderLine(line.into()).into(),
            NodeObject::Session(session) => Session(session).into(),
            NodeObject::Customer(customer) => Customer(customer).into(),
            NodeObject::Address(address) => CustomerAddress(address).into(),
        }
    }
}
