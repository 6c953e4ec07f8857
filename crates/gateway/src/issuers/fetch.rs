//! Calls to identity providers: bounded in time and size, never redirected, nothing remembered between them.

use std::time::Duration;

use reqwest::header::{ACCEPT, CACHE_CONTROL, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode, redirect};
use url::Url;

use super::lifetime;
use crate::problem::Problem;

/// For a whole call, from the name look-up to the last byte.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of an answer at most; providers' key sets have some thousand.
const MAX_BYTES: usize = 256 * 1024;

/// The way out. Clones share their connections.
#[derive(Debug, Clone)]
pub(super) struct Http(reqwest::Client);

/// A whole answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// How long it may be kept.
    pub(super) lifetime: Duration,
    /// When to ask again, if it says so in seconds.
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Vec<u8>,
}

/// Why a provider told nothing of use. For the log: a client does not see it.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchFault {
    #[error("no whole answer within 5 s")]
    Slow,
    #[error("no connection, or it broke")]
    Unreachable,
    #[error("a redirect, which is not followed")]
    Redirect,
    #[error("status {0}")]
    Status(StatusCode),
    #[error("an answer of more than 256 KiB")]
    TooLarge,
    #[error("what came is not {0}")]
    Malformed(&'static str),
    #[error("the discovery document is not there")]
    NoDiscovery,
}

impl Http {
    /// Reads the system's certificates.
    pub(super) fn new() -> Result<Self, Problem> {
        // A redirect could lead anywhere, and a proxy of the environment is nothing that the configuration shows.
        reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("tidegate/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Self)
            .map_err(|_| {
                Problem::configuration("encrypted connections to identity providers cannot be made")
                    .hint("install the system's CA certificates (on Debian: ca-certificates)")
            })
    }

    pub(super) fn get(&self, url: &Url) -> RequestBuilder {
        self.0.get(url.as_str())
    }

    pub(super) fn post(&self, url: &Url) -> RequestBuilder {
        self.0.post(url.as_str())
    }
}

/// Sends a request and reads the answer, whatever its status.
pub(super) async fn answer(request: RequestBuilder) -> Result<Answer, FetchFault> {
    let mut response = request.header(ACCEPT, "application/json").send().await.map_err(|error| fault(&error))?;
    let status = response.status();
    if status.is_redirection() {
        return Err(FetchFault::Redirect);
    }
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let lifetime = lifetime::of(header(CACHE_CONTROL));
    let retry_after = header(RETRY_AFTER).and_then(|text| text.parse().ok()).map(Duration::from_secs);
    if response.content_length().is_some_and(|length| length > MAX_BYTES as u64) {
        return Err(FetchFault::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(FetchFault::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, lifetime, retry_after, body })
}

/// Reads a document that must be there.
pub(super) async fn document(request: RequestBuilder) -> Result<Answer, FetchFault> {
    let answer = answer(request).await?;
    if answer.status == StatusCode::OK { Ok(answer) } else { Err(FetchFault::Status(answer.status)) }
}

/// Without the address: it may hold what is secret, and the log names the issuer.
fn fault(error: &reqwest::Error) -> FetchFault {
    if error.is_timeout() { FetchFault::Slow } else { FetchFault::Unreachable }
}
