//! Which client application used which part of the schema, and when.

mod rows;

pub use rows::{Sums, Usage, Use};
