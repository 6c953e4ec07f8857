//! A schema as it was written, valid, with the places of its parts.
//!
//! The parser is apollo-compiler's stable line (docs/decisions.md says why). It cannot read what the edition of
//! September 2026 brought, so `prepass` takes that out first; `@oneOf`, which it takes for any unknown directive, is
//! defined for it and its rules are checked here.

use std::collections::{BTreeSet, HashMap};

use apollo_compiler::ast::{Directive, Document, Type};
use apollo_compiler::parser::{FileId, SourceSpan};
use apollo_compiler::schema::{ExtendedType, SchemaBuilder};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{Node, Schema};

use crate::change::Place;
use crate::guard;
use crate::lines::Lines;
use crate::on_directives::{self, Applied};
use crate::prepass::{self, DIRECTIVE_DEFINITION, Readable};
use crate::reach;

/// The longest schema that is read, in bytes; the largest public ones have two million.
const LONGEST: usize = 16 << 20;

/// How many errors are told.
const MOST_ERRORS: usize = 20;

/// The definition for schemas that use `@oneOf` and leave its definition out, as every built-in may be.
const ONE_OF: &str = "directive @oneOf on INPUT_OBJECT";

/// A valid schema.
#[derive(Debug, Clone)]
pub struct Contract {
    schema: Valid<Schema>,
    text: String,
    lines: Lines,
    files: Vec<FileId>,
    applied: Applied,
    on_directives: HashMap<String, bool>,
}

/// Why a text is not a schema: a line for each error, with its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Contract {
    /// Reads a schema; `name` stands for it in messages.
    pub fn parse(text: &str, name: &str) -> Result<Self, Unreadable> {
        if text.len() > LONGEST {
            return Err(Unreadable(format!("{name}:1:1: the schema has more than {LONGEST} bytes")));
        }
        let lines = Lines::of(text);
        if let Some((offset, fault)) = guard::fault(text) {
            return Err(Unreadable(format!("{}: {fault}", at(name, Some(lines.place(text, offset))))));
        }
        let readable = prepass::schema(text);
        let source = readable.text.as_deref().unwrap_or(text);
        let document = Document::parse(source, name).map_err(|faulty| told(&faulty.errors, name))?;
        let mut files: Vec<FileId> = document.sources.keys().copied().collect();
        let mut builder = Schema::builder().add_ast(&document);
        if text.contains("@oneOf") && !defines_one_of(&document) {
            builder = builder.parse(ONE_OF, "built-in directives");
        }
        let schema = valid(builder, name)?;
        let applied = match &readable.applied {
            Some(shadow) => {
                let document = Document::parse(shadow, name).map_err(|faulty| told(&faulty.errors, name))?;
                files.extend(document.sources.keys());
                on_directives::collect(&document)
            }
            None => Applied::default(),
        };
        let contract = Self { schema, text: text.to_owned(), lines, files, applied, on_directives: HashMap::new() };
        contract.checked(readable, name)
    }

    /// The typed model. It lacks what `prepass` takes out: directives on directives and their location.
    #[must_use]
    pub fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// The names of the types that an operation can name or meet, without the built-in ones.
    ///
    /// A change within any other type of the base breaks no operation. An operation meets a type from the root
    /// types on through fields, arguments and members, and can name in a fragment every interface and union that
    /// such a type belongs to; directives that may stand in operations reach the types of their arguments.
    #[must_use]
    pub fn reachable_types(&self) -> BTreeSet<String> {
        reach::reachable(&self.schema)
    }

    /// Whether a type is an input object of which exactly one field must be given.
    #[must_use]
    pub fn is_one_of(&self, name: &str) -> bool {
        self.schema.get_input_object(name).is_some_and(|input| input.directives.has("oneOf"))
    }

    /// The line and column of something in this schema; nothing for what is built in.
    pub(crate) fn place(&self, span: Option<SourceSpan>) -> Option<Place> {
        let span = span.filter(|span| self.files.contains(&span.file_id()))?;
        Some(self.lines.place(&self.text, span.offset()))
    }

    /// The line and column of a type reference, from its first bracket.
    pub(crate) fn place_of_type(&self, ty: &Type) -> Option<Place> {
        let span = ty.inner_named_type().location().filter(|span| self.files.contains(&span.file_id()))?;
        let before = self.text.get(..span.offset()).unwrap_or_default();
        let opening = before.trim_end_matches(|sign: char| sign == '[' || sign.is_ascii_whitespace());
        let offset =
            before.get(opening.len()..).and_then(|gap| gap.find('[')).map_or(span.offset(), |at| opening.len() + at);
        Some(self.lines.place(&self.text, offset))
    }

    /// The directives that are applied to a directive.
    pub(crate) fn applied_to(&self, directive: &str) -> &[Node<Directive>] {
        self.applied.get(directive).map_or(&[], Vec::as_slice)
    }

    /// The names of the locations of a directive, as the specification has them.
    pub(crate) fn locations_of(&self, directive: &str) -> BTreeSet<&'static str> {
        let known = self.schema.directive_definitions.get(directive).map(|definition| definition.locations.as_slice());
        let mut locations: BTreeSet<&str> = known.unwrap_or_default().iter().map(|location| location.name()).collect();
        if let Some(alone) = self.on_directives.get(directive) {
            if *alone {
                locations.clear();
            }
            locations.insert(DIRECTIVE_DEFINITION);
        }
        locations
    }

    /// Checks what the parser cannot.
    fn checked(mut self, readable: Readable, name: &str) -> Result<Self, Unreadable> {
        self.on_directives = readable.on_directives;
        let mut errors = on_directives::errors(&self, &readable.extended);
        errors.extend(one_of_errors(&self));
        if errors.is_empty() {
            return Ok(self);
        }
        errors.sort();
        let lines = errors.iter().map(|(place, message)| format!("{}: {message}", at(name, *place)));
        Err(listed(lines))
    }

    /// The place of an offset in the text.
    pub(crate) fn place_of_offset(&self, offset: usize) -> Place {
        self.lines.place(&self.text, offset)
    }
}

