//! What a command could not do, as one sentence for a person.

use std::fmt;

/// Exit code of a command that was asked for something it cannot do as configured.
pub const CANNOT_START: u8 = 2;
/// Exit code of a command that failed at its work.
pub const FAILED: u8 = 1;

/// Why a command ends without having done its work. Printed as `error: …` and `hint: …`, never as a dump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// One sentence.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The exit code.
    pub code: u8,
}

impl Problem {
    /// A command that cannot start as configured.
    #[must_use]
    pub fn configuration(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: CANNOT_START }
    }

    /// A command that failed at its work.
    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: FAILED }
    }

    /// The same problem with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(formatter, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_an_error_line_and_a_hint_line() {
        let problem = Problem::configuration("there is no database address").hint("set DATABASE_URL");

        assert_eq!(problem.to_string(), "error: there is no database address\nhint: set DATABASE_URL");
        assert_eq!(problem.code, 2);
    }
}
