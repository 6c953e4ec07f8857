//! The comparison.
//!
//! One file for each part of a schema. All follow GraphQL Inspector in what is told: what is new is told with its
//! parts, what is gone without. The parts of a type whose kind changed are not compared.

mod arguments;
mod defaults;
mod descriptions;
mod directives;
mod enums;
mod fields;
mod inputs;
mod interfaces;
mod report;
mod siblings;
mod spot;
mod types;
mod unions;
mod usages;
mod variance;

use crate::change::Change;
use crate::contract::Contract;

/// Every difference between two schemas, ordered by coordinate, then by kind.
///
/// The order of definitions, fields, arguments, values, members and locations does not matter. Built-in scalars and
/// directives are not compared.
#[must_use]
pub fn changes(base: &Contract, head: &Contract) -> Vec<Change> {
    let mut report = report::Report::new(base, head);
    directives::compare(&mut report);
    types::compare_roots(&mut report);
    types::compare(&mut report);
    report.ordered()
}
