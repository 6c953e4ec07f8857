//! What a field can reach: the request's ports, its header key, and hints from the selection.

use async_graphql::{Context, Lookahead, Value};
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
    /// Whether whoever asked takes parts of the answer as JSON that is already written (see [`crate::plain`]).
    pub takes_json: bool,
}

/// Short ways to the request's context.
pub trait ContextExt<'a> {
    /// The whole of it.
    fn request(&self) -> &'a RequestContext;

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
