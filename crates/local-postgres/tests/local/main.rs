//! Real servers: started, stopped, killed, left behind, and refused.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod killed;
mod places;
mod refused;
mod scratch;
mod started;
