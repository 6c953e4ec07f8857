//! The changes between two revisions as Markdown, for people who write clients.

use std::fmt::Write as _;

use crate::change::{Change, Severity};
use crate::companions::Companions;
use crate::report::{escaped, sentence};

/// A section: its title, and what belongs to it.
type Section = (&'static str, fn(&Change) -> bool);

/// The first section that fits takes a change.
const SECTIONS: [Section; 6] = [
    ("Breaking", |change| change.severity == Severity::Breaking),
    ("Dangerous", |change| change.severity == Severity::Dangerous),
    ("Deprecated", |change| change.kind.name().contains("DEPRECATION") && !change.kind.name().ends_with("_REMOVED")),
    ("Added", |change| change.kind.name().ends_with("_ADDED") && !change.kind.name().contains("DESCRIPTION")),
    ("Descriptions", |change| change.kind.name().contains("DESCRIPTION")),
    ("Other", |_| true),
];

/// The changelog of one step. What comes with something that is new itself is not listed.
#[must_use]
pub fn changelog(title: &str, changes: &[Change]) -> String {
    let companions = Companions::of(changes);
    let mut text = format!("## {}\n", title.replace(['\n', '\r'], " "));
    let listed = |change: &&Change| change.severity > Severity::Safe || !companions.has(change);
    let mut left: Vec<&Change> = changes.iter().filter(listed).collect();
    if left.is_empty() {
        text += "\nNothing changed.\n";
    }
    for (title, belongs) in SECTIONS {
        let (of, rest): (Vec<&Change>, Vec<&Change>) = left.into_iter().partition(|change| belongs(change));
        left = rest;
        if of.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n### {title}\n");
        for change in of {
            let mut message = sentence(&change.message);
            if let Some(reason) = &change.reason {
                message = format!("{message} {}", sentence(reason));
            }
            let _ = writeln!(text, "- {}", escaped(&message));
        }
    }
    text
}

#[cfg(test)]
#[path = "changelog_tests.rs"]
mod tests;
