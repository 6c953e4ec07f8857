//! `cargo xtask bench`: what each operation costs, next to the same SQL sent by a bare driver, interleaved in one run.
//!
//! Requests go over real connections to a release build of the program; a private PostgreSQL waits for the disk at
//! every commit. CPU is read from /proc, of the gateway and of PostgreSQL apart. Linux only.

mod bare;
mod carts;
mod figures;
mod gateway;
mod hello;
pub(crate) mod http;
pub(crate) mod keys;
mod load;
mod operations;
mod plot;
mod processes;
mod report;
mod shop;
mod stage;
mod statements;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use figures::Pairs;
use operations::Operation;
use report::{Memory, Report};
use stage::{Asked, Stage};

/// Connections at once, one measurement each.
const CONNECTIONS: [usize; 3] = [1, 8, 32];
/// Long enough for every connection to prepare its statements and PostgreSQL to settle on a plan.
const WARM_UP: Duration = Duration::from_millis(400);
/// The load after which memory is looked at.
const CROWD: usize = 256;

/// Arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct BenchArgs {
    /// One short round over fewer carts; nothing is written
    #[arg(long)]
    quick: bool,
    /// How long each measurement takes
    #[arg(long, default_value_t = 1.0, value_name = "SECONDS")]
    seconds: f64,
    /// Rounds, of which the medians are told
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=50))]
    rounds: u16,
    /// Measure only operations whose title holds this; nothing is written
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// The folder of the catalogue that the shop starts with
    #[arg(long, default_value = "catalogue", value_name = "FOLDER")]
    catalogue: PathBuf,
    /// Where bench.md, bench.json and bench.svg are written
    #[arg(long, default_value = "docs", value_name = "FOLDER")]
    out: PathBuf,
    /// Be the server that says hello
    #[arg(long, hide = true)]
    hello: bool,
}

/// How much is measured.
#[derive(Debug, Clone, Copy)]
struct Extent {
    rounds: u16,
    time: Duration,
    carts: usize,
}

/// Measures, prints the report and writes it down. The exit code says whether every target is met.
pub fn run(args: &BenchArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if args.hello {
        runtime.block_on(hello::serve())?;
        return Ok(ExitCode::SUCCESS);
    }
    let time = Duration::try_from_secs_f64(args.seconds).context("--seconds is not a number of seconds")?;
    let extent = if args.quick {
        Extent { rounds: 1, time: time.min(Duration::from_millis(600)), carts: 5_000 }
    } else {
        Extent { rounds: args.rounds, time, carts: 50_000 }
    };
    let chosen = |operation: &Operation| args.only.as_deref().is_none_or(|text| operation.title().contains(text));
    let operations: Vec<Operation> = Operation::ALL.into_iter().filter(chosen).collect();
    let report = runtime.block_on(measure(args, extent, &operations))?;
    print!("{}", report.markdown());
    if !args.quick && args.only.is_none() {
        std::fs::write(args.out.join("bench.md"), report.markdown())?;
        std::fs::write(args.out.join("bench.json"), report.json()?)?;
        plot::draw(&args.out.join("bench.svg"), &report)?;
    }
    let lost = report.lost();
    anyhow::ensure!(lost.is_empty(), "requests without their effect: {}", lost.join(", "));
    Ok(if report.missed().is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn measure(args: &BenchArgs, extent: Extent, operations: &[Operation]) -> anyhow::Result<Report> {
    let mut stage = Stage::set(&args.catalogue, extent.carts, 1).await?;
    let idle_kib = stage.gateway.resident_kib()?;
    let mut statements = Vec::new();
    for &operation in operations {
        for asked in [Asked::Gateway, Asked::Limit] {
            stage.measure(operation, asked, CONNECTIONS[2], WARM_UP).await?;
        }
        statements.push((operation.title(), stage.statements_of(operation).await?));
    }
    let mut pairs = pairs(operations);
    let bar = ProgressBar::new(u64::from(extent.rounds) * pairs.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} ({eta} left)")?);
    for round in 0..extent.rounds {
        stage.settle().await?;
        for pair in &mut pairs {
            bar.set_message(format!("{}, {} connections", pair.operation.title(), pair.connections));
            // Whoever comes first in one round comes second in the next.
            let gateway_first = round % 2 == 0;
            let order = if gateway_first { [Asked::Gateway, Asked::Limit] } else { [Asked::Limit, Asked::Gateway] };
            let first = stage.measure(pair.operation, order[0], pair.connections, extent.time).await?;
            let second = stage.measure(pair.operation, order[1], pair.connections, extent.time).await?;
            pair.rounds.push(if gateway_first { (first, second) } else { (second, first) });
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let loaded_kib = stage.gateway.resident_kib()?;
    stage.measure(operations[0], Asked::Gateway, CROWD, extent.time).await?;
    let memory = Memory { idle_kib, loaded_kib, crowd: CROWD, crowd_kib: stage.gateway.resident_kib()? };
    let version: String =
        sqlx::query_scalar("select current_setting('server_version')").fetch_one(&mut stage.connection).await?;
    let figures = pairs.iter().map(Pairs::figure).collect();
    Ok(Report::new(figures, statements, memory, &version, extent))
}

fn pairs(operations: &[Operation]) -> Vec<Pairs> {
    let each =
        |&operation: &Operation| CONNECTIONS.map(|connections| Pairs { operation, connections, rounds: Vec::new() });
    operations.iter().flat_map(each).collect()
}
