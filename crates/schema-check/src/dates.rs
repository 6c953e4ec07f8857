//! Days as they are written: `2027-01-31`.

use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A day, if the text is one.
#[must_use]
pub fn parse(text: &str) -> Option<Date> {
    Date::parse(text, FORM).ok()
}

/// A day as text.
#[must_use]
pub fn show(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}
