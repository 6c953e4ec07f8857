//! Sessions and the viewer.

mod mutation;
mod session;
mod viewer;

pub use mutation::{IdentityMutation, SessionPayload};
pub use session::{Session, SessionKind, SessionTokens};
pub use viewer::{IdentityQuery, Viewer};
