//! The keys in force, shared by all replicas through the database and re-read as time goes by.

mod api_keys;
pub(crate) mod life;
mod ring;
mod rows;

pub(crate) use api_keys::{ApiKey, Scope};
pub use ring::KeyRing;
