//! Other issuers: access tokens that they made for this shop, and sign-in with OpenID Connect providers.
//!
//! What is kept in memory is public and belongs to the issuers of the configuration, whose number is fixed: discovery
//! documents and keys, for as long as their headers say within bounds. Nothing is kept by client.

mod discovery;
mod fetch;
mod jwks;
mod kept;
mod lifetime;
mod provider;
mod sign_in;
mod trusted;
mod user_info;

#[cfg(test)]
mod fake_issuer;
#[cfg(test)]
mod keeping_tests;
#[cfg(test)]
mod sign_in_tests;
#[cfg(test)]
mod token_tests;

use std::sync::Arc;

use async_trait::async_trait;
use tidegate_auth::external::peek_issuer;
use tidegate_auth::link::OidcSecrets;
use tidegate_resolvers::oidc::{OidcClient, OidcExchange, OidcFault, OidcIdentity};
use time::OffsetDateTime;

use crate::config::{Settings, TrustedIssuer, web_address};
use crate::problem::Problem;
use discovery::Discovery;
use fetch::Http;
use jwks::{Address, Jwks};
use kept::Kept;
use provider::Provider;
pub use trusted::{IssuerRefusal, Trusted};

/// The issuers of the configuration.
#[derive(Debug)]
pub struct Issuers {
    trusted: Vec<Trusted>,
    providers: Vec<Provider>,
}

impl Issuers {
    /// Calls nobody yet: an issuer that is away does not keep a replica from starting.
    pub fn new(settings: &Settings) -> Result<Self, Problem> {
        if settings.issuers.is_empty() && settings.oidc.is_empty() {
            return Ok(Self { trusted: Vec::new(), providers: Vec::new() });
        }
        let mut sources = Sources { http: Http::new()?, made: Vec::new() };
        let trusted = settings.issuers.iter().map(|issuer| Ok(Trusted::new(issuer, sources.keys(issuer)?)));
        let trusted = trusted.collect::<Result<_, Problem>>()?;
        let providers = settings.oidc.iter().map(|provider| {
            let (discovery, keys) = sources.discovered(&provider.issuer);
            Provider { settings: provider.clone(), discovery, keys, http: sources.http.clone() }
        });
        Ok(Self { trusted, providers: providers.collect() })
    }

    /// The issuer that a token says it is from, if the configuration trusts it. Nothing about the token is proved by
    /// that: [`Trusted::check`] does.
    #[must_use]
    pub fn of(&self, token: &str) -> Option<&Trusted> {
        if self.trusted.is_empty() {
            return None;
        }
        let issuer = peek_issuer(token)?;
        self.trusted.iter().find(|trusted| trusted.issuer() == issuer)
    }

    fn provider(&self, name: &str) -> Result<&Provider, OidcFault> {
        self.providers.iter().find(|provider| provider.settings.name == name).ok_or(OidcFault::UnknownProvider)
    }
}

#[async_trait]
impl OidcClient for Issuers {
    async fn authorize_url(
        &self,
        provider: &str,
        redirect_uri: &str,
        secrets: &OidcSecrets,
        now: OffsetDateTime,
    ) -> Result<String, OidcFault> {
        sign_in::authorize_url(self.provider(provider)?, redirect_uri, secrets, now).await
    }

    async fn exchange(&self, exchange: OidcExchange<'_>) -> Result<OidcIdentity, OidcFault> {
        sign_in::exchange(self.provider(exchange.provider)?, exchange).await
    }
}

/// What is made once for each issuer, however many entries name it.
struct Sources {
    http: Http,
    made: Vec<Made>,
}

struct Made {
    issuer: String,
    discovery: Arc<Kept<Discovery>>,
    keys: Arc<Kept<Jwks>>,
}

impl Sources {
    fn discovered(&mut self, issuer: &str) -> (Arc<Kept<Discovery>>, Arc<Kept<Jwks>>) {
        if let Some(made) = self.made.iter().find(|made| made.issuer == issuer) {
            return (Arc::clone(&made.discovery), Arc::clone(&made.keys));
        }
        let discovery = Kept::new(Discovery { issuer: issuer.to_owned(), http: self.http.clone() });
        let at = Address::Discovered(Arc::clone(&discovery));
        let keys = Kept::new(Jwks { issuer: issuer.to_owned(), at, http: self.http.clone() });
        let made = Made { issuer: issuer.to_owned(), discovery: Arc::clone(&discovery), keys: Arc::clone(&keys) };
        self.made.push(made);
        (discovery, keys)
    }

    fn keys(&mut self, trusted: &TrustedIssuer) -> Result<Arc<Kept<Jwks>>, Problem> {
        let Some(text) = &trusted.jwks_url else { return Ok(self.discovered(&trusted.issuer).1) };
        let url = web_address::parse(text);
        let url = url.ok_or_else(|| Problem::configuration("issuers.jwks_url is not an address"))?;
        Ok(Kept::new(Jwks { issuer: trusted.issuer.clone(), at: Address::Given(url), http: self.http.clone() }))
    }
}
