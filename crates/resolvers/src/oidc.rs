//! Sign-in with an OpenID Connect provider, as the use cases see it. They do no HTTP: the gateway is the client.

use async_trait::async_trait;
use tidegate_auth::link::OidcSecrets;
use time::OffsetDateTime;

/// Who signed in, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcIdentity {
    /// The provider's own name (`iss`).
    pub issuer: String,
    /// The customer's name there, which never changes (`sub`). Only the pair of both names somebody.
    pub subject: String,
    /// The e-mail address, if the provider tells it.
    pub email: Option<String>,
    /// Whether the provider has made sure that it is theirs. An address that is not verified proves nothing.
    pub email_verified: bool,
    /// The given name, if told.
    pub given_name: Option<String>,
    /// The family name, if told.
    pub family_name: Option<String>,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OidcFault {
    /// No provider of this name is configured.
    #[error("there is no such provider")]
    UnknownProvider,
    /// The address is not, character by character, on the provider's list.
    #[error("the redirect address is not on the provider's list")]
    RedirectNotAllowed,
    /// The provider does not answer, or not as it should. The customer may begin again.
    #[error("the provider does not answer")]
    Unavailable {
        /// In how many milliseconds it is worth a try.
        retry_after_ms: u64,
    },
    /// The code or what it was exchanged for is not good.
    #[error("the provider's answer was refused")]
    Refused,
}

/// What a front end brings back from a provider, and what the gateway knows about the sign-in it began.
#[derive(Clone, Copy)]
pub struct OidcExchange<'a> {
    /// The provider's name in the configuration.
    pub provider: &'a str,
    /// The code that the provider gave the front end.
    pub code: &'a str,
    /// The `iss` that came along with it (RFC 9207), if the front end passed it on.
    pub iss: Option<&'a str>,
    /// The address that the sign-in was begun with.
    pub redirect_uri: &'a str,
    /// The PKCE verifier (RFC 7636).
    pub verifier: &'a str,
    /// The nonce that the ID token must carry.
    pub nonce: &'a str,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// The configured providers.
#[async_trait]
pub trait OidcClient: std::fmt::Debug + Send + Sync {
    /// The address to send the customer to.
    async fn authorize_url(
        &self,
        provider: &str,
        redirect_uri: &str,
        secrets: &OidcSecrets,
        now: OffsetDateTime,
    ) -> Result<String, OidcFault>;

    /// Exchanges a code for who signed in: two or three calls to the provider, so never inside a transaction.
    async fn exchange(&self, exchange: OidcExchange<'_>) -> Result<OidcIdentity, OidcFault>;
}
