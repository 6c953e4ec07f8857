//! How long an answer is kept.

use std::time::Duration;

/// Providers that forbid caching are not asked for their keys with every token.
const SHORTEST: Duration = Duration::from_mins(5);
/// A key that was withdrawn is not trusted for ever.
const LONGEST: Duration = Duration::from_hours(24);

/// The `max-age` of a `Cache-Control` header (RFC 9111), within bounds; the shortest time without one.
pub(super) fn of(cache_control: Option<&str>) -> Duration {
    let directives = || cache_control.unwrap_or_default().split(',').map(|word| word.trim().to_ascii_lowercase());
    if directives().any(|word| word == "no-store" || word == "no-cache") {
        return SHORTEST;
    }
    let seconds = directives().find_map(|word| word.strip_prefix("max-age=")?.trim_matches('"').parse().ok());
    Duration::from_secs(seconds.unwrap_or(0)).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_counts_between_five_minutes_and_a_day() {
        let seconds = |header: &str| of(Some(header)).as_secs();

        assert_eq!(of(None).as_secs(), 300);
        assert_eq!(seconds("public, max-age=3600, must-revalidate"), 3_600);
        assert_eq!(seconds("Max-Age=\"3600\""), 3_600);
        assert_eq!(seconds("max-age=0"), 300);
        assert_eq!(seconds("max-age=99999999"), 86_400);
        assert_eq!(seconds("max-age=99999999999999999999999"), 300);
        assert_eq!(seconds("max-age=-1"), 300);
        assert_eq!(seconds("no-store, max-age=3600"), 300);
        assert_eq!(seconds("s-maxage=3600"), 300);
        assert_eq!(seconds(""), 300);
    }
}
