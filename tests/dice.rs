//! A small generator, so that a run can be run again.

pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below a bound (Knuth's linear congruential generator, its upper bits).
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
