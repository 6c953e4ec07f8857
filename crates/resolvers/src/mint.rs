//! New ids and secrets, from the request's clock and the operating system's randomness.

use tidegate_auth::entropy;
use tidegate_model::Failure;
use time::OffsetDateTime;
use uuid::{Builder, Uuid};

/// A UUIDv7 (RFC 9562, 5.7).
pub(crate) fn id(now: OffsetDateTime) -> Result<Uuid, Failure> {
    let random = entropy::bytes::<10>().map_err(no_entropy)?;
    Ok(Builder::from_unix_timestamp_millis(millis(now), &random).into_uuid())
}

/// As many UUIDv7 as asked for, in ascending order: their 12 bits after the time count up.
pub(crate) fn ids(now: OffsetDateTime, count: usize) -> Result<Vec<Uuid>, Failure> {
    const PER_MILLISECOND: u64 = 1 << 12;
    (0..count as u64)
        .map(|index| {
            let mut random = entropy::bytes::<10>().map_err(no_entropy)?;
            let within = u16::try_from(index % PER_MILLISECOND).unwrap_or(u16::MAX);
            random[..2].copy_from_slice(&within.to_be_bytes());
            Ok(Builder::from_unix_timestamp_millis(millis(now) + index / PER_MILLISECOND, &random).into_uuid())
        })
        .collect()
}

/// 256 random bits.
pub(crate) fn secret() -> Result<[u8; 32], Failure> {
    entropy::bytes::<32>().map_err(no_entropy)
}

/// A salt for a password.
pub(crate) fn salt() -> Result<[u8; 16], Failure> {
    entropy::bytes::<16>().map_err(no_entropy)
}

fn millis(now: OffsetDateTime) -> u64 {
    u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0)
}

fn no_entropy(error: entropy::EntropyError) -> Failure {
    tracing::error!(?error, "the operating system gave no randomness");
    Failure::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_call_ascend() {
        let made = ids(OffsetDateTime::UNIX_EPOCH, 5_000).unwrap_or_default();
        assert_eq!(made.len(), 5_000);
        assert!(made.is_sorted());
    }
}
