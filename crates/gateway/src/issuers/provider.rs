//! One configured provider.

use std::sync::Arc;

use super::discovery::Discovery;
use super::fetch::Http;
use super::jwks::Jwks;
use super::kept::Kept;
use crate::config::OidcProvider;

/// A provider with what is known of it.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) settings: OidcProvider,
    pub(super) discovery: Arc<Kept<Discovery>>,
    pub(super) keys: Arc<Kept<Jwks>>,
    pub(super) http: Http,
}
