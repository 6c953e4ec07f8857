//! Drills: real input and real load against the real program, and proof of what came of it.
//!
//! `cargo xtask replay` plays the invoices of a real shop as shoppers against several replicas that are killed in the
//! middle, and reconciles every penny; see [`replay`]. `cargo xtask bench` measures what each operation costs; see
//! [`bench`]. `cargo xtask oidc` signs customers in with a real identity provider; see [`oidc`]. `cargo xtask
//! enumeration` measures whether the time of an answer tells who has an account; see [`enumeration`].

mod database;
mod program;
mod replicas;
mod seeded;
mod shop_client;

pub mod bench;
pub mod clients;
pub mod enumeration;
pub mod oidc;
pub mod replay;
pub mod sellable;
