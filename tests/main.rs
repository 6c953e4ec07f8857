//! Behaviour of the whole, through GraphQL. Every request of a client goes to the other one of two gateways.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod cart;
mod checkout;
mod concurrency;
mod dev;
mod expiry;
mod flows;
mod idempotency;
mod replicas;
mod statements;
