//! The keys in force, shared by all replicas through the database and re-read as time goes by.

mod ring;
mod rows;

pub use ring::KeyRing;
