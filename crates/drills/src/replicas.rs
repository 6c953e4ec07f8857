//! Replicas of the gateway on one database: started, killed and started again.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use crate::program::Program;
use crate::seeded::Seeded;

/// A replica answers within a second or so; a busy machine gets more.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// Log lines with errors that are kept for the report.
const KEPT_LINES: usize = 20;

/// Where the replicas are now, and what they complained about. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Board {
    addresses: Arc<RwLock<Vec<SocketAddr>>>,
    complaints: Arc<Mutex<Complaints>>,
}

/// Errors in the replicas' logs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Complaints {
    /// How many.
    pub(crate) count: u64,
    /// The first of them.
    pub(crate) first: Vec<String>,
}

/// The running replicas; they are killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Replicas {
    program: Program,
    children: Vec<Child>,
    board: Board,
}

impl Board {
    /// The address of a random replica, alive or not: a load balancer notices a death later than its clients do.
    pub(crate) fn pick(&self, random: &mut Seeded) -> Option<SocketAddr> {
        let addresses = self.addresses.read().unwrap_or_else(PoisonError::into_inner);
        addresses.get(random.below(addresses.len())).copied()
    }

    /// The addresses of all replicas.
    pub(crate) fn addresses(&self) -> Vec<SocketAddr> {
        self.addresses.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was complained about so far.
    pub(crate) fn complaints(&self) -> Complaints {
        self.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, index: usize, address: SocketAddr) {
        let mut addresses = self.addresses.write().unwrap_or_else(PoisonError::into_inner);
        if index < addresses.len() {
            addresses[index] = address;
        } else {
            addresses.push(address);
        }
    }

    fn note(&self, line: String) {
        let mut complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        complaints.count += 1;
        if complaints.first.len() < KEPT_LINES {
            complaints.first.push(line);
        }
    }
}

impl Replicas {
    /// Starts `count` replicas and waits until each listens.
    pub(crate) async fn start(program: Program, count: usize) -> anyhow::Result<Self> {
        let mut replicas = Self { program, children: Vec::new(), board: Board::default() };
        for index in 0..count {
            let child = replicas.launch(index).await?;
            replicas.children.push(child);
        }
        Ok(replicas)
    }

    /// Where clients look the replicas up.
    pub(crate) fn board(&self) -> Board {
        self.board.clone()
    }

    /// Kills a random replica with SIGKILL and starts it again, on a port of its own.
    pub(crate) async fn kill_one(&mut self, random: &mut Seeded) -> anyhow::Result<()> {
        let index = random.below(self.children.len());
        if let Some(child) = self.children.get_mut(index) {
            child.kill().await?;
            let child = self.launch(index).await?;
            self.children[index] = child;
        }
        Ok(())
    }

    /// A replica that ended by itself, if there is one: none ever should.
    pub(crate) fn ended(&mut self) -> Option<String> {
        self.children.iter_mut().enumerate().find_map(|(index, child)| match child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(format!("replica {index} ended by itself: {status}")),
            Err(error) => Some(format!("replica {index}: {error}")),
        })
    }

    async fn launch(&self, index: usize) -> anyhow::Result<Child> {
        let mut child = self
            .program
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("TIDEGATE_LOG_FORMAT", "json")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .context("a replica cannot be started")?;
        let mut lines = BufReader::new(child.stdout.take().context("a replica has no output")?).lines();
        let address = tokio::time::timeout(START_PATIENCE, address(&mut lines))
            .await
            .context("a replica did not listen in time")??;
        self.board.put(index, address);
        tokio::spawn(watch(lines, self.board.clone()));
        Ok(child)
    }
}

/// Waits for the log line that says where the replica listens.
async fn address(lines: &mut Lines<BufReader<ChildStdout>>) -> anyhow::Result<SocketAddr> {
    let mut told = String::new();
    while let Some(line) = lines.next_line().await? {
        if let Some(address) = listening(&line) {
            return Ok(address);
        }
        told.push_str(&line);
        told.push('\n');
    }
    anyhow::bail!("a replica ended while starting:\n{told}")
}

/// The address in a `listening` log line, wherever the log format puts fields.
fn listening(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    let fields = line.get("fields").unwrap_or(&line);
    (fields.get("message")?.as_str()? == "listening").then_some(())?;
    fields.get("addr")?.as_str()?.parse().ok()
}

/// Reads a replica's log to its end, so that its pipe never fills.
async fn watch(mut lines: Lines<BufReader<ChildStdout>>, board: Board) {
    while let Ok(Some(line)) = lines.next_line().await {
        if line.contains("\"level\":\"ERROR\"") {
            board.note(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_nested_and_flat_log_lines() {
        let address = "127.0.0.1:4010".parse().ok();
        for line in [
            r#"{"level":"INFO","fields":{"message":"listening","addr":"127.0.0.1:4010"},"target":"tidegate"}"#,
            r#"{"level":"INFO","message":"listening","addr":"127.0.0.1:4010"}"#,
        ] {
            assert_eq!(listening(line), address, "{line}");
        }
        assert_eq!(listening(r#"{"fields":{"message":"request","addr":"127.0.0.1:4010"}}"#), None);
        assert_eq!(listening("listening 127.0.0.1:4010"), None);
    }

    #[test]
    fn a_replica_that_moves_is_found_at_its_new_address() {
        let board = Board::default();
        let mut random = Seeded::new(1, 1);
        assert_eq!(board.pick(&mut random), None);
        board.put(0, SocketAddr::from(([127, 0, 0, 1], 1)));

        board.put(0, SocketAddr::from(([127, 0, 0, 1], 2)));

        assert_eq!(board.pick(&mut random), Some(SocketAddr::from(([127, 0, 0, 1], 2))));
    }
}
