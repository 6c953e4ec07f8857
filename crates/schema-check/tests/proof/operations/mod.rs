//! Operations that are valid on a schema, aimed at what is going to change.

mod aimed;
mod directive;
pub(crate) mod every;
mod given;
mod map;
mod merged;
mod walk;
