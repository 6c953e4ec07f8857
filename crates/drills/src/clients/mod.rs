//! Apollo Client and urql under Node, each as two tabs of one browser, over two replicas.
//!
//! Access tokens live for minutes, so the drill makes the tabs' token one that has expired: the same session's, signed
//! with the shop's own key, of a quarter of an hour ago. The replicas then refuse it by themselves, and both tabs
//! refresh at once. `tests/clients/two-tabs.mjs` plays the tabs. Then the same in Chromium, with tokens in cookies.

mod ageing;
mod browser;
mod front;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::process::Command;

use crate::database::Database;
use crate::program::Program;
use crate::replay::open_shop;
use crate::replicas::Replicas;

/// Arguments of `cargo xtask clients`.
#[derive(Debug, clap::Args)]
pub struct ClientsArgs {
    /// How often the access token expires under both tabs
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// The folder of the clients, their npm packages installed
    #[arg(long, default_value = "tests/clients", value_name = "FOLDER")]
    folder: PathBuf,
    /// The folder of the catalogue that the shop starts with
    #[arg(long, default_value = "catalogue", value_name = "FOLDER")]
    catalogue: PathBuf,
}

impl ClientsArgs {
    /// The folder of the clients.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Plays every round with each client; the first that does not hold is the error.
pub fn run(args: &ClientsArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(drill(args))?;
    Ok(ExitCode::SUCCESS)
}

async fn drill(args: &ClientsArgs) -> anyhow::Result<()> {
    let database = Database::start().await?;
    let program = Program::find(database.url(), 1).await?;
    open_shop(&program, &args.catalogue).await?;
    let replicas = Replicas::start(program.clone(), 2).await?;
    let ageing = ageing::start(&database, program.key_encryption_key()).await?;
    let gateways: Vec<_> = replicas.board().addresses().iter().map(|address| format!("http://{address}")).collect();
    let status = Command::new("node")
        .current_dir(&args.folder)
        .arg("two-tabs.mjs")
        .env("GATEWAYS", gateways.join(","))
        .env("AGEING", format!("http://{ageing}"))
        .env("ROUNDS", args.rounds.to_string())
        .kill_on_drop(true)
        .status()
        .await
        .context("node cannot be run")?;
    anyhow::ensure!(status.success(), "the clients: {status}");
    browser::play(args, &program, &database, ageing).await
}
