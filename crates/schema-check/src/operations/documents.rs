//! Documents as they come from clients, taken apart into operations that stand for themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use apollo_compiler::ast::{self, Definition, Selection};
use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::parser::{Parser, SourceMap, SourceSpan};
use apollo_compiler::validation::DiagnosticList;

use super::check::Fault;
use crate::prepass::without_descriptions;

/// The source of documents that come from the database, before `#` and the document's name.
pub const TRUSTED: &str = "trusted document";

/// A text with operations, fragments or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Whose it is.
    pub client: String,
    /// A file, or the entry of a manifest or the database.
    pub source: String,
    /// Documents of one set share their fragments: the files of a folder do, the entries of a manifest do not.
    pub set: String,
    /// Its text.
    pub text: String,
}

/// One operation with all fragments that it uses.
#[derive(Debug, Clone)]
pub(super) struct Single {
    pub(super) client: String,
    pub(super) source: String,
    /// The operation's name, or that it has none.
    pub(super) name: String,
    pub(super) document: ast::Document,
}

/// A text that cannot be read.
#[derive(Debug, Clone)]
pub(super) struct Unread {
    pub(super) client: String,
    pub(super) source: String,
    pub(super) faults: Vec<Fault>,
}

struct Parsed<'a> {
    document: &'a Document,
    ast: ast::Document,
}

/// Nesting in a text at most; more is refused as a fault of the text.
const DEEPEST: usize = 500;
/// Faults told of one text at most.
pub(super) const MOST_FAULTS: usize = 10;

/// Takes documents apart.
pub(super) fn singles(documents: &[Document]) -> (Vec<Single>, Vec<Unread>) {
    let (mut sets, mut unread) = (BTreeMap::<(&str, &str), Vec<Parsed<'_>>>::new(), Vec::new());
    for document in documents {
        let text = without_descriptions(&document.text);
        match Parser::new().recursion_limit(DEEPEST).parse_ast(text, &document.source) {
            // A schema that lies among a client's operations is not one of them.
            Ok(ast) if ast.definitions.iter().any(|definition| !definition.is_executable_definition()) => {}
            Ok(ast) => sets.entry((&document.client, &document.set)).or_default().push(Parsed { document, ast }),
            Err(failed) => unread.push(Unread {
                client: document.client.clone(),
                source: document.source.clone(),
                faults: faults(&failed.errors, &document.source),
            }),
        }
    }
    (sets.into_values().flat_map(|set| of_set(&set)).collect(), unread)
}

fn of_set(set: &[Parsed<'_>]) -> Vec<Single> {
    let mut shared = BTreeMap::new();
    for (index, parsed) in set.iter().enumerate() {
        for fragment in parsed.ast.definitions.iter().filter_map(Definition::as_fragment_definition) {
            shared.entry(fragment.name.as_str()).or_insert((index, fragment));
        }
    }
    let mut singles = Vec::new();
    for (index, parsed) in set.iter().enumerate() {
        // A file's own fragment comes before another file's of the same name.
        let mut own = shared.clone();
        for fragment in parsed.ast.definitions.iter().filter_map(Definition::as_fragment_definition) {
            own.insert(fragment.name.as_str(), (index, fragment));
        }
        for operation in parsed.ast.definitions.iter().filter_map(Definition::as_operation_definition) {
            let mut document = ast::Document { sources: Arc::clone(&parsed.ast.sources), definitions: Vec::new() };
            document.definitions.push(Definition::OperationDefinition(operation.clone()));
            let (mut seen, mut open) = (BTreeSet::new(), spreads(&operation.selection_set));
            while let Some(name) = open.pop() {
                let Some((from, fragment)) = own.get(name.as_str()).filter(|_| seen.insert(name.clone())) else {
                    continue;
                };
                let sources = set[*from].ast.sources.iter().map(|(id, file)| (*id, Arc::clone(file)));
                Arc::make_mut(&mut document.sources).extend(sources);
                open.extend(spreads(&fragment.selection_set));
                document.definitions.push(Definition::FragmentDefinition((*fragment).clone()));
            }
            singles.push(Single {
                client: parsed.document.client.clone(),
                source: parsed.document.source.clone(),
                name: operation.name.as_ref().map_or_else(|| "(unnamed)".to_owned(), ToString::to_string),
                document,
            });
        }
    }
    singles
}

/// The fragments that selections name.
fn spreads(selections: &[Selection]) -> Vec<String> {
    let (mut names, mut open) = (Vec::new(), vec![selections]);
    while let Some(selections) = open.pop() {
        for selection in selections {
            match selection {
                Selection::Field(field) => open.push(&field.selection_set),
                Selection::InlineFragment(fragment) => open.push(&fragment.selection_set),
                Selection::FragmentSpread(spread) => names.push(spread.fragment_name.to_string()),
            }
        }
    }
    names
}

/// What is wrong, each with the file it is in; `source` when it is in none.
pub(super) fn faults(errors: &DiagnosticList, source: &str) -> Vec<Fault> {
    errors
        .iter()
        .take(MOST_FAULTS)
        .map(|diagnostic| fault(diagnostic.error.to_string(), diagnostic.error.location(), diagnostic.sources, source))
        .collect()
}

/// What is wrong at a place, with the file it is in; `source` when it is in none.
pub(super) fn fault(message: String, place: Option<SourceSpan>, sources: &SourceMap, source: &str) -> Fault {
    let at = place.and_then(|span| span.line_column(sources));
    let file = place.and_then(|span| sources.get(&span.file_id()));
    Fault {
        source: file.map_or_else(|| source.to_owned(), |file| file.path().display().to_string()),
        line: at.map(|at| at.line),
        column: at.map(|at| at.column),
        message,
    }
}
