//! Behaviour of the whole, through GraphQL. Every request of a client goes to the other one of two gateways.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod attacks;
mod cart;
mod catalog;
mod checkout;
mod concurrency;
mod dev;
mod dice;
mod documents;
mod expiry;
mod flows;
mod http;
mod idempotency;
mod identity;
mod nodes;
mod pages;
mod reference;
mod replicas;
mod sockets;
mod statements;
