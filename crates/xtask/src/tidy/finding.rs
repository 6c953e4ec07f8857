//! What a check has to say.

use std::fmt;

/// A rule broken in one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    /// From the repository's top folder.
    pub(super) path: String,
    /// Counted from 1.
    pub(super) line: usize,
    /// The rule's name, which exceptions refer to.
    pub(super) rule: &'static str,
    /// What is wrong, and what is right where that is not plain.
    pub(super) text: String,
}

impl Finding {
    /// A finding.
    pub(super) fn new(path: &str, line: usize, rule: &'static str, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}: {}", self.path, self.line, self.rule, self.text)
    }
}
