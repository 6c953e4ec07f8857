//! A schema from what a server says of itself.

mod answer;
mod print;
mod query;

pub use answer::IntrospectionFault;
pub use print::sdl;
pub use query::{Abilities, PROBE, abilities, query};
