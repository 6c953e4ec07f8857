//! Amounts of the record, exact to the last digit it writes.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

/// Decimals of a pound that are kept; the record writes at most three.
const DECIMALS: usize = 8;
/// One penny in our unit.
const PENNY: i128 = 1_000_000;

/// An amount in millionths of a penny, because a few prices are finer than a penny.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Exact(i128);

impl Exact {
    /// Reads a decimal number of pounds; `None` if it is not one, or finer than we keep.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fraction = fraction.trim_end_matches('0');
        // Fifteen digits times a quantity of nineteen stay within the type.
        if whole.is_empty() || whole.len() > 11 || fraction.len() > DECIMALS {
            return None;
        }
        if !is_number(whole) || !is_number(fraction) {
            return None;
        }
        format!("{whole}{fraction:0<DECIMALS$}").parse::<i128>().ok().map(|amount| Self(sign * amount))
    }

    /// An amount of pence.
    pub(super) fn from_pence(pence: i128) -> Self {
        Self(pence * PENNY)
    }

    /// The amount in pence, if it is whole.
    pub(super) fn pence(self) -> Option<i64> {
        (self.0 % PENNY == 0).then(|| i64::try_from(self.0 / PENNY).ok()).flatten()
    }

    /// Whether it is more than nothing.
    pub(super) fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl Add for Exact {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Exact {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Exact {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<i64> for Exact {
    type Output = Self;

    fn mul(self, quantity: i64) -> Self {
        Self(self.0 * i128::from(quantity))
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// Pounds with at least two decimals, more only where they are not zero.
impl fmt::Display for Exact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.0.unsigned_abs();
        let unit = 100 * PENNY.unsigned_abs();
        let fraction = format!("{:0DECIMALS$}", amount % unit);
        let shown = fraction.trim_end_matches('0').len().max(2);
        let sign = if self.0 < 0 { "-" } else { "" };
        let text = format!("{sign}{}.{}", amount / unit, fraction.get(..shown).unwrap_or(&fraction));
        formatter.pad_integral(true, "", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        let show = |text: &str| Exact::parse(text).map(|amount| amount.to_string());

        assert_eq!(show("2.55").as_deref(), Some("2.55"));
        assert_eq!(show("0.001").as_deref(), Some("0.001"));
        assert_eq!(show("-11062.06").as_deref(), Some("-11062.06"));
        assert_eq!(show("3").as_deref(), Some("3.00"));
        assert_eq!(show("0.12345678").as_deref(), Some("0.12345678"));
        for wrong in ["", "x", "1.123456789", "1,5", "--1", "1.-5", ".5", "1e3"] {
            assert_eq!(show(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_whole_pennies_are_pence() {
        assert_eq!(Exact::parse("2.550").and_then(Exact::pence), Some(255));
        assert_eq!(Exact::parse("0.001").and_then(Exact::pence), None);
        assert_eq!(Exact::from_pence(-7).pence(), Some(-7));
    }
}
