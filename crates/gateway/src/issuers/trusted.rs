//! Access tokens of another issuer.

use std::sync::Arc;
use std::time::Duration;

use tidegate_auth::external::{ExternalAccess, ExternalIssuer, verify_access};
use time::OffsetDateTime;

use super::jwks::{self, CheckFault, Jwks};
use super::kept::Kept;
use crate::config::TrustedIssuer;

/// An issuer whose access tokens are taken.
#[derive(Debug)]
pub struct Trusted {
    settings: TrustedIssuer,
    keys: Arc<Kept<Jwks>>,
}

/// Why a token of another issuer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuerRefusal {
    /// It was good and is no longer.
    #[error("the access token has expired")]
    Expired,
    /// It is not good.
    #[error("the access token is not valid")]
    Invalid,
    /// The issuer has not told its keys since this process started.
    #[error("the issuer of the access token does not answer")]
    Unavailable {
        /// When it is worth another try.
        retry_after: Duration,
    },
}

impl Trusted {
    pub(super) fn new(settings: &TrustedIssuer, keys: Arc<Kept<Jwks>>) -> Self {
        Self { settings: settings.clone(), keys }
    }

    /// Its `iss`. With a token's subject it names one customer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Checks a token. Whether its holder's access was revoked since is for the statement that reads private data.
    pub async fn check(&self, token: &str, now: OffsetDateTime) -> Result<ExternalAccess, IssuerRefusal> {
        let expected = ExternalIssuer {
            issuer: &self.settings.issuer,
            audience: &self.settings.audience,
            algorithms: &self.settings.algorithms,
            requires_type: self.settings.requires_type,
        };
        jwks::check(&self.keys, now, |keys| verify_access(keys, token, &expected, now)).await.map_err(|fault| {
            match fault {
                CheckFault::Expired => IssuerRefusal::Expired,
                // A key that was published properly would have been there.
                CheckFault::Invalid | CheckFault::UnknownKey => IssuerRefusal::Invalid,
                CheckFault::Away(away) => IssuerRefusal::Unavailable { retry_after: away.retry_after },
            }
        })
    }
}
