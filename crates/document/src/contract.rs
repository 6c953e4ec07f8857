//! The schema, with what a document's checks ask of it answered in advance.

use std::collections::HashMap;

use apollo_compiler::ast::NamedType;
use apollo_compiler::collections::HashSet;
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};
use aws_lc_rs::digest::{SHA256, digest};

use crate::limits::{Limits, ScalarRule};

/// SHA-256 of a text.
pub type Hash = [u8; 32];

/// What the engine answers and tools ask for, and the validator does not know yet.
const INTROSPECTION: &str = "extend type __Type { isOneOf: Boolean }";

/// Why a schema definition cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the schema definition is not valid:\n{0}")]
pub struct SchemaError(String);

/// A valid schema and the limits that its documents obey.
#[derive(Debug)]
pub(crate) struct Contract {
    pub(crate) schema: Valid<Schema>,
    pub(crate) limits: Limits,
    /// SHA-256 of the schema's text.
    pub(crate) hash: Hash,
    possible: HashMap<Name, HashSet<Name>>,
}

impl Contract {
    pub(crate) fn new(sdl: &str, limits: Limits) -> Result<Self, SchemaError> {
        let schema = Schema::builder()
            .parse(sdl, "schema.graphql")
            .parse(INTROSPECTION, "introspection.graphql")
            .build()
            .and_then(Schema::validate)
            .map_err(|failed| SchemaError(failed.errors.to_string()))?;
        Ok(Self { possible: possible_types(&schema), hash: sha256(sdl), schema, limits })
    }

    /// The object types that a value of this output type can have.
    pub(crate) fn possible(&self, name: &str) -> Option<&HashSet<Name>> {
        self.possible.get(name)
    }

    pub(crate) fn scalar_rule(&self, name: &str) -> Option<&ScalarRule> {
        self.limits.scalars.iter().find(|rule| rule.name == name)
    }

    pub(crate) fn named(&self, name: &NamedType) -> Option<&ExtendedType> {
        self.schema.types.get(name)
    }
}

pub(crate) fn sha256(text: &str) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

fn possible_types(schema: &Schema) -> HashMap<Name, HashSet<Name>> {
    let mut possible: HashMap<Name, HashSet<Name>> = HashMap::new();
    for (name, definition) in &schema.types {
        match definition {
            ExtendedType::Object(object) => {
                possible.entry(name.clone()).or_default().insert(name.clone());
                for interface in &object.implements_interfaces {
                    let of_interface = possible.entry(interface.name.clone()).or_default();
                    of_interface.insert(name.clone());
                }
            }
            ExtendedType::Union(union) => {
                let members = union.members.iter().map(|member| member.name.clone());
                possible.entry(name.clone()).or_default().extend(members);
            }
            ExtendedType::Interface(_) => {
                possible.entry(name.clone()).or_default();
            }
            _ => {}
        }
    }
    possible
}
