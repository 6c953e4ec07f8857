//! Implements the schema's ports: policy, use cases, and what a selection needs from the store.
//!
//! [`RequestResolvers`] is built for one request from its viewer, market and clock, and dropped with it: nothing of one
//! request is visible to another. To add a use case, write one file that implements one port method.

mod account;
mod batch;
mod cart;
mod catalog;
mod checkout;
mod cookies;
mod cursor;
mod external;
mod failure;
mod idempotency;
mod identity;
mod limits;
mod mint;
mod nodes;
pub mod oidc;
mod order;
mod passwords;
mod placeholder;
mod refusals;
mod registration;
mod sign_in;

pub use cookies::{CookieChange, Cookies};
pub use passwords::Passwords;

use std::sync::Arc;
use tidegate_auth::keys::KeySet;
use tidegate_model::Clock;
use tidegate_model::identity::{Client, Viewer};
use tidegate_model::market::Market;
use tidegate_store::{Statements, Store};
use time::OffsetDateTime;

/// Whether nested lists are read ahead with their parents. Off, the same answers cost more statements; tests compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LookAhead {
    /// They are.
    #[default]
    On,
    /// They are not.
    Off,
}

/// What all requests of a process share: no part of it belongs to a client.
#[derive(Debug)]
pub struct Shared {
    /// The way to the database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The address under which clients reach the shop, without a slash at the end.
    pub public_url: String,
    /// The `iss` of access tokens.
    pub issuer: String,
    /// The `aud` of access tokens.
    pub audience: String,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// The identity providers.
    pub oidc: Arc<dyn oidc::OidcClient>,
    /// Whether nested lists are read ahead.
    pub look_ahead: LookAhead,
}

/// What one request brings.
#[derive(Debug)]
pub struct RequestParts {
    /// Who asks.
    pub viewer: Viewer,
    /// From where and with what.
    pub client: Client,
    /// The cookies that its tokens travel in; none where they travel in headers.
    pub cookies: Option<Arc<Cookies>>,
    /// The market that answers.
    pub market: Market,
    /// The keys as they are now.
    pub keys: Arc<KeySet>,
    /// The instant of the request.
    pub now: OffsetDateTime,
    /// Counts the request's statements.
    pub statements: Arc<Statements>,
}

/// Answers one request.
#[derive(Debug)]
pub struct RequestResolvers {
    shared: Arc<Shared>,
    request: RequestParts,
    batches: catalog::Batches,
}

impl RequestResolvers {
    /// Made at the beginning of a request.
    #[must_use]
    pub fn new(shared: Arc<Shared>, request: RequestParts) -> Self {
        Self { shared, request, batches: catalog::Batches::default() }
    }

    fn store(&self) -> &Store {
        &self.shared.store
    }

    fn statements(&self) -> Arc<Statements> {
        Arc::clone(&self.request.statements)
    }

    /// The hint, unless looking ahead is off.
    fn hint<T: Default>(&self, hint: T) -> T {
        if self.shared.look_ahead == LookAhead::On { hint } else { T::default() }
    }
}
