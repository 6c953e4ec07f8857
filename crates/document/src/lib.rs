//! Turns GraphQL text into an operation that the engine may execute.
//!
//! Pure functions without input or output: the same schema, text and variables give the same answer on any
//! replica. A text goes through a lexer pass, one parser, a guard that weighs the expanded document in linear
//! time, and one validation; a request then coerces its variables and gets a document for the engine in which
//! nothing is left to decide: no fragments, no directives, every response key once.

mod bind;
mod collect;
mod context;
mod contract;
mod documents;
mod guard;
mod input;
mod lexer;
mod limits;
mod lines;
mod literal;
mod lower;
mod pages;
mod prepared;
mod refusal;
mod validate;

pub use bind::{Bound, Cost};
pub use context::InContext;
pub use contract::{Hash, SchemaError};
pub use documents::Documents;
pub use limits::{Limits, ScalarRule};
pub use prepared::{Kind, Operation, Prepared};
pub use refusal::{Location, Refusal, code};
