//! What a change of a GraphQL schema breaks, for whom, and since when.
//!
//! Everything here is a pure function of texts and rows: no files, no network, no database, no clock.
//!
//! [`changes`] compares two [`Contract`]s; [`policy::judge`] tells which of the changes fail, by a [`policy::Policy`],
//! the clients' [`operations`] and recorded [`usage`]; [`report`] prints that. Beside it stand [`lint`],
//! [`changelog`], [`unused`] and [`introspection`].

mod change;
pub mod changelog;
mod companions;
mod contract;
pub mod dates;
mod diff;
mod guard;
pub mod introspection;
mod kind;
mod lines;
pub mod lint;
mod on_directives;
pub mod operations;
mod parts;
pub mod policy;
mod prepass;
mod reach;
pub mod report;
mod severity;
#[cfg(test)]
mod tests;
mod tokens;
pub mod unused;
pub mod usage;

pub use change::{Change, Place, Severity};
pub use contract::{Contract, Unreadable};
pub use diff::changes;
pub use kind::ChangeKind;
pub use prepass::without_descriptions;
