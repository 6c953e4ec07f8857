//! Carts: one statement reads a cart with its lines, totals and the session check; one call of a function writes.

mod merge;
mod read;
mod row;
mod write;

pub use merge::CartMerge;
pub use read::{CartAccess, CartFound, CartsFound, ViewerFound};
pub use write::{CartApply, CartCreate};
