//! Changes of a schema document, one for each kind of difference.

mod descriptions;
mod directives;
pub(crate) mod edit;
mod fields;
mod inputs;
mod layout;
mod members;
mod roots;
pub(crate) mod table;
mod types;
mod usages;
