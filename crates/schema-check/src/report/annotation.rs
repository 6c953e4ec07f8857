//! A remark at a place of a file.

use crate::change::Place;

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Good to know.
    Note,
    /// Look at it.
    Warning,
    /// It fails.
    Error,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How much it matters.
    pub gravity: Gravity,
    /// The rule or kind of change.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub message: String,
    /// The file it is about.
    pub file: String,
    /// Where in it.
    pub place: Option<Place>,
    /// The schema coordinate it is about.
    pub coordinate: Option<String>,
    /// Why it does not fail though it would.
    pub excuse: Option<String>,
}
