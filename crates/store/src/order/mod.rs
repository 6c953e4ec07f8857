//! Orders, for the session that placed them.

mod link;
mod read;
mod row;

pub use link::OrderLinkSend;
pub use read::{OrderAccess, OrderFound, OrdersFound};
