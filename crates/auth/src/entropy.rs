//! The only place that draws randomness; everything else takes it as an argument.

/// The source of randomness failed; nothing secret can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct EntropyError;

/// `N` bytes from AWS-LC's generator, which the operating system seeds and reseeds.
pub fn bytes<const N: usize>() -> Result<[u8; N], EntropyError> {
    let mut drawn = [0; N];
    aws_lc_rs::rand::fill(&mut drawn).map_err(|_| EntropyError)?;
    Ok(drawn)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        assert_ne!(bytes::<32>().unwrap(), bytes::<32>().unwrap());
    }
}
