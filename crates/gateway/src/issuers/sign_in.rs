//! The code flow with PKCE (OpenID Connect Core 3.1, RFC 7636, RFC 9207), as the provider's client.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use tidegate_auth::external::{ExpectedIdToken, IdToken, verify_id_token};
use tidegate_auth::link::OidcSecrets;
use tidegate_resolvers::oidc::{OidcExchange, OidcFault, OidcIdentity};
use time::OffsetDateTime;
use url::{Url, form_urlencoded};

use super::discovery::Document;
use super::fetch::{self, Answer, FetchFault};
use super::jwks::{self, CheckFault};
use super::kept::Away;
use super::provider::Provider;
use super::user_info;
use crate::config::Secret;

/// When a provider that failed may be asked again, unless it says more.
const RETRY: Duration = Duration::from_secs(5);
/// Providers' codes have some dozen characters, tokens in place of codes some hundred.
const MAX_CODE: usize = 4096;

/// What a token call answers with.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// What a refused token call answers with (RFC 6749, 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// The address to send the customer to.
pub(super) async fn authorize_url(
    provider: &Provider,
    redirect_uri: &str,
    secrets: &OidcSecrets,
    now: OffsetDateTime,
) -> Result<String, OidcFault> {
    allowed(provider, redirect_uri)?;
    let document = provider.discovery.value(now).await.map_err(away)?;
    let mut url = endpoint(provider, document.authorization.as_ref(), "authorization")?.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &provider.settings.client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("scope", &provider.settings.scopes.join(" "))
        .append_pair("state", &secrets.state)
        .append_pair("nonce", &secrets.nonce)
        .append_pair("code_challenge", &secrets.challenge)
        .append_pair("code_challenge_method", "S256");
    Ok(url.into())
}

/// Exchanges the code and checks the ID token that comes for it.
pub(super) async fn exchange(provider: &Provider, asked: OidcExchange<'_>) -> Result<OidcIdentity, OidcFault> {
    allowed(provider, asked.redirect_uri)?;
    // Another issuer's answer must not be shown to this one (RFC 9207, 2.4).
    if asked.iss.is_some_and(|iss| iss != provider.settings.issuer) || !(1..=MAX_CODE).contains(&asked.code.len()) {
        return Err(OidcFault::Refused);
    }
    let document = provider.discovery.value(asked.now).await.map_err(away)?;
    let url = endpoint(provider, document.token.as_ref(), "token")?;
    let answer = fetch::answer(token_call(provider, &document, url, &asked)).await;
    let tokens = tokens(provider, answer)?;
    let issuer = &provider.settings.issuer;
    let expected = ExpectedIdToken {
        issuer,
        client_id: &provider.settings.client_id,
        nonce: asked.nonce,
        algorithms: &provider.settings.algorithms,
    };
    let verify = |keys: &_| verify_id_token(keys, &tokens.id_token, &expected, asked.now);
    let claims = jwks::check(&provider.keys, asked.now, verify).await.map_err(|fault| {
        tracing::warn!(issuer, ?fault, "an ID token was refused");
        refused(fault)
    })?;
    let identity = identity(issuer, claims);
    match (&identity.email, &document.user_info, &tokens.access_token) {
        // Who asks for an access token is told the rest at another address (OpenID Connect Core, 5.4).
        (None, Some(url), Some(token)) => {
            user_info::complete(identity, provider.http.get(url).bearer_auth(token)).await
        }
        _ => Ok(identity),
    }
}

fn allowed(provider: &Provider, redirect_uri: &str) -> Result<(), OidcFault> {
    let listed = provider.settings.redirect_uris.iter().any(|uri| uri == redirect_uri);
    listed.then_some(()).ok_or(OidcFault::RedirectNotAllowed)
}

fn endpoint<'a>(provider: &Provider, url: Option<&'a Url>, name: &str) -> Result<&'a Url, OidcFault> {
    url.ok_or_else(|| {
        tracing::warn!(issuer = provider.settings.issuer, "the discovery document names no {name} endpoint");
        unavailable(RETRY)
    })
}

fn token_call(provider: &Provider, document: &Document, url: &Url, asked: &OidcExchange<'_>) -> RequestBuilder {
    let settings = &provider.settings;
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", asked.code)
        .append_pair("redirect_uri", asked.redirect_uri)
        .append_pair("code_verifier", asked.verifier);
    let secret = settings.client_secret.as_ref().map(Secret::reveal);
    let call = provider.http.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let call = match secret {
        Some(secret) if !document.secret_in_form => {
            call.basic_auth(encoded(&settings.client_id), Some(encoded(secret)))
        }
        _ => {
            form.append_pair("client_id", &settings.client_id);
            secret.map(|secret| form.append_pair("client_secret", secret));
            call
        }
    };
    call.body(form.finish())
}

/// Names and secrets are encoded before they are joined by a colon (RFC 6749, 2.3.1).
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Reads the answer of a token call. It is never repeated: a code works once.
fn tokens(provider: &Provider, answer: Result<Answer, FetchFault>) -> Result<Tokens, OidcFault> {
    let issuer = &provider.settings.issuer;
    let answer = answer.map_err(|fault| {
        tracing::warn!(issuer, %fault, "a code could not be exchanged");
        unavailable(RETRY)
    })?;
    if answer.status == StatusCode::OK {
        return serde_json::from_slice(&answer.body).map_err(|_| {
            tracing::warn!(issuer, "what came for a code holds no ID token");
            OidcFault::Refused
        });
    }
    let status = answer.status.as_u16();
    let refusal: Option<Refusal> = serde_json::from_slice(&answer.body).ok();
    match refusal.as_ref().map(|refusal| refusal.error.as_str()) {
        Some("invalid_grant") => Err(OidcFault::Refused),
        // Nothing that a customer could mend: the configuration here and there disagree, or the provider is ill.
        error => {
            let error = error.unwrap_or_default().get(..40).or(error).unwrap_or_default();
            tracing::warn!(issuer, status, error, "a code could not be exchanged");
            Err(unavailable(answer.retry_after.unwrap_or(RETRY)))
        }
    }
}

fn identity(issuer: &str, claims: IdToken) -> OidcIdentity {
    OidcIdentity {
        issuer: issuer.to_owned(),
        subject: claims.subject,
        email: claims.email,
        email_verified: claims.email_verified,
        given_name: claims.given_name,
        family_name: claims.family_name,
    }
}

fn refused(fault: CheckFault) -> OidcFault {
    fault.retry_after().map_or(OidcFault::Refused, unavailable)
}

fn away(away: Away) -> OidcFault {
    unavailable(away.retry_after)
}

/// The provider could not be asked.
pub(super) fn unavailable(retry_after: Duration) -> OidcFault {
    OidcFault::Unavailable { retry_after_ms: u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX) }
}
