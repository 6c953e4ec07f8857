//! An issuer on this machine for tests, well-behaved or not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tidegate_auth::external::ExternalAlgorithm;
use time::OffsetDateTime;
use time::macros::datetime;

use super::Issuers;
use crate::config::{Mode, OidcProvider, Secret, Settings, TrustedIssuer};

pub(super) const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);
pub(super) const AUDIENCE: &str = "tidegate";
pub(super) const REDIRECT: &str = "http://localhost:3000/callback";

/// How an issuer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Good,
    /// 503.
    Away,
    /// Never.
    Silent,
    /// Elsewhere, where a good answer would be.
    Redirect,
    /// A good answer and much more, with its length told.
    Large,
    /// The same without its length.
    LargeChunks,
    /// 200 and a page of HTML.
    Garbage,
    /// No keys.
    NoKeys,
}

#[derive(Debug)]
struct Inner {
    manner: Manner,
    /// Seeds of the published keys; the first one signs.
    seeds: Vec<u8>,
    cache_control: &'static str,
    /// Paths in the order of calls, with the form or the `Authorization` header of each.
    calls: Vec<(String, String)>,
    /// What a token call answers with.
    tokens: (StatusCode, Value),
    user_info: Value,
    secret_in_form: bool,
    /// Callers who gave up.
    left: usize,
}

/// Notes that a caller gave up: the server drops the answer that it was to get.
struct Left(FakeIssuer);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.with(|inner| inner.left += 1);
    }
}

/// A running issuer; it ends with the test's runtime.
#[derive(Debug, Clone)]
pub(super) struct FakeIssuer {
    pub(super) issuer: String,
    inner: Arc<Mutex<Inner>>,
}

impl FakeIssuer {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inner = Inner {
            manner: Manner::Good,
            seeds: vec![1],
            cache_control: "max-age=3600",
            calls: Vec::new(),
            tokens: (StatusCode::OK, Value::Null),
            user_info: Value::Null,
            secret_in_form: false,
            left: 0,
        };
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { issuer, inner: Arc::new(Mutex::new(inner)) };
        let app = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        fake
    }

    fn with<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.inner.lock().unwrap())
    }

    pub(super) fn behave(&self, manner: Manner) {
        self.with(|inner| inner.manner = manner);
    }

    /// Waits until a caller gives up.
    pub(super) async fn given_up(&self) {
        while self.with(|inner| inner.left) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Publishes these keys; the first one signs.
    pub(super) fn publish(&self, seeds: &[u8]) {
        self.with(|inner| inner.seeds = seeds.to_vec());
    }

    pub(super) fn cache_control(&self, text: &'static str) {
        self.with(|inner| inner.cache_control = text);
    }

    pub(super) fn answer_codes(&self, status: u16, body: Value) {
        self.with(|inner| inner.tokens = (StatusCode::from_u16(status).unwrap(), body));
    }

    pub(super) fn tell_user(&self, claims: Value) {
        self.with(|inner| inner.user_info = claims);
    }

    pub(super) fn take_secrets_in_forms(&self) {
        self.with(|inner| inner.secret_in_form = true);
    }

    /// How often a path was asked for.
    pub(super) fn calls(&self, path: &str) -> usize {
        self.with(|inner| inner.calls.iter().filter(|(called, _)| called == path).count())
    }

    /// What the last call of a path brought along.
    pub(super) fn brought(&self, path: &str) -> String {
        self.with(|inner| inner.calls.iter().rfind(|(called, _)| called == path).unwrap().1.clone())
    }

    /// The gateway's side: this issuer as a trusted one, and as the providers `shop` (confidential) and `app` (public).
    pub(super) fn issuers(&self) -> Issuers {
        let provider = OidcProvider {
            name: "app".to_owned(),
            issuer: self.issuer.clone(),
            client_id: "app".to_owned(),
            client_secret: None,
            scopes: vec!["openid".to_owned(), "email".to_owned()],
            redirect_uris: vec![REDIRECT.to_owned()],
            algorithms: vec![ExternalAlgorithm::EdDsa],
        };
        let secret = Some(Secret::new("a%b:c d"));
        let shop =
            OidcProvider { name: "shop".into(), client_id: "shop:1".into(), client_secret: secret, ..provider.clone() };
        let trusted = TrustedIssuer {
            issuer: self.issuer.clone(),
            audience: AUDIENCE.to_owned(),
            algorithms: vec![ExternalAlgorithm::EdDsa],
            jwks_url: None,
            requires_type: true,
        };
        let settings =
            Settings { oidc: vec![provider, shop], issuers: vec![trusted], ..Settings::defaults(Mode::Serve) };
        Issuers::new(&settings).unwrap()
    }

    /// An access token signed with a key, published or not.
    pub(super) fn access_token(&self, seed: u8) -> String {
        let now = NOW.unix_timestamp();
        let claims = json!({ "iss": self.issuer, "aud": AUDIENCE, "sub": "ada", "iat": now, "exp": now + 7_200 });
        sign(seed, &json!({ "alg": "EdDSA", "kid": kid(seed), "typ": "at+jwt" }), &claims)
    }
}

