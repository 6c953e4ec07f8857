//! An issuer's public keys (RFC 7517).

use std::sync::Arc;

use async_trait::async_trait;
use tidegate_auth::external::{ExternalKeys, ExternalRefusal};
use time::OffsetDateTime;
use url::Url;

use super::discovery::Discovery;
use super::fetch::{self, FetchFault, Http};
use super::kept::{Away, Fetched, INTERVAL, Kept, Source};

/// Where an issuer's keys are.
#[derive(Debug)]
pub(super) struct Jwks {
    pub(super) issuer: String,
    pub(super) at: Address,
    pub(super) http: Http,
}

/// How the keys are found.
#[derive(Debug)]
pub(super) enum Address {
    /// The configuration says where.
    Given(Url),
    /// The discovery document does.
    Discovered(Arc<Kept<Discovery>>),
}

/// Why a token could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CheckFault {
    /// It was good and is no longer.
    Expired,
    /// It is not good.
    Invalid,
    /// It names a key that is not known, and the keys were fetched a moment ago.
    UnknownKey,
    /// There are no keys to check it with.
    Away(Away),
}

#[async_trait]
impl Source for Jwks {
    type Value = ExternalKeys;

    fn name(&self) -> &'static str {
        "the key set"
    }

    fn issuer(&self) -> &str {
        &self.issuer
    }

    async fn fetch(&self, now: OffsetDateTime) -> Result<Fetched<ExternalKeys>, FetchFault> {
        let url = match &self.at {
            Address::Given(url) => url.clone(),
            Address::Discovered(document) => {
                document.value(now).await.map_err(|_| FetchFault::NoDiscovery)?.jwks.clone()
            }
        };
        let answer = fetch::document(self.http.get(&url)).await?;
        let text = str::from_utf8(&answer.body).map_err(|_| FetchFault::Malformed("a key set"))?;
        let keys = ExternalKeys::parse(text).map_err(|_| FetchFault::Malformed("a key set"))?;
        Ok(Fetched { value: keys, lifetime: answer.lifetime })
    }
}

/// Checks a token with the keys, and once more with newer ones when it names a key that is not among them.
pub(super) async fn check<T>(
    keys: &Arc<Kept<Jwks>>,
    now: OffsetDateTime,
    verify: impl Fn(&ExternalKeys) -> Result<T, ExternalRefusal>,
) -> Result<T, CheckFault> {
    let known = keys.value(now).await.map_err(CheckFault::Away)?;
    match verify(&known) {
        Err(ExternalRefusal::UnknownKey(_)) => match keys.newer_than(&known, now).await {
            Some(newer) => verify(&newer).map_err(|refusal| fault(&refusal)),
            None => Err(CheckFault::UnknownKey),
        },
        verified => verified.map_err(|refusal| fault(&refusal)),
    }
}

impl CheckFault {
    /// When the same token may fare better.
    pub(super) fn retry_after(self) -> Option<std::time::Duration> {
        match self {
            Self::Away(away) => Some(away.retry_after),
            Self::UnknownKey => Some(INTERVAL),
            Self::Expired | Self::Invalid => None,
        }
    }
}

fn fault(refusal: &ExternalRefusal) -> CheckFault {
    match refusal {
        ExternalRefusal::Expired => CheckFault::Expired,
        ExternalRefusal::Invalid => CheckFault::Invalid,
        ExternalRefusal::UnknownKey(_) => CheckFault::UnknownKey,
    }
}
