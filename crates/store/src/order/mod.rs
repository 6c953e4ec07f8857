//! Orders, for the session that placed them.

mod read;
mod row;

pub use read::OrderFound;