fn valid(builder: SchemaBuilder, name: &str) -> Result<Valid<Schema>, Unreadable> {
    builder.build().and_then(Schema::validate).map_err(|faulty| told(&faulty.errors, name))
}

fn defines_one_of(document: &Document) -> bool {
    document
        .definitions
        .iter()
        .any(|definition| definition.as_directive_definition().is_some_and(|directive| directive.name == "oneOf"))
}

/// Fields of a `@oneOf` input object are nullable and have no default (specification, "OneOf Input Objects").
fn one_of_errors(contract: &Contract) -> Vec<(Option<Place>, String)> {
    let mut errors = Vec::new();
    for (name, ty) in &contract.schema.types {
        let ExtendedType::InputObject(input) = ty else { continue };
        if !input.directives.has("oneOf") {
            continue;
        }
        for (field, definition) in &input.fields {
            let fault = match (definition.ty.is_non_null(), &definition.default_value) {
                (true, _) => "must be nullable",
                (_, Some(_)) => "must not have a default",
                _ => continue,
            };
            let message = format!("the field `{name}.{field}` of a `@oneOf` input object {fault}");
            errors.push((contract.place(definition.name.location()), message));
        }
    }
    errors
}

/// The parser's errors, each with its place.
fn told(errors: &DiagnosticList, name: &str) -> Unreadable {
    listed(errors.iter().map(|error| {
        let error = error.to_json();
        let place = error.locations.first().map(|at| Place { line: at.line, column: at.column });
        format!("{}: {}", at(name, place), error.message)
    }))
}

fn at(name: &str, place: Option<Place>) -> String {
    place.map_or_else(|| name.to_owned(), |place| format!("{name}:{}:{}", place.line, place.column))
}

fn listed(errors: impl ExactSizeIterator<Item = String>) -> Unreadable {
    let all = errors.len();
    let mut lines: Vec<String> = errors.take(MOST_ERRORS).collect();
    if all > MOST_ERRORS {
        lines.push(format!("and {} more errors", all - MOST_ERRORS));
    }
    Unreadable(lines.join("\n"))
}
