//! Binds a prepared operation to the variables of one request.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Pos, Positioned, Request, Variables};
use async_graphql_value::{ConstValue, Name, Value};

use crate::collect::{Choice, Halt};
use crate::context::InContext;
use crate::contract::Hash;
use crate::input::coerce_variables;
use crate::lower::{Shape, Source, lower};
use crate::pages;
use crate::prepared::{Kind, Prepared, Ready, check_mutation};
use crate::refusal::{Refusal, code};
use crate::validate::subscriptions_not_supported;

/// What an operation may cost, known before it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Objects that its pages may ask for.
    pub objects: u64,
    /// Fields and arguments after fragments are expanded.
    pub nodes: u64,
}

/// An operation that may be executed as it stands.
#[derive(Debug)]
pub struct Bound {
    /// The operation, without fragments or directives.
    pub operation: Arc<OperationDefinition>,
    /// Its variables, coerced.
    pub variables: Variables,
    /// The name of the operation that was chosen.
    pub operation_name: Option<String>,
    /// What it does.
    pub kind: Kind,
    /// Names of its fields at the root, each response key once, in order.
    pub root_fields: Vec<String>,
    /// What it is run for.
    pub context: InContext,
    /// What it may cost.
    pub cost: Cost,
    /// SHA-256 of the document's text.
    pub document_hash: Hash,
    /// What execution would answer, where the schema alone tells it: there is nothing to execute then.
    pub known: Option<ConstValue>,
    apart: &'static [&'static str],
}

impl Bound {
    /// For the engine: the operation without what is selected of the fields in
    /// [`Limits::apart`](crate::Limits::apart); beside it the operation in whole.
    pub fn into_request(self) -> (Request, Arc<OperationDefinition>) {
        let mut request = Request::new("").variables(self.variables);
        let operation = Positioned::new(cut(&self.operation, self.apart), Pos::default());
        request.set_parsed_query(ExecutableDocument {
            operations: DocumentOperations::Single(operation),
            fragments: std::collections::HashMap::default(),
        });
        (request, self.operation)
    }
}

impl Prepared {
    /// Chooses an operation, coerces its variables and decides what depends on them. Nothing runs before all
    /// of its input is known to be well formed.
    pub fn bind(
        &self,
        operation_name: Option<&str>,
        variables: serde_json::Map<String, serde_json::Value>,
    ) -> Result<Bound, Vec<Refusal>> {
        let one = |refusal| vec![refusal];
        let ready = self.ready(operation_name).map_err(one)?;
        if ready.kind == Kind::Subscription {
            return Err(vec![subscriptions_not_supported()]);
        }
        let variables = coerce_variables(&self.contract, &ready.variables, variables)?;
        let shape = self.shape(ready, &variables).map_err(one)?;
        self.check(ready, &shape, &variables).map_err(one)?;
        let objects = pages::check(&shape.pages, &variables, &self.contract.limits).map_err(one)?;
        let cost = Cost { objects, nodes: shape.nodes };
        let mut operation = Arc::clone(&shape.operation);
        if variables.len() < ready.variables.len() {
            omit_absent(&mut Arc::make_mut(&mut operation).selection_set.node, &variables);
        }
        Ok(Bound {
            operation_name: ready.definition.name.as_ref().map(ToString::to_string),
            kind: ready.kind,
            root_fields: shape.root_fields.clone(),
            context: ready.context.bind(&variables),
            cost,
            document_hash: *self.hash(),
            known: shape.known.clone(),
            operation,
            variables,
            apart: self.contract.limits.apart,
        })
    }

    fn shape(&self, ready: &Ready, variables: &Variables) -> Result<Arc<Shape>, Refusal> {
        if let Some(shape) = &ready.shape {
            return Ok(Arc::clone(shape));
        }
        let source = Source {
            contract: &self.contract,
            document: &self.document,
            lines: &self.lines,
            operation: &ready.definition,
        };
        let shape = lower(&source, Choice::Bound(variables)).map_err(|halt| match halt {
            Halt::Refused(refusal) => refusal,
            Halt::NeedsVariables => Refusal::new(code::BAD_USER_INPUT, "A directive's condition has no value."),
        })?;
        check_mutation(&shape, &self.contract.limits)?;
        Ok(Arc::new(shape))
    }

    fn check(&self, ready: &Ready, shape: &Shape, variables: &Variables) -> Result<(), Refusal> {
        let mut never_null = shape.never_null.iter().chain(&ready.never_null);
        if let Some(name) = never_null.find(|name| variables.get(name.as_str()) == Some(&ConstValue::Null)) {
            return Err(Refusal::null_variable(name));
        }
        check_copies(shape, variables, self.contract.limits.variable_bytes)
    }
}

/// The engine copies a variable's value for every argument that uses it.
fn check_copies(shape: &Shape, variables: &Variables, limit: u64) -> Result<(), Refusal> {
    let sizes: BTreeMap<&Name, u64> = variables.iter().map(|(name, value)| (name, size(value))).collect();
    let used = shape.uses.iter().filter_map(|name| sizes.get(name));
    if used.fold(0_u64, |total, size| total.saturating_add(*size)) > limit {
        let message = "Large variables are used in too many places.";
        return Err(Refusal::new(code::QUERY_TOO_COMPLEX, message));
    }
    Ok(())
}

/// Bytes of a value in memory, roughly.
fn size(value: &ConstValue) -> u64 {
    let inner: u64 = match value {
        ConstValue::String(text) => u64::try_from(text.len()).unwrap_or(u64::MAX),
        ConstValue::List(items) => items.iter().map(size).sum(),
        ConstValue::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    };
    inner + 32
}

/// An argument or input field given an absent variable counts as not given; a list's item as null.
fn omit_absent(set: &mut SelectionSet, variables: &Variables) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                let arguments = &mut field.node.arguments;
                arguments.retain_mut(|(_, value)| is_given(&mut value.node, variables));
                omit_absent(&mut field.node.selection_set.node, variables);
            }
            Selection::InlineFragment(inline) => {
                omit_absent(&mut inline.node.selection_set.node, variables);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn is_given(value: &mut Value, variables: &Variables) -> bool {
    match value {
        Value::Variable(name) => return variables.contains_key(name.as_str()),
        Value::List(items) => {
            for item in items {
                if !is_given(item, variables) {
                    *item = Value::Null;
                }
            }
        }
        Value::Object(fields) => fields.retain(|_, field| is_given(field, variables)),
        _ => {}
    }
    true
}

/// The operation without what is selected of the fields `apart`.
fn cut(operation: &OperationDefinition, apart: &[&str]) -> OperationDefinition {
    if operation.ty != OperationType::Query {
        return operation.clone();
    }
    let items = operation.selection_set.node.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) if apart.contains(&field.node.name.node.as_str()) => {
            let whole = &field.node;
            let none = Positioned::new(SelectionSet::default(), whole.selection_set.pos);
            let bare = Field {
                alias: whole.alias.clone(),
                name: whole.name.clone(),
                arguments: whole.arguments.clone(),
                directives: Vec::new(),
                selection_set: none,
            };
            Positioned::new(Selection::Field(Positioned::new(bare, field.pos)), selection.pos)
        }
        _ => selection.clone(),
    });
    let selection_set = Positioned::new(SelectionSet { items: items.collect() }, operation.selection_set.pos);
    let variable_definitions = operation.variable_definitions.clone();
    OperationDefinition { ty: operation.ty, variable_definitions, directives: Vec::new(), selection_set }
}
