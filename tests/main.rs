//! Behaviour of the whole, through GraphQL. Every request of a client goes to the other one of two gateways.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access_log;
mod account;
mod api_keys;
mod attacks;
mod authorisation;
mod cart;
mod catalog;
mod checkout;
mod client_address;
mod command;
mod concurrency;
mod cookies;
mod customers;
mod dev;
mod dice;
mod documents;
mod draining;
mod expiry;
mod flows;
mod http;
mod idempotency;
mod identity;
mod importing;
mod keys;
mod mail;
mod nodes;
mod pages;
mod reference;
mod replicas;
mod schema;
mod selections;
mod sockets;
mod statements;
mod tokens;
