//! `cargo xtask enumeration`: whether the time of an answer tells that an e-mail address has an account.
//!
//! Each flow is asked about a known and an unknown address by turns, in random order, on one connection. The times of
//! the two are compared by Welch's t-test, as OWASP ASVS 6.3.8 wants it proven: |t| below 4.5 and means closer than a
//! millisecond. Clients' addresses are spread, so that throttles, which count alike for both, do not end the drill.

mod flow;
mod stage;
mod welch;

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use crate::seeded::Seeded;
use flow::Flow;
use stage::Stage;
use welch::{Comparison, Sample};

/// Pairs that are asked and not counted: connections, plans and caches settle.
const WARM_UP: u32 = 30;
/// The stream of the seed that decides who is asked first.
const ORDER_STREAM: u64 = 1;

/// Arguments of `cargo xtask enumeration`.
#[derive(Debug, clap::Args)]
pub struct EnumerationArgs {
    /// Pairs of each flow but sign-in
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(2..=50_000))]
    pairs: u32,
    /// Pairs of sign-ins
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(2..=50_000))]
    login_pairs: u32,
    /// Measure only the flow with this name
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Decides the order within the pairs
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Measures and prints a line per flow. The exit code says whether none tells the two apart.
pub fn run(args: &EnumerationArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let alike = runtime.block_on(drill(args))?;
    Ok(if alike { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn drill(args: &EnumerationArgs) -> anyhow::Result<bool> {
    let wanted = |flow: &Flow| args.only.as_deref().is_none_or(|name| flow.name() == name);
    let flows: Vec<_> = Flow::ALL.into_iter().filter(wanted).collect();
    anyhow::ensure!(!flows.is_empty(), "there is no such flow");
    let most = args.pairs.max(args.login_pairs) + WARM_UP;
    let mut stage = Stage::set(args.seed, most).await?;
    let mut order = Seeded::new(args.seed, ORDER_STREAM);
    println!("{:<34} {:>7} {:>12} {:>12} {:>8}", "flow", "pairs", "mean gap µs", "median µs", "t");
    let mut alike = true;
    for flow in flows {
        let pairs = if flow == Flow::Login { args.login_pairs } else { args.pairs };
        let comparison = compare(&mut stage, flow, pairs, &mut order).await?;
        alike &= comparison.alike();
        let verdict = if comparison.alike() { "alike" } else { "TOLD APART" };
        let Comparison { mean_gap, median_gap, t } = comparison;
        println!("{:<34} {pairs:>7} {mean_gap:>12.1} {median_gap:>12.1} {t:>8.2}  {verdict}", flow.name());
    }
    Ok(alike)
}

async fn compare(stage: &mut Stage, flow: Flow, pairs: u32, order: &mut Seeded) -> anyhow::Result<Comparison> {
    let bar = ProgressBar::new(u64::from(pairs));
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} ({eta} left)")?);
    bar.set_message(flow.name());
    let (mut known, mut unknown) = (Sample::default(), Sample::default());
    for pair in 0..WARM_UP + pairs {
        stage.prepare(flow, pair).await?;
        let known_first = order.below(2) == 0;
        let first = stage.ask(flow, known_first, pair).await?;
        let second = stage.ask(flow, !known_first, pair).await?;
        if pair >= WARM_UP {
            let (of_known, of_unknown) = if known_first { (first, second) } else { (second, first) };
            known.add(of_known);
            unknown.add(of_unknown);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(Comparison::of(&known, &unknown))
}
