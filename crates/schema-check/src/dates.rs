//! Days as they are written: `2027-01-31`.

use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A day of the years 1 to 9000, if the text is one; days are added to it.
#[must_use]
pub fn parse(text: &str) -> Option<Date> {
    Date::parse(text, FORM).ok().filter(|date| (1..=9000).contains(&date.year()))
}

/// A day as text.
#[must_use]
pub fn show(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}
