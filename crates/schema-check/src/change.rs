//! One difference between two schemas.

use serde::Serialize;

use crate::kind::ChangeKind;

/// Stands for the schema definition, which has no coordinate; no type can be confused with it, because types that
/// differ have their coordinate from the schema's own spelling and this one is checked first only as a whole.
pub(crate) const SCHEMA: &str = "schema";

/// What a change can do to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No client can notice.
    Safe,
    /// Operations stay valid, but may behave differently.
    Dangerous,
    /// An operation that was valid can become invalid, or its answer can take another shape.
    Breaking,
}

/// Where something is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind of difference it is.
    pub kind: ChangeKind,
    /// The schema coordinate of what differs (GraphQL specification, section "Schema Coordinates"), such as
    /// `Product.variants(first:)`; `schema` for the schema definition, which has no coordinate.
    pub coordinate: String,
    /// The path as GraphQL Inspector writes it, such as `Product.variants.first`; for comparison with it.
    pub path: String,
    /// What it can do to a client, before any policy is applied.
    pub severity: Severity,
    /// What differs, in a sentence.
    pub message: String,
    /// Why it has this severity and what to do about it; nothing for a safe change.
    pub reason: Option<String>,
    /// Where it stands in the base, if it does.
    pub base: Option<Place>,
    /// Where it stands in the head, if it does.
    pub head: Option<Place>,
}

impl Change {
    /// The type that the coordinate belongs to; nothing for a directive and for the schema definition.
    #[must_use]
    pub fn type_name(&self) -> Option<&str> {
        if self.coordinate.starts_with('@') || self.coordinate == SCHEMA {
            return None;
        }
        self.coordinate.split('.').next()
    }
}
