//! What is judged otherwise than by GraphQL Inspector on purpose.

use serde::Deserialize;
use tidegate_schema_check::{Contract, Severity};

use crate::conditions::holds;

/// One change that the two do not see alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disagreement {
    pub(crate) kind: String,
    pub(crate) path: String,
    /// Nothing if we do not report it.
    pub(crate) ours: Option<Severity>,
    /// Nothing if Inspector does not report it.
    pub(crate) theirs: Option<Severity>,
}

/// A disagreement that is meant, from `waivers.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waiver {
    /// Its name in reports.
    pub(crate) name: String,
    /// The kinds of change.
    pub(crate) kinds: Vec<String>,
    /// What we say: a severity or `missing`.
    ours: Vec<String>,
    /// What Inspector says, in our words.
    theirs: Vec<String>,
    /// What must be the case besides; see `conditions.rs`.
    condition: Option<String>,
    /// Why we are right, or why it does not matter.
    pub(crate) reason: String,
}

#[derive(Deserialize)]
struct Waivers {
    waiver: Vec<Waiver>,
}

/// All waivers.
pub(crate) fn waivers() -> Vec<Waiver> {
    toml::from_str::<Waivers>(include_str!("../differential/waivers.toml")).unwrap().waiver
}

/// The waiver that covers a disagreement, by its index.
pub(crate) fn covering(waivers: &[Waiver], found: &Disagreement, base: &Contract, head: &Contract) -> Option<usize> {
    let word = |severity: Option<Severity>| match severity {
        None => "missing",
        Some(Severity::Safe) => "safe",
        Some(Severity::Dangerous) => "dangerous",
        Some(Severity::Breaking) => "breaking",
    };
    waivers.iter().position(|waiver| {
        waiver.kinds.contains(&found.kind)
            && waiver.ours.iter().any(|ours| ours == word(found.ours))
            && waiver.theirs.iter().any(|theirs| theirs == word(found.theirs))
            && waiver.condition.as_ref().is_none_or(|condition| holds(condition, found, base, head))
    })
}
