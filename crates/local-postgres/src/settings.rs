//! What a caller decides about its server.

use std::path::PathBuf;

/// How and where a private server runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder that holds the lock, the log and, where the server's account can enter it, the data; created if
    /// missing. It belongs to the database alone.
    pub root: PathBuf,
    /// Whether an acknowledged commit survives a power cut. False only for servers whose data nobody will miss.
    pub durable: bool,
    /// PostgreSQL's `max_connections`.
    pub max_connections: u16,
    /// Whether the data goes when the server stops, also when its caller is killed.
    pub remove_when_stopped: bool,
}

impl Settings {
    /// A server whose data is kept and whose commits survive a power cut.
    #[must_use]
    pub fn durable(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), durable: true, max_connections: 100, remove_when_stopped: false }
    }

    /// A server for one run of tests: no waiting for the disk, and nothing left behind.
    #[must_use]
    pub fn throwaway(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), durable: false, max_connections: 200, remove_when_stopped: true }
    }

    /// The options of `postgres` that follow from these settings.
    pub(crate) fn options(&self) -> Vec<String> {
        let safe = if self.durable { "on" } else { "off" };
        let mut options = vec![
            "listen_addresses=".to_owned(),
            "unix_socket_permissions=0700".to_owned(),
            format!("max_connections={}", self.max_connections),
            "shared_buffers=128MB".to_owned(),
            "logging_collector=off".to_owned(),
            "log_destination=stderr".to_owned(),
            "log_line_prefix=%m [%p] ".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
        ];
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            options.push(format!("{name}={safe}"));
        }
        options
    }
}
