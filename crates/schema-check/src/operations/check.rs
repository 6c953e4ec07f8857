//! Tries every operation on both schemas.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::validation::Valid;
use serde::Serialize;

use super::coordinates;
use super::documents::{self, Document, Single};
use super::values::{Misplaced, misplaced_values};
use crate::contract::Contract;

/// What is wrong with an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The file or entry it is in: the operation's own, or that of a fragment.
    pub source: String,
    /// The line in its text, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// What, in a sentence.
    pub message: String,
}

/// An operation that a schema refuses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Broken {
    /// Whose it is.
    pub client: String,
    /// Its name.
    pub name: String,
    /// The file or entry that it is in.
    pub source: String,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// What an operation uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationUses {
    /// Whose it is.
    pub client: String,
    /// Its name.
    pub name: String,
    /// Everything it may use, by coordinate.
    pub coordinates: BTreeSet<String>,
}

/// How many operations of a client were tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClientCount {
    /// The client.
    pub client: String,
    /// Its operations.
    pub operations: usize,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operations {
    /// Who has how many.
    pub clients: Vec<ClientCount>,
    /// Those that the base takes and the head refuses.
    pub broken: Vec<Broken>,
    /// Those that the base refuses already, and texts that cannot be read.
    pub already: Vec<Broken>,
    /// What those use that the base takes.
    pub uses: Vec<OperationUses>,
}

/// Tries documents on both schemas.
#[must_use]
pub fn check(base: &Contract, head: &Contract, documents: &[Document]) -> Operations {
    let (singles, unread) = documents::singles(documents);
    let mut result = Operations::default();
    let mut counts = BTreeMap::<String, usize>::new();
    for text in unread {
        *counts.entry(text.client.clone()).or_default() += 1;
        let name = "(unreadable)".to_owned();
        result.already.push(Broken { client: text.client, name, source: text.source, faults: text.faults });
    }
    for single in singles {
        *counts.entry(single.client.clone()).or_default() += 1;
        match valid(base, &single) {
            Err(broken) => result.already.push(broken),
            Ok(document) => {
                result.uses.push(OperationUses {
                    coordinates: coordinates::of(&document, base.schema()),
                    client: single.client.clone(),
                    name: single.name.clone(),
                });
                result.broken.extend(valid(head, &single).err());
            }
        }
    }
    result.broken.sort();
    result.already.sort();
    let count = |(client, operations)| ClientCount { client, operations };
    result.clients = counts.into_iter().map(count).collect();
    result
}

fn valid(contract: &Contract, single: &Single) -> Result<Valid<ExecutableDocument>, Broken> {
    let (client, name, source) = (&single.client, &single.name, &single.source);
    let broken = |faults| Broken { client: client.clone(), name: name.clone(), source: source.clone(), faults };
    let document = single
        .document
        .to_executable_validate(contract.schema())
        .map_err(|failed| broken(documents::faults(&failed.errors, source)))?;
    let misplaced = misplaced_values(contract.schema(), &document);
    if misplaced.is_empty() {
        return Ok(document);
    }
    let fault = |one: Misplaced| documents::fault(one.message, one.place, &document.sources, source);
    Err(broken(misplaced.into_iter().map(fault).collect()))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
