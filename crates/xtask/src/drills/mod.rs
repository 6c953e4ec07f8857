//! The chores that stand on the whole program. `cargo xtask` is built without them (Cargo.toml says why); asked for
//! one, it builds itself again with them.

#[cfg(not(feature = "drills"))]
mod again;
#[cfg(feature = "drills")]
mod here;

#[cfg(not(feature = "drills"))]
pub(crate) use again::{Drill, run};
#[cfg(feature = "drills")]
pub(crate) use here::{Drill, run};
