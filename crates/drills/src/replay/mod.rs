//! `cargo xtask replay`: plays invoices of the Online Retail data set as shoppers against several replicas, some of
//! which are killed, and proves that every one became exactly one order, right to the penny.
//!
//! What a row is, is decided in `kinds` and `plan`; which prices hold when, in `waves`; a shopper's way is `shopper`;
//! what must agree in the end is `reconcile` and `ledger`.

mod amount;
mod countries;
mod documents;
mod killer;
mod kinds;
mod ledger;
#[cfg(test)]
mod ledger_tests;
mod month;
mod plan;
#[cfg(test)]
mod plan_tests;
mod play;
mod reconcile;
mod report;
mod shelf;
mod shopper;
mod waves;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;

use crate::database::Database;
use crate::program::Program;
use crate::replicas::Replicas;
use crate::seeded::Seeded;
use crate::shop_client::ShopClient;

use killer::Killer;
use plan::Plan;
use play::{Manner, Stage};
use report::Told;

/// The stream of the seed that picks what is killed.
const KILL_STREAM: u64 = 1 << 41;
/// A session whose client was killed is ended by the server within this time.
const SETTLE: Duration = Duration::from_secs(1);

/// Arguments of `cargo xtask replay`.
#[derive(Debug, clap::Args)]
pub struct ReplayArgs {
    /// Months of the data set, `YYYY-MM.csv.gz`
    #[arg(required = true, value_name = "MONTH")]
    months: Vec<PathBuf>,
    /// Gateways on one database; every request goes to a random one
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=50))]
    replicas: u16,
    /// Kill a random gateway with SIGKILL every so many seconds and start it again; 0 kills none
    #[arg(long, default_value_t = 0.0, value_name = "SECONDS")]
    kill_every: f64,
    /// Shoppers at once
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    concurrency: u16,
    /// Determines keys, replicas and kills; the same seed makes the same requests
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Play only so many invoices
    #[arg(long)]
    limit: Option<usize>,
    /// The folder of the catalogue that the shop starts with
    #[arg(long, default_value = "catalogue", value_name = "FOLDER")]
    catalogue: PathBuf,
}

/// Plays the months and prints what came of them. The exit code says whether everything agrees; an error means that
/// the replay itself could not be run.
pub fn run(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let every = Duration::try_from_secs_f64(args.kill_every).context("--kill-every is not a number of seconds")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let agreed = runtime.block_on(replay(args, (!every.is_zero()).then_some(every)))?;
    Ok(if agreed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn replay(args: &ReplayArgs, kill_every: Option<Duration>) -> anyhow::Result<bool> {
    let plan = Arc::new(Plan::new(&month::read(&args.months)?, args.limit));
    let waves = waves::assign(&plan.invoices);
    println!(
        "seed {}: {} invoices in {} waves, {} replicas, {} shoppers at once",
        args.seed,
        plan.invoices.len(),
        waves.len(),
        args.replicas,
        args.concurrency
    );
    let database = Database::start().await?;
    let program = Program::find(database.url(), args.seed).await?;
    open_shop(&program, &args.catalogue).await?;
    let mut connection = database.connect().await?;
    let market = shelf::market(&mut connection).await?;
    let replicas = Replicas::start(program.clone(), args.replicas.into()).await?;
    let board = replicas.board();
    let client = ShopClient::new(board.clone())?;
    let killer = Killer::start(replicas, kill_every, Seeded::new(args.seed, KILL_STREAM));
    let stage = Stage { program: &program, client: &client, market: &market };
    let manner = Manner { concurrency: args.concurrency.into(), seed: args.seed };
    let played = play::play(&stage, &mut connection, &plan, &waves, manner).await?;
    let ended = killer.end().await?;

    tokio::time::sleep(SETTLE).await;
    let orders = ledger::orders(&mut connection).await?;
    let mut differences = reconcile::differences(&plan, &played, &orders, &market.country);
    differences.extend(reconcile::on_hand(&played, &ledger::on_hand(&mut connection).await?));
    differences.extend(ledger::broken_rules(&mut connection).await?);
    differences.extend(ended.unasked);
    drop(ended.replicas);
    tokio::time::sleep(SETTLE).await;
    differences.extend(reconcile::troubles(&board.complaints(), ledger::deadlocks(&mut connection).await?));
    let agreed = differences.is_empty();
    let told = Told {
        waves: waves.len(),
        kills: ended.kills,
        orders: orders.len(),
        ordered: orders.iter().map(|order| amount::Exact::from_pence(order.total.into())).sum(),
        complaints: board.complaints(),
        differences,
    };
    print!("{}", report::render(&plan, &played, &told));
    Ok(agreed)
}

/// Migrates the database and imports the shipped catalogue.
pub(crate) async fn open_shop(program: &Program, catalogue: &Path) -> anyhow::Result<()> {
    program.run(&["migrate".as_ref()]).await?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(catalogue).with_context(|| format!("cannot read {}", catalogue.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".csv.gz") {
            files.push(path);
        }
    }
    let mut arguments: Vec<&OsStr> = vec!["import".as_ref()];
    arguments.extend(files.iter().map(|path| path.as_os_str()));
    program.run(&arguments).await
}
