//! The report: Markdown for people, JSON for machines.

use std::fmt::Write as _;

use serde::Serialize;
use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;

use super::figures::Figure;
use super::{Extent, processes};

/// The number of connections that the targets are about.
const TARGETED: usize = 8;

/// Resident memory of the gateway in KiB.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Memory {
    /// Before any request.
    pub(super) idle_kib: u64,
    /// After all rounds.
    pub(super) loaded_kib: u64,
    /// Connections of the last load.
    pub(super) crowd: usize,
    /// After it.
    pub(super) crowd_kib: u64,
}

/// Everything that was measured, and where.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    date: String,
    machine: String,
    versions: String,
    rounds: u16,
    seconds: f64,
    carts: usize,
    /// Statements of one request, by operation.
    statements: Vec<(&'static str, u64)>,
    pub(super) figures: Vec<Figure>,
    memory: Memory,
}

impl Report {
    pub(super) fn new(
        figures: Vec<Figure>,
        statements: Vec<(&'static str, u64)>,
        memory: Memory,
        postgres: &str,
        extent: Extent,
    ) -> Self {
        let own = env!("CARGO_PKG_VERSION");
        Self {
            date: SystemClock.now().date().to_string(),
            machine: processes::machine(),
            versions: format!("tidegate {own}, PostgreSQL {postgres}, release build (thin LTO, one codegen unit)"),
            rounds: extent.rounds,
            seconds: extent.time.as_secs_f64(),
            carts: extent.carts,
            statements,
            figures,
            memory,
        }
    }

    /// The rows that the targets are about.
    pub(super) fn targeted(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| figure.connections == TARGETED)
    }

    /// Operations whose R is above its target.
    pub(super) fn missed(&self) -> Vec<&'static str> {
        let missed = |figure: &&Figure| figure.target.is_some_and(|target| figure.r > target);
        self.targeted().filter(missed).map(|figure| figure.operation).collect()
    }

    /// Writes whose requests and effects differ.
    pub(super) fn lost(&self) -> Vec<String> {
        let differ =
            |figure: &&Figure| figure.effects.is_some_and(|effects| figure.requests.to_string() != effects.to_string());
        let told = |figure: &Figure| format!("{} at {} connections", figure.operation, figure.connections);
        self.figures.iter().filter(differ).map(told).collect()
    }

    pub(super) fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "# What an operation costs\n")?;
        writeln!(
            text,
            "Written by `cargo xtask bench` on {}. The figures are also in [bench.json](bench.json).\n",
            self.date
        )?;
        writeln!(text, "![CPU per request](bench.svg)\n")?;
        writeln!(text, "- Machine: {}.", self.machine)?;
        writeln!(text, "- Versions: {}.", self.versions)?;
        writeln!(
            text,
            "- Run: medians of {} rounds of {} s per measurement, all interleaved; keys drawn from the whole catalogue \
             and {} carts. PostgreSQL waits for the disk at every commit. The gateway runs as `tidegate serve` does \
             by default, one log line per request included.",
            self.rounds, self.seconds, self.carts
        )?;
        writeln!(
            text,
            "- The limit is the same SQL with prepared statements, sent by a bare driver over as many connections; for \
             `{{ __typename }}` it is a server that says hello.\n- Absolute figures move with the machine by 15 % and \
             more within minutes; the ratios are from neighbouring runs.\n"
        )?;
        self.write_targets(text)?;
        self.write_throughput(text)?;
        self.write_rest(text)
    }

    fn write_targets(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "## CPU per request at {TARGETED} connections\n")?;
        writeln!(
            text,
            "R = (gateway + PostgreSQL) / (PostgreSQL under the bare driver); of `{{ __typename }}`: gateway / hello. In \
             microseconds; in brackets the lowest and highest R of the rounds.\n"
        )?;
        writeln!(text, "| operation | statements | gateway | PostgreSQL | limit | R | target | met |")?;
        writeln!(text, "|---|---|---|---|---|---|---|---|")?;
        for figure in self.targeted() {
            let (_, statements) = self
                .statements
                .iter()
                .find(|(operation, _)| *operation == figure.operation)
                .copied()
                .unwrap_or_default();
            let target = figure.target.map_or_else(|| "—".to_owned(), |target| format!("≤ {target}"));
            let met = figure.target.map_or("—", |target| if figure.r <= target { "yes" } else { "**no**" });
            writeln!(
                text,
                "| {} | {statements} | {:.0} | {:.0} | {:.0} | {:.2} ({:.2}–{:.2}) | {target} | {met} |",
                code(figure.operation),
                figure.gateway.server_cpu_micros,
                figure.gateway.postgres_cpu_micros,
                figure.limit_cpu_micros(),
                figure.r,
                figure.r_lowest,
                figure.r_highest,
            )?;
        }
        writeln!(text)
    }

    fn write_throughput(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "## Throughput and latency\n")?;
        writeln!(
            text,
            "| operation | connections | requests/s | p50 ms | p99 ms | limit/s | its p50 | its p99 | share |"
        )?;
        writeln!(text, "|---|---|---|---|---|---|---|---|---|")?;
        for figure in &self.figures {
            writeln!(
                text,
                "| {} | {} | {:.0} | {:.2} | {:.2} | {:.0} | {:.2} | {:.2} | {:.2} |",
                code(figure.operation),
                figure.connections,
                figure.gateway.requests_per_second,
                figure.gateway.p50_ms,
                figure.gateway.p99_ms,
                figure.limit.requests_per_second,
                figure.limit.p50_ms,
                figure.limit.p99_ms,
                figure.share,
            )?;
        }
        writeln!(text)
    }

    fn write_rest(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "## Effects counted against requests\n")?;
        writeln!(text, "| write | connections | requests | rows |\n|---|---|---|---|")?;
        for figure in &self.figures {
            if let Some(effects) = figure.effects {
                let Figure { operation, connections, requests, .. } = figure;
                writeln!(text, "| {operation} | {connections} | {requests} | {effects} |")?;
            }
        }
        let Memory { idle_kib, loaded_kib, crowd, crowd_kib } = self.memory;
        let mib = |kib: u64| format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024);
        writeln!(
            text,
            "\n## Memory of the gateway\n\n{} before the first request, {} after all rounds, {} after {crowd} connections.",
            mib(idle_kib),
            mib(loaded_kib),
            mib(crowd_kib)
        )
    }
}

/// Braces and underscores as they are.
fn code(operation: &str) -> String {
    if operation.contains('{') { format!("`{operation}`") } else { operation.to_owned() }
}
