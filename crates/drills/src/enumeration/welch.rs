//! Two samples of times, compared.

use std::time::Duration;

/// The |t| above which two means differ, as side-channel tests have it (TVLA, dudect).
const T_LIMIT: f64 = 4.5;
/// The gap of means that nobody can use over a network, in microseconds.
const GAP_LIMIT: f64 = 1_000.0;

/// Times in microseconds.
#[derive(Debug, Default)]
pub(super) struct Sample(Vec<f64>);

/// How two samples differ, in microseconds: the first minus the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Comparison {
    pub(super) mean_gap: f64,
    /// Of the medians, which rare hiccups do not move: told and not judged.
    pub(super) median_gap: f64,
    /// Welch's t.
    pub(super) t: f64,
}

impl Sample {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1e6);
    }

    fn size(&self) -> f64 {
        f64::from(u32::try_from(self.0.len()).unwrap_or(u32::MAX))
    }

    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.size()
    }

    /// The squared standard error of the mean.
    fn error(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.0.iter().map(|time| (time - mean).powi(2)).sum();
        squares / (self.size() - 1.0) / self.size()
    }

    fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}

impl Comparison {
    /// Compares two samples of at least two times each.
    pub(super) fn of(one: &Sample, other: &Sample) -> Self {
        let mean_gap = one.mean() - other.mean();
        let t = mean_gap / (one.error() + other.error()).sqrt();
        Self { mean_gap, median_gap: one.median() - other.median(), t }
    }

    /// Whether the two cannot be told apart. What is no number can.
    pub(super) fn alike(&self) -> bool {
        self.t.abs() < T_LIMIT && self.mean_gap.abs() < GAP_LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeded::Seeded;

    fn sample(times: &[f64]) -> Sample {
        Sample(times.to_vec())
    }

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-3
    }

    /// Figures from the example of Welch's test in the NIST/SEMATECH handbook's manner, worked by hand.
    #[test]
    fn t_is_welchs() {
        let compared = Comparison::of(&sample(&[1.0, 2.0, 3.0, 4.0]), &sample(&[2.0, 4.0, 6.0]));

        // Means 2.5 and 4; squared errors (5/3)/4 and 4/3.
        assert!(near(compared.mean_gap, -1.5) && near(compared.t, -1.133_893_4), "{compared:?}");
        assert!(near(compared.median_gap, -1.0));
    }

    fn noisy(name: u64, count: usize, shift: f64) -> Sample {
        let mut dice = Seeded::new(1, name);
        let mut roll = || f64::from(u32::try_from(dice.below(1_000)).unwrap_or(0));
        Sample((0..count).map(|_| roll() + shift).collect())
    }

    #[test]
    fn noise_is_alike_and_a_shift_is_told_apart() {
        assert!(Comparison::of(&noisy(1, 2_000, 0.0), &noisy(2, 2_000, 0.0)).alike());
        assert!(!Comparison::of(&noisy(1, 2_000, 60.0), &noisy(2, 2_000, 0.0)).alike());
        assert!(!Comparison::of(&noisy(1, 3, 1_500.0), &noisy(2, 3, 0.0)).alike());
        assert!(!Comparison::of(&sample(&[1.0]), &sample(&[1.0])).alike(), "two of one tell nothing");
    }
}
