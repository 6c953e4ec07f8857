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

impl PoolSettings {
    /// Reads at once at most: two fifths of the connections. A read waits for nothing but the processor, and every
    /// further session comes to colder caches; a write waits for the disk, and needs company to share the wait.
    #[must_use]
    pub fn reads(&self) -> usize {
        (self.max_connections * 2 / 5).max(1)
    }
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { max_connections: 10, wait: Duration::from_millis(800), connect: Duration::from_secs(3) }
    }
}
