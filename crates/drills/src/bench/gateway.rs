//! The gateway under test: one replica, with what `serve` does by default, its log included.

use std::fs::{File, OpenOptions};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use tokio::process::Child;

use super::processes;
use crate::program::Program;

/// A start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// The running gateway; killed when dropped.
#[derive(Debug)]
pub(super) struct Gateway {
    pub(super) address: SocketAddr,
    pub(super) pid: u32,
    /// Its log goes into a file: a pipe would have to be read by whoever makes the load.
    log: File,
    log_path: std::path::PathBuf,
    _child: Child,
}

impl Gateway {
    pub(super) async fn start(program: &Program, folder: &Path) -> anyhow::Result<Self> {
        let log_path = folder.join("gateway.log");
        let log = OpenOptions::new().create(true).append(true).open(&log_path)?;
        let child = program
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::inherit())
            .spawn()
            .context("the gateway cannot be started")?;
        let pid = child.id().context("the gateway ended at once")?;
        let waiting = async {
            loop {
                if let Some(address) = address(&std::fs::read_to_string(&log_path)?) {
                    return anyhow::Ok(address);
                }
                tokio::time::sleep(POLL).await;
            }
        };
        let address = tokio::time::timeout(PATIENCE, waiting).await.context("the gateway did not start in time")??;
        Ok(Self { address, pid, log, log_path, _child: child })
    }

    /// Statements of the last request with this operation name, as its log line tells.
    pub(super) fn statements(&self, operation: &str) -> anyhow::Result<u64> {
        let log = std::fs::read_to_string(&self.log_path)?;
        let told = log
            .lines()
            .rev()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find_map(|line| if line["operation"] == operation { line["statements"].as_u64() } else { None });
        told.with_context(|| format!("the log has no request {operation}"))
    }

    /// Empties the log, so that it does not fill the disk.
    pub(super) fn forget_log(&self) -> anyhow::Result<()> {
        Ok(self.log.set_len(0)?)
    }

    pub(super) fn cpu_micros(&self) -> anyhow::Result<u64> {
        processes::cpu_micros(self.pid)
    }

    pub(super) fn resident_kib(&self) -> anyhow::Result<u64> {
        processes::resident_kib(self.pid)
    }
}

/// The address in the log line that says where the gateway listens.
fn address(log: &str) -> Option<SocketAddr> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["message"] == "listening").find_map(|line| line["addr"].as_str()?.parse().ok())
}
