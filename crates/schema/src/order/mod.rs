//! Orders: what was bought, frozen.

mod line;
mod object;
mod query;

pub use line::{OrderLine, OrderLineConnection, OrderLineCost, OrderLineEdge, OrderLineOption};
pub use object::{
    FulfilmentStatus, Order, OrderBuyer, OrderConnection, OrderCost, OrderEdge, Payment, PaymentMethod, PaymentStatus,
};
pub use query::{OrderQuery, OrderRef};
