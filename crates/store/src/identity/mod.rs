//! Sessions, refresh tokens, and the keys that all replicas share.

mod keys;
mod session;

pub use keys::SigningKeyRow;
pub use session::{RefreshState, RefreshStep, SessionRefresh, SessionStart};
