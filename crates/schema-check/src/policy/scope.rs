//! Which uses a change concerns.

use crate::change::{Change, Severity};

/// The coordinates whose use makes a change matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// A coordinate, and everything within it: of `Product` also `Product.title`, of that also `Product.title(in:)`.
    Within(String),
    /// All requests: nothing that is recorded excuses the change.
    Everything,
}

impl Scope {
    /// What a change concerns. Who leaves out what is now required, or passes something to what has another type now,
    /// used the field, the input object or the directive around it; who loses something used that very thing.
    #[must_use]
    pub fn of(change: &Change) -> Self {
        let (kind, coordinate) = (change.kind.name(), change.coordinate.as_str());
        if coordinate == "schema" || coordinate.is_empty() {
            return Self::Everything;
        }
        // Who meets an interface need not name the object.
        if kind.starts_with("OBJECT_TYPE_INTERFACE_") {
            return Self::Everything;
        }
        // What is new nobody has used yet, and what is only answered nobody has sent: who used what is around it?
        let only_answered = kind == "ENUM_VALUE_REMOVED" && change.severity == Severity::Dangerous;
        if matches!(kind, "ENUM_VALUE_ADDED" | "FIELD_ADDED") || only_answered {
            let around = coordinate.split_once('.').map_or(coordinate, |(around, _)| around);
            return Self::Within(around.to_owned());
        }
        let removed = kind.ends_with("_REMOVED") && !kind.starts_with("DIRECTIVE_USAGE");
        if removed {
            return Self::Within(coordinate.to_owned());
        }
        // `Type.field(argument:)` and `@directive(argument:)`.
        if let Some((around, _)) = coordinate.split_once('(') {
            return Self::Within(around.to_owned());
        }
        if kind.starts_with("INPUT_FIELD") || kind.starts_with("DIRECTIVE_USAGE_INPUT_FIELD") {
            let around = coordinate.split_once('.').map_or(coordinate, |(around, _)| around);
            return Self::Within(around.to_owned());
        }
        Self::Within(coordinate.to_owned())
    }

    /// Whether a use is one of them.
    #[must_use]
    pub fn covers(&self, coordinate: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Within(around) => coordinate
                .strip_prefix(around.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '('])),
        }
    }
}
