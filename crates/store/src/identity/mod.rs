//! Sessions, refresh tokens, and the keys that all replicas share.

mod account;
mod api_keys;
mod customer;
mod keys;
mod limit;
mod one_time;
mod provider;
mod session;
mod sign_in;

pub use account::{AccountCall, AddressSave, PasswordAccount, PasswordFound, Verified};

pub use api_keys::{ApiKeyCreate, ApiKeyCreated, ApiKeyRevoked, ApiKeyRow, MOST_API_KEYS};
pub use customer::SessionFound;
pub use keys::{Retirement, SigningKeyRow};
pub use limit::{Limit, MailLimits};
pub use one_time::{EmailChange, OneTimePurpose, OneTimeSend, Registration, ResetFound};
pub use provider::{ExternalSession, OidcStart, OidcTaken};
pub use session::{RefreshState, RefreshStep, SessionRefresh, SessionStart};
pub(crate) use sign_in::policy;
pub use sign_in::{CodeFound, LoginAttempt, LoginFound, LoginPassword, SignIn};
