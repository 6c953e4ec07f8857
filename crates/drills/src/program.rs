//! The real program: where it is, and running its commands to their end.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use data_encoding::BASE64;
use tokio::process::Command;

use crate::seeded::Seeded;

/// The stream of the seed that makes the key-encryption key.
const KEY_STREAM: u64 = u64::MAX;

/// The program with the environment that its commands and replicas share.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    database_url: String,
    key_encryption_key: String,
    /// Variables that this drill adds.
    variables: Vec<(&'static str, String)>,
}

impl Program {
    /// Finds the program: `TIDEGATE_BIN`, or the one that cargo makes beside this one, built first so that it is never
    /// an old one.
    pub(crate) async fn find(database_url: String, seed: u64) -> anyhow::Result<Self> {
        let path = match std::env::var_os("TIDEGATE_BIN").filter(|path| !path.is_empty()) {
            Some(path) => PathBuf::from(path),
            None => build().await?,
        };
        anyhow::ensure!(path.is_file(), "there is no program at {}", path.display());
        let key_encryption_key = BASE64.encode(&Seeded::new(seed, KEY_STREAM).bytes());
        Ok(Self { path, database_url, key_encryption_key, variables: Vec::new() })
    }

    /// The same program with one more variable in its environment.
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.variables.push((name, value));
        self
    }

    /// The key-encryption key of its commands, in base64.
    pub(crate) fn key_encryption_key(&self) -> &str {
        &self.key_encryption_key
    }

    /// A command of the program. Settings of the surroundings do not reach it.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"TIDEGATE_") || name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        command
            .env("DATABASE_URL", &self.database_url)
            .env("TIDEGATE_KEY_ENCRYPTION_KEY", &self.key_encryption_key)
            .envs(self.variables.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end; what it says is told only when it fails.
    pub(crate) async fn run(&self, arguments: &[&OsStr]) -> anyhow::Result<()> {
        let output = self.command().args(arguments).output().await.context("the program cannot be run")?;
        if output.status.success() {
            return Ok(());
        }
        let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
        anyhow::bail!(
            "tidegate {} failed ({}):\n{}{}",
            words.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    }
}

/// Builds the program with the profile this one was built with.
async fn build() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("this program has no folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--bin", "tidegate"]);
    if folder.file_name() == Some(OsStr::new("release")) {
        command.arg("--release");
    }
    let status = command.stdin(Stdio::null()).status().await.context("cargo cannot be run")?;
    anyhow::ensure!(status.success(), "tidegate could not be built");
    Ok(beside(folder))
}

fn beside(folder: &Path) -> PathBuf {
    folder.join("tidegate").with_extension(std::env::consts::EXE_EXTENSION)
}
