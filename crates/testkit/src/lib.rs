//! The hands of the tests: a database per test, gateways in this process or as real processes, clients, fixtures.
//!
//! A test arranges a [`Shop`], acts through a [`Client`] (each request goes to the other one of two gateways), and
//! asserts on the answer and on the database.
#![expect(clippy::expect_used, clippy::missing_panics_doc, clippy::panic, reason = "a test fails by panicking")]

mod clock;
mod database;
mod fixture;
mod replica;
mod shop;

pub use clock::{TestClock, processor_time};
pub use database::Database;
pub use fixture::{CATALOGUE, import};
pub use replica::{Log, Replica, post};
pub use shop::{Answer, Client, Shop, uuid};
