//! A small pool of sqlx connections without a ping per use (docs/decisions.md). A connection is probed only when it has
//! been idle, and closed when a unit of work did not end cleanly.

mod connection;
mod manager;

pub use connection::{Conn, Statements};
pub(crate) use manager::{Manager, Pool, build};

use std::time::Duration;

/// How the pool behaves. The defaults suit a replica that shares PostgreSQL with a few others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSettings {
    /// Connections at most.
    pub max_connections: usize,
    /// How long a request waits for a free connection before it is shed.
    pub wait: Duration,
    /// How long opening a connection may take.
    pub connect: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { max_connections: 10, wait: Duration::from_millis(800), connect: Duration::from_secs(3) }
    }
}
