//! The shop's vocabulary as plain data: ids, money, pages, and one module per domain. No IO, no GraphQL, no database.
//!
//! Everything that crosses a crate boundary is one of these types: the store returns them, the schema turns them into
//! GraphQL objects, the ports between the two speak only in them.

pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod clock;
pub mod failure;
pub mod id;
pub mod identity;
pub mod market;
pub mod money;
pub mod order;
pub mod page;
pub mod refusal;
pub mod validate;

pub use clock::Clock;
pub use failure::Failure;
pub use money::{Currency, Money};
pub use page::{CursorKey, Direction, Keyed, Page, Slice, Window};
pub use refusal::{Refusal, RefusalKind};
