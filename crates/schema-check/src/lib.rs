//! What a change of a GraphQL schema breaks, for whom, and since when.
//!
//! Everything here is a pure function of texts and rows: no files, no network, no database, no clock.

mod change;
mod contract;
mod diff;
mod guard;
mod kind;
mod lines;
mod on_directives;
mod prepass;
mod reach;
mod severity;
#[cfg(test)]
mod tests;
mod tokens;

pub use change::{Change, Place, Severity};
pub use contract::{Contract, Unreadable};
pub use diff::changes;
pub use kind::ChangeKind;
pub use prepass::without_descriptions;
