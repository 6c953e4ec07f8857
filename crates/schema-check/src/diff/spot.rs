//! What differs, as the specification's schema coordinate and as GraphQL Inspector's path.

use crate::change::SCHEMA;

/// A coordinate and a path.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    /// As in `Product.variants(first:)`.
    pub(super) coordinate: String,
    /// As in `Product.variants.first`.
    pub(super) path: String,
}

impl Spot {
    pub(super) fn of_schema() -> Self {
        Self { coordinate: SCHEMA.to_owned(), path: String::new() }
    }

    pub(super) fn of_type(name: &str) -> Self {
        Self { coordinate: name.to_owned(), path: name.to_owned() }
    }

    /// A field, an input field or an enum value.
    pub(super) fn of_member(owner: &str, name: &str) -> Self {
        let path = format!("{owner}.{name}");
        Self { coordinate: path.clone(), path }
    }

    pub(super) fn of_argument(owner: &str, field: &str, name: &str) -> Self {
        Self { coordinate: format!("{owner}.{field}({name}:)"), path: format!("{owner}.{field}.{name}") }
    }

    pub(super) fn of_directive(name: &str) -> Self {
        let path = format!("@{name}");
        Self { coordinate: path.clone(), path }
    }

    pub(super) fn of_directive_argument(directive: &str, name: &str) -> Self {
        Self { coordinate: format!("@{directive}({name}:)"), path: format!("@{directive}.{name}") }
    }

    /// The same thing, with something that has no coordinate of its own at the end of the path.
    pub(super) fn with(&self, part: &str) -> Self {
        Self { coordinate: self.coordinate.clone(), path: format!("{}.{part}", self.path) }
    }

    /// As it reads in a message.
    pub(super) fn quoted(&self) -> String {
        if self.coordinate == SCHEMA { "the schema".to_owned() } else { format!("`{}`", self.coordinate) }
    }
}
