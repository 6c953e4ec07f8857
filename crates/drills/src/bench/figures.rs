//! Medians over the rounds.

use serde::Serialize;

use super::operations::Operation;

/// One run of one side.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sample {
    pub(super) requests: f64,
    pub(super) seconds: f64,
    /// CPU of whoever answers HTTP, in microseconds; 0 for the bare driver.
    pub(super) server_micros: f64,
    /// CPU of PostgreSQL, all its processes, in microseconds.
    pub(super) postgres_micros: f64,
    pub(super) p50_micros: f64,
    pub(super) p99_micros: f64,
    /// Rows that came of it, for writes.
    pub(super) effects: Option<i64>,
}

/// One operation at one number of connections: the gateway's run and the limit's, round by round.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) operation: Operation,
    pub(super) connections: usize,
    pub(super) rounds: Vec<(Sample, Sample)>,
}

/// One side in the report.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Side {
    pub(super) requests_per_second: f64,
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) server_cpu_micros: f64,
    pub(super) postgres_cpu_micros: f64,
}

/// One row of the report.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Figure {
    pub(super) operation: &'static str,
    pub(super) connections: usize,
    pub(super) gateway: Side,
    /// The bare driver; for `{ __typename }` hello.
    pub(super) limit: Side,
    /// (gateway + PostgreSQL CPU) / (PostgreSQL CPU of the bare driver), or gateway CPU / CPU of hello.
    pub(super) r: f64,
    pub(super) r_lowest: f64,
    pub(super) r_highest: f64,
    /// Requests a second as a share of the limit's.
    pub(super) share: f64,
    pub(super) target: Option<f64>,
    /// Requests over all rounds, and the rows that came of them.
    pub(super) requests: f64,
    pub(super) effects: Option<i64>,
}

impl Pairs {
    /// The row of the report.
    pub(super) fn figure(&self) -> Figure {
        let mut ratios: Vec<f64> = self.rounds.iter().map(|(gateway, limit)| ratio(*gateway, *limit)).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        let shares = self.rounds.iter().map(|(gateway, limit)| per_second(*gateway) / per_second(*limit));
        let effects = self.rounds.iter().map(|(gateway, _)| gateway.effects).collect::<Option<Vec<i64>>>();
        Figure {
            operation: self.operation.title(),
            connections: self.connections,
            gateway: side(&self.rounds.iter().map(|(gateway, _)| *gateway)),
            limit: side(&self.rounds.iter().map(|(_, limit)| *limit)),
            r: median(ratios.iter().copied()),
            r_lowest: ratios.first().copied().unwrap_or(f64::NAN),
            r_highest: ratios.last().copied().unwrap_or(f64::NAN),
            share: median(shares),
            target: self.operation.target(),
            requests: self.rounds.iter().map(|(gateway, _)| gateway.requests).sum(),
            effects: effects.map(|effects| effects.iter().sum()),
        }
    }
}

impl Figure {
    /// Whether the limit is hello: there is no statement to compare with.
    pub(super) fn is_without_database(&self) -> bool {
        self.limit.server_cpu_micros > 0.0
    }

    /// CPU of the limit.
    pub(super) fn limit_cpu_micros(&self) -> f64 {
        if self.is_without_database() { self.limit.server_cpu_micros } else { self.limit.postgres_cpu_micros }
    }

    /// CPU of the gateway and of the database behind it. What PostgreSQL does beside requests that send it nothing is
    /// its own upkeep.
    pub(super) fn own_cpu_micros(&self) -> f64 {
        let postgres = if self.is_without_database() { 0.0 } else { self.gateway.postgres_cpu_micros };
        self.gateway.server_cpu_micros + postgres
    }
}

fn ratio(gateway: Sample, limit: Sample) -> f64 {
    // Hello has no database behind it, nor has `__typename`.
    let (own, limits) = if limit.server_micros > 0.0 {
        (gateway.server_micros, limit.server_micros)
    } else {
        (gateway.server_micros + gateway.postgres_micros, limit.postgres_micros)
    };
    own / gateway.requests / (limits / limit.requests)
}

fn per_second(sample: Sample) -> f64 {
    sample.requests / sample.seconds
}

fn side(samples: &(impl Iterator<Item = Sample> + Clone)) -> Side {
    let of = |figure: fn(Sample) -> f64| median(samples.clone().map(figure));
    Side {
        requests_per_second: of(per_second),
        p50_ms: of(|sample| sample.p50_micros / 1000.0),
        p99_ms: of(|sample| sample.p99_micros / 1000.0),
        server_cpu_micros: of(|sample| sample.server_micros / sample.requests),
        postgres_cpu_micros: of(|sample| sample.postgres_micros / sample.requests),
    }
}

/// The middle one; of an even number the mean of the two.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.as_slice() {
        [] => f64::NAN,
        odd if odd.len() % 2 == 1 => odd[half],
        even => f64::midpoint(even[half - 1], even[half]),
    }
}

/// The value below which a share of ascending values lies.
pub(super) fn percentile(ascending: &[u32], percent: usize) -> f64 {
    let index = (ascending.len() * percent / 100).min(ascending.len().saturating_sub(1));
    ascending.get(index).copied().map_or(f64::NAN, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(requests: f64, server_micros: f64, postgres_micros: f64) -> Sample {
        Sample { requests, seconds: 1.0, server_micros, postgres_micros, ..Sample::default() }
    }

    #[test]
    fn r_compares_all_cpu_with_the_bare_drivers() {
        let pairs = Pairs {
            operation: Operation::CartRead,
            connections: 8,
            rounds: vec![
                (sample(10.0, 600.0, 1000.0), sample(20.0, 0.0, 2000.0)),
                (sample(10.0, 900.0, 1000.0), sample(20.0, 0.0, 2000.0)),
                (sample(10.0, 400.0, 1000.0), sample(20.0, 0.0, 2000.0)),
            ],
        };
        let figure = pairs.figure();

        assert!((figure.r - 1.6).abs() < 1e-9 && (figure.r_highest - 1.9).abs() < 1e-9);
        assert!((figure.share - 0.5).abs() < 1e-9);
    }

    #[test]
    fn without_a_database_the_servers_are_compared() {
        assert!((ratio(sample(10.0, 200.0, 5.0), sample(10.0, 80.0, 3.0)) - 2.5).abs() < 1e-9);
    }

    #[test]
    fn percentiles_of_few_values() {
        assert!((percentile(&[1, 2, 3, 4], 50) - 3.0).abs() < 1e-9);
        assert!((percentile(&[1, 2, 3, 4], 99) - 4.0).abs() < 1e-9);
        assert!(percentile(&[], 50).is_nan());
    }
}
