//! A document that is valid for the schema, with each of its operations ready to be bound to variables.

use std::sync::Arc;

use apollo_compiler::executable::{Operation as Definition, OperationType};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node};
use async_graphql::Variables;
use async_graphql_value::{Name, Value};

use crate::collect::{Choice, Halt};
use crate::context::Template;
use crate::contract::{Contract, Hash, sha256};
use crate::input::Variable;
use crate::limits::Limits;
use crate::lines::Lines;
use crate::literal::Literals;
use crate::lower::{Shape, Source, lower};
use crate::refusal::{Refusal, code};
use crate::{lexer, pages, validate};

/// Query, mutation or subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reads.
    Query,
    /// Writes.
    Mutation,
    /// A stream of events.
    Subscription,
}

/// One operation of a document.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// Its name, if it has one.
    pub name: Option<&'a str>,
    /// What it does.
    pub kind: Kind,
}

/// A valid document: a pure function of the schema and the text.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) contract: Arc<Contract>,
    pub(crate) document: Valid<ExecutableDocument>,
    pub(crate) lines: Lines,
    pub(crate) operations: Vec<Ready>,
    hash: Hash,
}

/// An operation as far as it can be prepared without variables.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) definition: Node<Definition>,
    pub(crate) kind: Kind,
    pub(crate) variables: Vec<Variable>,
    pub(crate) context: Template,
    /// Variables in `@inContext` that must not be null.
    pub(crate) never_null: Vec<Name>,
    /// None where `@skip` or `@include` depends on a variable.
    pub(crate) shape: Option<Arc<Shape>>,
}

impl Prepared {
    /// Parses, bounds and validates a text.
    pub(crate) fn new(contract: Arc<Contract>, text: &str) -> Result<Self, Vec<Refusal>> {
        lexer::check(text, &contract.limits).map_err(|refusal| vec![refusal])?;
        let lines = Lines::new(text);
        let document = validate::validate(&contract, text, &lines)?;
        let operations = document
            .operations
            .iter()
            .map(|definition| Ready::new(&contract, &document, &lines, definition))
            .collect::<Result<_, _>>()
            .map_err(|refusal| vec![refusal])?;
        Ok(Self { contract, document, lines, operations, hash: sha256(text) })
    }

    /// SHA-256 of the document's text.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// The operations, in the order of the text but for an anonymous one, which is alone.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.operations.iter().map(Ready::outline)
    }

    /// The operation of that name, or the only one when no name is given.
    pub fn operation(&self, name: Option<&str>) -> Result<Operation<'_>, Refusal> {
        self.ready(name).map(Ready::outline)
    }

    pub(crate) fn ready(&self, name: Option<&str>) -> Result<&Ready, Refusal> {
        let found = match (name, self.operations.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(name), operations) => {
                operations.iter().find(|operation| operation.definition.name.as_ref().is_some_and(|it| it == name))
            }
        };
        found.ok_or_else(|| {
            let message = match name {
                Some(_) => "The document has no operation of that name.",
                None => "The document has several operations: say which by `operationName`.",
            };
            Refusal::new(code::OPERATION_NOT_FOUND, message)
        })
    }
}

impl Ready {
    fn new(
        contract: &Contract,
        document: &ExecutableDocument,
        lines: &Lines,
        definition: &Node<Definition>,
    ) -> Result<Self, Refusal> {
        let variables = prepare_variables(contract, lines, definition)?;
        let mut literals = Literals::new(contract, lines, &definition.variables);
        let directive = Template::definition(&contract.schema);
        let context = Template::new(directive, definition, &mut literals)?;
        let source = Source { contract, document, lines, operation: definition };
        Ok(Self {
            kind: match definition.operation_type {
                OperationType::Query => Kind::Query,
                OperationType::Mutation => Kind::Mutation,
                OperationType::Subscription => Kind::Subscription,
            },
            shape: prepare_shape(&source, &variables)?.map(Arc::new),
            definition: definition.clone(),
            variables,
            context,
            never_null: literals.never_null,
        })
    }

    fn outline(&self) -> Operation<'_> {
        Operation { name: self.definition.name.as_ref().map(apollo_compiler::Name::as_str), kind: self.kind }
    }
}

fn prepare_variables(contract: &Contract, lines: &Lines, definition: &Definition) -> Result<Vec<Variable>, Refusal> {
    let mut literals = Literals::new(contract, lines, &[]);
    let prepare = |variable: &Node<apollo_compiler::ast::VariableDefinition>| {
        let default = variable.default_value.as_ref();
        let default = default.map(|value| literals.constant(&variable.ty, value));
        Ok(Variable {
            name: Name::new(&variable.name),
            default: default.transpose()?.and_then(Value::into_const),
            definition: variable.clone(),
        })
    };
    definition.variables.iter().map(prepare).collect()
}

/// The shape if it is the same for all variables. In any case every literal of the operation is checked, also
/// where `@skip` would leave it out, so that a document's verdict does not depend on a request.
fn prepare_shape(source: &Source<'_>, variables: &[Variable]) -> Result<Option<Shape>, Refusal> {
    let limits = &source.contract.limits;
    let refused = |halt| match halt {
        Halt::Refused(refusal) => Some(refusal),
        Halt::NeedsVariables => None,
    };
    let whole = match lower(source, Choice::Everything) {
        Ok(shape) => shape,
        Err(halt) => return refused(halt).map_or(Ok(None), Err),
    };
    pages::objects(&whole.pages, &Variables::default(), limits)?;
    let shape = match lower(source, Choice::Literals) {
        Ok(shape) => shape,
        Err(halt) => return refused(halt).map_or(Ok(None), Err),
    };
    check_mutation(&shape, limits)?;
    if variables.is_empty() {
        pages::check(&shape.pages, &Variables::default(), limits)?;
    }
    Ok(Some(shape))
}

/// A mutation is short, and a field that must be alone is.
pub(crate) fn check_mutation(shape: &Shape, limits: &Limits) -> Result<(), Refusal> {
    use async_graphql::parser::types::OperationType::Mutation;
    if shape.operation.ty != Mutation {
        return Ok(());
    }
    let fields = || shape.root_fields.iter().filter(|name| *name != "__typename");
    let count = fields().count();
    if count > limits.mutation_fields {
        let message = format!("A mutation has at most {} fields.", limits.mutation_fields);
        return Err(Refusal::new(code::TOO_MANY_MUTATIONS, message));
    }
    let exclusive = |name: &&String| limits.exclusive_fields.contains(&name.as_str());
    match fields().find(exclusive) {
        Some(name) if count > 1 => {
            let message = format!("\"{name}\" must be the only field of its mutation.");
            Err(Refusal::new(code::TOO_MANY_MUTATIONS, message))
        }
        _ => Ok(()),
    }
}
