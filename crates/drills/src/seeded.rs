//! Randomness from a seed, the only source of it in the drills.

use uuid::Uuid;

/// A stream of numbers that a seed and a name determine (SplitMix64, Steele et al. 2014): the same over platforms and
/// releases, which a run that shall be repeated needs. Not for secrets.
#[derive(Debug, Clone)]
pub(crate) struct Seeded(u64);

impl Seeded {
    /// The stream number `name` of a seed. Streams of different names are unrelated.
    pub(crate) fn new(seed: u64, name: u64) -> Self {
        let mut names = Self(seed ^ name.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(names.next())
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// An index below `bound`; 0 for a bound of 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * (bound as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A UUID of version 4, for idempotency keys.
    pub(crate) fn uuid(&mut self) -> Uuid {
        let (high, low) = (u128::from(self.next()), u128::from(self.next()));
        uuid::Builder::from_random_bytes(((high << 64) | low).to_be_bytes()).into_uuid()
    }

    /// 32 bytes.
    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_name_determine_the_stream() {
        let first = |seed, name| Seeded::new(seed, name).uuid();

        assert_eq!(first(1, 7), first(1, 7));
        assert_ne!(first(1, 7), first(1, 8));
        assert_ne!(first(1, 7), first(2, 7));
    }

    #[test]
    fn every_index_below_the_bound_comes_up_and_none_above() {
        let mut seeded = Seeded::new(1, 1);
        let mut seen = [0_u32; 5];
        for _ in 0..1_000 {
            seen[seeded.below(5)] += 1;
        }

        assert!(seen.iter().all(|count| (150..250).contains(count)), "{seen:?}");
        assert_eq!(seeded.below(0), 0);
    }
}
