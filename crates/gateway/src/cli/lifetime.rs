//! Spans of time as people type them, and instants as commands print them.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::problem::Problem;

/// Reads `90s`, `30m`, `24h` or `365d`: at most a hundred years.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let duration = Duration::seconds(digits.parse::<i64>().ok()?.checked_mul(seconds)?);
    (duration.is_positive() && duration <= Duration::days(36_525)).then_some(duration)
}

/// The same for an option of a command, or what it should have been.
pub(super) fn option(name: &str, text: &str) -> Result<Duration, Problem> {
    parse(text)
        .ok_or_else(|| Problem::configuration(format!("{name} is not a span of time, such as 90s, 30m, 24h or 365d")))
}

/// An instant, to the second in UTC.
pub(super) fn show(at: OffsetDateTime) -> String {
    at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default()
}

/// An instant that may not have been set.
pub(super) fn show_or_dash(at: Option<OffsetDateTime>) -> String {
    at.map_or_else(|| "-".to_owned(), show)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn spans_have_one_unit() {
        assert_eq!(parse("90s"), Some(Duration::seconds(90)));
        assert_eq!(parse("30m"), Some(Duration::minutes(30)));
        assert_eq!(parse("24h"), Some(Duration::hours(24)));
        assert_eq!(parse("365d"), Some(Duration::days(365)));
        let huge = format!("{}d", i64::MAX);
        for other in ["", "d", "0s", "-1d", "+1d", "1", "1w", "1.5h", "1 d", "1d ", "é", "36526d", huge.as_str()] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn instants_are_shown_to_the_second() {
        assert_eq!(show(datetime!(2026-03-01 12:00:00.123456 UTC)), "2026-03-01T12:00:00Z");
        assert_eq!(show_or_dash(None), "-");
    }
}