pub(super) fn kid(seed: u8) -> String {
    format!("key-{seed}")
}

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

/// The public half of a key.
pub(super) fn public(seed: u8) -> Vec<u8> {
    pair(seed).public_key().as_ref().to_vec()
}

/// A token with any header and claims.
pub(super) fn sign(seed: u8, header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    format!("{message}.{}", BASE64URL_NOPAD.encode(pair(seed).sign(message.as_bytes()).as_ref()))
}

/// A token without its signature.
pub(super) fn message(header: &Value, claims: &Value) -> String {
    let part = |part: &Value| BASE64URL_NOPAD.encode(part.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

async fn answer(State(fake): State<FakeIssuer>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let authorization = request.headers().get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(request.into_body(), 10_000).await.unwrap();
    let brought = [authorization.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap()].join(" ");
    let manner = fake.with(|inner| {
        inner.calls.push((path.clone(), brought.trim().to_owned()));
        inner.manner
    });
    let good = good(&fake, &path);
    match manner {
        Manner::Away => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Manner::Silent => {
            let _left = Left(fake.clone());
            std::future::pending().await
        }
        Manner::Redirect if !path.starts_with("/elsewhere") => {
            (StatusCode::FOUND, [(header::LOCATION, format!("/elsewhere{path}"))]).into_response()
        }
        Manner::Large => padded(good, false).await,
        Manner::LargeChunks => padded(good, true).await,
        Manner::Garbage => "<html>".into_response(),
        Manner::NoKeys if path == "/jwks" => r#"{"keys":[]}"#.into_response(),
        Manner::Good | Manner::Redirect | Manner::NoKeys => good,
    }
}

/// The same JSON with 300 KiB of blanks behind it, which any parser would skip.
async fn padded(good: Response, in_chunks: bool) -> Response {
    let mut body = axum::body::to_bytes(good.into_body(), 10_000).await.unwrap().to_vec();
    body.resize(300 * 1024, b' ');
    if !in_chunks {
        return body.into_response();
    }
    let chunks: Vec<Result<Bytes, std::io::Error>> =
        body.chunks(10_000).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    axum::body::Body::from_stream(futures_util::stream::iter(chunks)).into_response()
}

fn good(fake: &FakeIssuer, path: &str) -> Response {
    let issuer = &fake.issuer;
    let body = fake.with(|inner| match path.trim_start_matches("/elsewhere") {
        "/.well-known/openid-configuration" => {
            let method = if inner.secret_in_form { "client_secret_post" } else { "client_secret_basic" };
            json!({
                "issuer": issuer,
                "jwks_uri": format!("{issuer}/jwks"),
                "authorization_endpoint": format!("{issuer}/auth?tenant=1"),
                "token_endpoint": format!("{issuer}/token"),
                "userinfo_endpoint": format!("{issuer}/me"),
                "token_endpoint_auth_methods_supported": [method],
            })
        }
        "/jwks" => {
            let keys = inner.seeds.iter().map(|seed| {
                let x = BASE64URL_NOPAD.encode(&public(*seed));
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid(*seed), "alg": "EdDSA", "use": "sig", "x": x })
            });
            json!({ "keys": keys.collect::<Vec<_>>() })
        }
        "/me" => inner.user_info.clone(),
        _ => Value::Null,
    });
    if path == "/token" {
        let (status, body) = fake.with(|inner| inner.tokens.clone());
        return (status, [(header::RETRY_AFTER, "7")], body.to_string()).into_response();
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, fake.with(|inner| inner.cache_control).parse().unwrap());
    (headers, body.to_string()).into_response()
}
