//! The kinds of difference, by GraphQL Inspector's names.

use serde::{Serialize, Serializer};

/// What kind of difference a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// A field was taken away.
    FieldRemoved,
}

impl ChangeKind {
    /// The name in reports and in the policy, such as `FIELD_REMOVED`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FieldRemoved => "FIELD_REMOVED",
        }
    }
}

impl Serialize for ChangeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
