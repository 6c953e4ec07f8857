//! `tidegate schema`: the contract, and what a change of it breaks.

mod arguments;
mod changelog;
mod check;
mod fetch;
mod git;
mod lint;
mod operations;
mod policy;
mod run;
mod source;
mod terminal;
mod unused;
mod usage;

pub(super) use arguments::SchemaCommand;
pub(super) use run::run;
