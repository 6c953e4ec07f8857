//! A schema as it was written, valid, with the places of its parts.

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;

/// A valid schema.
#[derive(Debug, Clone)]
pub struct Contract {
    schema: Valid<Schema>,
}

/// Why a text is not a schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Contract {
    /// Reads a schema; `name` stands for it in messages.
    pub fn parse(text: &str, name: &str) -> Result<Self, Unreadable> {
        match Schema::parse_and_validate(text, name) {
            Ok(schema) => Ok(Self { schema }),
            Err(faulty) => Err(Unreadable(faulty.errors.to_string())),
        }
    }

    /// The typed model.
    #[must_use]
    pub fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }
}
