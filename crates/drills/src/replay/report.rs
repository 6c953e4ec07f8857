//! What a replay prints.

use std::fmt::Write as _;

use crate::replicas::Complaints;
use crate::shop_client::Figures;

use super::amount::Exact;
use super::kinds::Count;
use super::plan::Plan;
use super::play::Played;

/// Differences that are printed; the rest are counted.
const SHOWN: usize = 50;

/// What is told besides plan and play.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Waves.
    pub(super) waves: usize,
    /// Replicas killed.
    pub(super) kills: u64,
    /// Orders in the database, and their sum.
    pub(super) orders: usize,
    /// Their sum.
    pub(super) ordered: Exact,
    /// Errors that replicas logged.
    pub(super) complaints: Complaints,
    /// All differences found.
    pub(super) differences: Vec<String>,
}

/// The whole report.
pub(super) fn render(plan: &Plan, played: &Played, told: &Told) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = kinds(&mut text, plan, told);
    let _ = countries(&mut text, plan);
    let _ = operations(&mut text, &played.figures);
    let _ = totals(&mut text, played, told);
    let _ = findings(&mut text, told);
    text
}

fn kinds(text: &mut String, plan: &Plan, told: &Told) -> std::fmt::Result {
    writeln!(text, "{:<44} {:>9} {:>18}", "rows of the record", "rows", "sum in £")?;
    let mut row = |label: &str, count: Count| writeln!(text, "{label:<44} {:>9} {:>18}", count.rows, count.sum);
    row("played", plan.played)?;
    for (reason, count) in &plan.left_out {
        row(&format!("left out: {}", reason.label()), *count)?;
    }
    row("all", plan.read)?;
    writeln!(text, "{:<44} {:>9} {:>18}", "orders", told.orders, told.ordered)
}

fn countries(text: &mut String, plan: &Plan) -> std::fmt::Result {
    for (name, invoices) in &plan.without_country {
        writeln!(text, "sent with the shop's country: {invoices} invoices of '{name}'")?;
    }
    Ok(())
}

fn operations(text: &mut String, figures: &Figures) -> std::fmt::Result {
    writeln!(text, "\n{:<24} {:>9} {:>10} {:>10}", "operation", "answered", "p50 ms", "p99 ms")?;
    for (name, latencies) in &figures.latencies {
        let mut sorted = latencies.clone();
        sorted.sort_unstable();
        let (p50, p99) = (percentile(&sorted, 50), percentile(&sorted, 99));
        writeln!(text, "{name:<24} {:>9} {:>10} {:>10}", sorted.len(), milliseconds(p50), milliseconds(p99))?;
    }
    Ok(())
}

fn totals(text: &mut String, played: &Played, told: &Told) -> std::fmt::Result {
    let figures = &played.figures;
    let seconds = played.shopping.as_secs_f64().max(0.001);
    let retries: u64 = figures.retries.values().sum();
    writeln!(
        text,
        "\n{} waves; shopping took {seconds:.1} s, imports {:.1} s",
        told.waves,
        played.importing.as_secs_f64()
    )?;
    writeln!(
        text,
        "{} orders ({:.1}/s), {} requests ({:.0}/s), {retries} retries, {} kills",
        told.orders,
        per_second(told.orders as u64, seconds),
        figures.requests,
        per_second(figures.requests, seconds),
        told.kills
    )?;
    for (cause, count) in &figures.retries {
        writeln!(text, "retried: {count} x {cause}")?;
    }
    Ok(())
}

fn findings(text: &mut String, told: &Told) -> std::fmt::Result {
    if told.complaints.count > 0 {
        writeln!(text, "\nreplicas logged {} errors, beginning with:", told.complaints.count)?;
    }
    for line in &told.complaints.first {
        writeln!(text, "- {line}")?;
    }
    if told.differences.is_empty() {
        return writeln!(text, "\nEverything agrees, to the penny.");
    }
    writeln!(text, "\n{} differences:", told.differences.len())?;
    for difference in told.differences.iter().take(SHOWN) {
        writeln!(text, "- {difference}")?;
    }
    let more = told.differences.len().saturating_sub(SHOWN);
    if more > 0 {
        writeln!(text, "… and {more} more")?;
    }
    Ok(())
}

/// The smallest of the sorted values that at least `percent` of them do not exceed.
fn percentile(sorted: &[u32], percent: usize) -> u32 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or_default()
}

fn milliseconds(micros: u32) -> String {
    format!("{:.1}", f64::from(micros) / 1_000.0)
}

#[expect(clippy::cast_precision_loss, reason = "for a person's eyes")]
fn per_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let hundred: Vec<u32> = (1..=100).collect();

        assert_eq!((percentile(&hundred, 50), percentile(&hundred, 99)), (50, 99));
        assert_eq!(percentile(&[7], 99), 7);
        assert_eq!(percentile(&[], 50), 0);
    }

    #[test]
    fn differences_are_shown_up_to_a_bound_and_all_counted() {
        let told = Told { differences: vec!["off by a penny".to_owned(); 60], ..Told::default() };

        let report = render(&Plan::default(), &Played::default(), &told);

        assert_eq!(report.matches("off by a penny").count(), 50);
        assert!(report.contains("60 differences:") && report.contains("and 10 more"), "{report}");
        assert!(!report.contains("agrees"));
    }
}
