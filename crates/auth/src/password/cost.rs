//! What a password hash costs to make, and so to guess.

use argon2::password_hash::phc::PasswordHash;

/// Parameters of Argon2id (RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
}

/// Why parameters were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CostFault {
    /// Less than each of the parameter sets that OWASP calls equal.
    #[error("weaker than Argon2id with 19456 KiB, 2 iterations and 1 lane or its equals (OWASP)")]
    TooWeak,
    /// A login would take too much memory or time to be borne.
    #[error("more than {MAX_MEMORY_KIB} KiB, {MAX_ITERATIONS} iterations or {MAX_LANES} lanes")]
    TooCostly,
}

/// 1 GiB.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_ITERATIONS: u32 = 16;
const MAX_LANES: u32 = 16;

/// KiB and iterations, each pair as costly to an attacker as the others (OWASP Password Storage Cheat Sheet).
const OWASP_EQUALS: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

impl HashCost {
    /// 19 MiB, two iterations, one lane: the first choice of OWASP's Password Storage Cheat Sheet.
    pub const OWASP: Self = Self { memory_kib: 19_456, iterations: 2, lanes: 1 };

    /// Parameters at least as strong as OWASP's, in KiB, passes over the memory, and lanes.
    pub fn new(memory_kib: u32, iterations: u32, lanes: u32) -> Result<Self, CostFault> {
        let cost = Self { memory_kib, iterations, lanes };
        if !cost.meets_owasp() {
            return Err(CostFault::TooWeak);
        }
        if !cost.is_bearable() {
            return Err(CostFault::TooCostly);
        }
        Ok(cost)
    }

    /// 64 KiB and one iteration, which protect nothing: for tests and for a development configuration that asks for
    /// them by name. A program that serves shoppers must refuse them, by [`Self::meets_owasp`].
    #[must_use]
    pub const fn weak_for_tests() -> Self {
        Self { memory_kib: 64, iterations: 1, lanes: 1 }
    }

    /// Whether the cost is at least one of those that OWASP recommends.
    #[must_use]
    pub fn meets_owasp(self) -> bool {
        let enough = |(memory_kib, iterations)| self.memory_kib >= memory_kib && self.iterations >= iterations;
        self.lanes > 0 && OWASP_EQUALS.into_iter().any(enough)
    }

    /// The memory that one hash or one verification takes, in bytes.
    #[must_use]
    pub const fn memory_bytes(self) -> u64 {
        // A byte count of a u32 of KiB fits.
        self.memory_kib as u64 * 1024
    }

    /// Memory in KiB.
    #[must_use]
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub const fn iterations(self) -> u32 {
        self.iterations
    }

    /// Lanes, which are computed one after the other here.
    #[must_use]
    pub const fn lanes(self) -> u32 {
        self.lanes
    }

    /// The cost of verifying against a hash, if it is one of Argon2id (version 19) whose cost can be borne and that
    /// has nothing but `m`, `t` and `p`: others are never run.
    pub(super) fn of(hash: &PasswordHash) -> Option<Self> {
        let decimal = |name: &str| hash.params.get_decimal(name);
        let cost = Self { memory_kib: decimal("m")?, iterations: decimal("t")?, lanes: decimal("p")? };
        let ours = hash.algorithm == argon2::ARGON2ID_IDENT
            && hash.version == Some(argon2::Version::V0x13.into())
            && hash.params.iter().count() == 3;
        (ours && cost.is_bearable()).then_some(cost)
    }

    fn is_bearable(self) -> bool {
        self.memory_kib <= MAX_MEMORY_KIB
            && (1..=MAX_ITERATIONS).contains(&self.iterations)
            && (1..=MAX_LANES).contains(&self.lanes)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn owasp_and_its_equals_are_enough_and_less_is_not() {
        assert_eq!(HashCost::new(19_456, 2, 1), Ok(HashCost::OWASP));
        for (memory_kib, iterations) in OWASP_EQUALS {
            assert!(HashCost::new(memory_kib, iterations, 1).unwrap().meets_owasp());
            assert_eq!(HashCost::new(memory_kib - 1, iterations, 1), Err(CostFault::TooWeak));
            assert_eq!(HashCost::new(memory_kib, iterations, 0), Err(CostFault::TooWeak));
        }
        assert_eq!(HashCost::new(19_456, 1, 4), Err(CostFault::TooWeak));
        assert!(!HashCost::weak_for_tests().meets_owasp());
    }

    #[test]
    fn what_could_not_be_borne_is_refused() {
        assert!(HashCost::new(MAX_MEMORY_KIB, MAX_ITERATIONS, MAX_LANES).is_ok());
        for (memory_kib, iterations, lanes) in
            [(MAX_MEMORY_KIB + 1, 2, 1), (19_456, MAX_ITERATIONS + 1, 1), (19_456, 2, MAX_LANES + 1), (u32::MAX, 2, 1)]
        {
            assert_eq!(HashCost::new(memory_kib, iterations, lanes), Err(CostFault::TooCostly));
        }
    }

    #[test]
    fn memory_is_told_in_bytes() {
        assert_eq!(HashCost::OWASP.memory_bytes(), 19_922_944);
    }
}
