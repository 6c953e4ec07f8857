//! Carts: the object, its lines, and every change of it.

mod address;
mod input;
mod line;
mod mutation;
mod object;
mod payload;
mod query;

pub use address::{Address, AddressInput, Attribute, AttributeInput};
pub use input::{
    CartAccess, CartAddressesInput, CartBuyerInput, CartCreateInput, CartLineAdd, CartLineSet, CartOperation,
};
pub use line::{
    CartLine, CartLineConnection, CartLineCost, CartLineEdge, CartProblem, InsufficientStockProblem, UnavailableProblem,
};
pub use mutation::CartMutation;
pub use object::{Cart, CartBuyer, CartCost, CartStatus, CheckoutReadiness};
pub use payload::{CartCreatePayload, CartPayload};
pub use query::CartQuery;
pub(crate) use query::cart_hint;
