//! What a field can reach: the request's ports, its header key, and hints from the selection.

use async_graphql::parser::types::{Field, OperationDefinition, Selection};
use async_graphql::{Context, Lookahead, Positioned, Value};
use std::sync::Arc;
use tidegate_model::Failure;
use tidegate_model::market::Market;
use tidegate_model::page::DEFAULT_SIZE;
use uuid::Uuid;

use crate::error::Result;
use crate::ports::Ports;
use crate::scalar::IdempotencyKey;

/// What the gateway puts into the engine's data for one request, and drops with it.
#[derive(Clone)]
pub struct RequestContext {
    /// Built for this request from its viewer, the store and the clock.
    pub ports: Arc<dyn Ports>,
    /// The market that `@inContext` chose.
    pub market: Market,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<Uuid>,
    /// The operation in whole, where the engine runs one without what is selected of the fields in
    /// [`crate::plain::APART`]. Whoever gives it takes parts of the answer as JSON that is already written.
    pub operation: Option<Arc<OperationDefinition>>,
}

impl RequestContext {
    /// A field at the root with what is selected of it, by its response key; `None` where the engine has it all.
    pub(crate) fn whole(&self, key: &str) -> Option<&Positioned<Field>> {
        let selected = &self.operation.as_ref()?.selection_set.node.items;
        selected.iter().find_map(|selection| match &selection.node {
            Selection::Field(field) if field.node.response_key().node == key => Some(field),
            _ => None,
        })
    }
}

/// Short ways to the request's context.
pub trait ContextExt<'a> {
    /// The whole of it.
    fn request(&self) -> &'a RequestContext;

    /// The context of a field at the root, with all that is selected of it.
    fn whole(&self) -> Context<'a>;

    /// The ports.
    fn ports(&self) -> &'a dyn Ports {
        self.request().ports.as_ref()
    }

    /// The idempotency key of a mutation: its argument, or the header. Both at once must agree.
    fn idempotency_key(&self, argument: Option<IdempotencyKey>) -> Result<Option<Uuid>> {
        match (argument.map(|key| key.0), self.request().idempotency_key) {
            (Some(argument), Some(header)) if argument != header => {
                Err(Failure::BadInput("idempotencyKey and the Idempotency-Key header differ".to_owned()).into())
            }
            (argument, header) => Ok(argument.or(header)),
        }
    }
}

impl<'a> ContextExt<'a> for Context<'a> {
    #[expect(
        clippy::expect_used,
        reason = "the gateway and the test kit put it in every request; without it nothing can answer"
    )]
    fn request(&self) -> &'a RequestContext {
        self.data_opt::<RequestContext>().expect("the gateway puts the context into every request")
    }

    fn whole(&self) -> Context<'a> {
        let mut whole = self.clone();
        whole.item = self.request().whole(&self.item.node.response_key().node).unwrap_or(self.item);
        whole
    }
}

/// How many rows from the start the selection asks of a nested list: the most over all its aliases that begin at the
/// start. `None` when the list is not selected.
pub(crate) fn rows_ahead(parent: &Lookahead<'_>, list: &str) -> Option<u32> {
    let selected = parent.field(list).selection_fields();
    if selected.is_empty() {
        return None;
    }
    let from_start = selected.iter().filter_map(|field| {
        let arguments = field.arguments().ok()?;
        let argument = |name: &str| arguments.iter().find(|(given, _)| given == name).map(|(_, value)| value);
        let given = |name: &str| argument(name).is_some_and(|value| *value != Value::Null);
        if given("after") || given("last") || given("before") {
            return None;
        }
        match argument("first") {
            Some(Value::Number(first)) => first.as_u64().and_then(|first| u32::try_from(first).ok()),
            _ => Some(DEFAULT_SIZE),
        }
    });
    from_start.max().map(|rows| rows.min(tidegate_model::page::MAX_SIZE))
}
