//! The operations that clients really send: reading them, and trying them on both schemas.

mod check;
mod coordinates;
mod documents;
mod manifest;
mod values;

pub use check::{Broken, ClientCount, Fault, OperationUses, Operations, check};
pub use documents::{Document, TRUSTED};
pub use manifest::{ManifestFault, read as read_manifest};
pub use values::{Misplaced, misplaced_values};
