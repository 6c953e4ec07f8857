//! How large a run is.

/// A number from the environment, or what stands for it.
pub(crate) fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}
