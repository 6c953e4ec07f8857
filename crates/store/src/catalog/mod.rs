//! Products, variants and collections as one market sees them: reads from the listing row, search, and the import.
//!
//! A read is a free function over a connection and sends one statement, whatever the number of parents; the method on
//! [`crate::Store`] beside it runs it as a unit of work. The market's id is always the first parameter.

pub mod collection;
pub mod collection_products;
pub mod import;
mod keyset;
pub mod product;
pub mod products;
mod row;
pub(crate) use row::image;
pub mod search;
pub mod variants;
