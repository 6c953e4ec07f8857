//! A shop of two gateways over one database, and clients that never ask the same one twice in a row.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tidegate_gateway::app::{self, App};
use tidegate_gateway::config::{Mode, Secret, Settings};
use tidegate_gateway::mail::{self, ShownMail};
use tidegate_gateway::server::Peer;
use tidegate_store::catalog::import::ImportOptions;
use tower::ServiceExt as _;

use crate::replica::KEY_ENCRYPTION_KEY;
use crate::{CATALOGUE, Database, TestClock, import};

/// Two gateways over one database.
pub struct Shop {
    /// The database.
    pub database: Database,
    /// The time of both gateways.
    pub clock: Arc<TestClock>,
    gateways: [App; 2],
    turn: Arc<AtomicUsize>,
}

impl Shop {
    /// A shop with the small catalogue.
    pub async fn open() -> Self {
        let shop = Self::empty(|_| {}).await;
        import(&shop.database.url, CATALOGUE, ImportOptions::default()).await;
        shop
    }

    /// A shop without a catalogue; `change` makes its settings differ from the defaults.
    pub async fn empty(change: impl Fn(&mut Settings)) -> Self {
        Self::over(Database::new().await, Mode::Serve, change).await
    }

    /// The same shop as `dev` runs it, whose answers tell how many statements they cost.
    pub async fn telling(database: Database, look_ahead: bool) -> Self {
        Self::over(database, Mode::Dev, |settings| settings.look_ahead = look_ahead).await
    }

    /// A shop over a database that is there already.
    pub async fn over(database: Database, mode: Mode, change: impl Fn(&mut Settings)) -> Self {
        let clock = Arc::new(TestClock::default());
        Self::of(database, mode, change, [clock.clone(), clock]).await
    }

    /// A shop without a catalogue whose second gateway's clock is ahead of the first one's, which is the shop's.
    pub async fn with_clocks_apart(by: time::Duration) -> Self {
        let clocks = [Arc::new(TestClock::default()), Arc::new(TestClock::default())];
        clocks[1].advance(by);
        Self::of(Database::new().await, Mode::Serve, |_| {}, clocks).await
    }

    async fn of(database: Database, mode: Mode, change: impl Fn(&mut Settings), clocks: [Arc<TestClock>; 2]) -> Self {
        let [clock, other] = clocks;
        let mut settings = Settings::defaults(mode);
        settings.database_url = Some(Secret::new(&database.url));
        settings.key_encryption_key = Some(Secret::new(KEY_ENCRYPTION_KEY));
        settings.public_url = Some("http://shop.test".to_owned());
        // Fifty buyers of one row wait for one another, and on a busy machine for longer than a shop would let them.
        settings.database_wait = std::time::Duration::from_secs(10);
        change(&mut settings);
        // One after the other: the first makes the shop's first key, the second finds it.
        let first = app::build(mode, settings.clone(), clock.clone()).await.expect("the first gateway starts");
        let second = app::build(mode, settings, other).await.expect("the second gateway starts");
        Self { database, clock, gateways: [first, second], turn: Arc::default() }
    }

    /// A client without a session.
    #[must_use]
    pub fn client(&self) -> Client {
        Client { gateways: self.gateways.clone(), turn: Arc::clone(&self.turn), headers: Vec::new(), peer: None }
    }

    /// A client without a session, whose requests all go to the first (0) or the second gateway (1).
    #[must_use]
    pub fn client_of(&self, gateway: usize) -> Client {
        let only = &self.gateways[gateway];
        Client { gateways: [only.clone(), only.clone()], ..self.client() }
    }

    /// A client with a guest session, started by the shop.
    pub async fn guest(&self) -> Client {
        let mut client = self.client();
        let answer = client.send("mutation { sessionStart { tokens { accessToken } } }", json!({})).await;
        client.sign_in(answer.at("/data/sessionStart/tokens/accessToken"));
        client
    }

    /// The mails to an address, newest first, as they would be sent now.
    pub async fn mails(&self, to: &str) -> Vec<ShownMail> {
        mail::newest(&self.gateways[0], Some(to), 100).await.expect("the outbox can be read")
    }

    /// The gateways, for tests that look inside.
    #[must_use]
    pub fn gateways(&self) -> &[App; 2] {
        &self.gateways
    }
}

/// Sends requests, each to the other gateway.
#[derive(Clone)]
pub struct Client {
    gateways: [App; 2],
    turn: Arc<AtomicUsize>,
    headers: Vec<(String, String)>,
    peer: Option<Peer>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: axum::http::HeaderMap,
    /// The body; `Null` when it is not JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

impl Client {
    /// Uses an access token from now on.
    pub fn sign_in(&mut self, access_token: &str) {
        self.set("authorization", &format!("Bearer {access_token}"));
    }

    /// The access token that it uses.
    #[must_use]
    pub fn access_token(&self) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(name, _)| name == "authorization")?;
        value.strip_prefix("Bearer ").map(str::to_owned)
    }

    /// Sends the same headers as another client, who is then the same shopper.
    pub fn sign_in_as(&mut self, other: &Self) {
        self.headers.clone_from(&other.headers);
    }

    /// Has its connections come from an address from now on.
    pub fn connect_from(&mut self, address: &str) {
        self.peer = Some(Peer(address.parse().expect("an address")));
    }

    /// Sends a header from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(have, _)| have != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// Sends a document.
    pub async fn send(&self, query: &str, variables: Value) -> Answer {
        self.post(&json!({ "query": query, "variables": variables }).to_string()).await
    }

    /// Sends a body as it is.
    pub async fn post(&self, body: &str) -> Answer {
        let request = Request::post("/graphql").header("host", "localhost").header("content-type", "application/json");
        self.request(request, Body::from(body.to_owned())).await
    }

    /// Sends any request, with the client's headers.
    pub async fn request(&self, mut request: axum::http::request::Builder, body: Body) -> Answer {
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(peer) = self.peer {
            request = request.extension(peer);
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let gateway = self.gateways[turn % self.gateways.len()].clone();
        let response = app::router(gateway).oneshot(request.body(body).expect("a sound request")).await;
        let (head, body) = response.expect("the router answers").into_parts();
        let bytes = body.collect().await.expect("the body ends").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: head.status, headers: head.headers, body, text }
    }
}

impl Answer {
    /// The data, asserting that there are no errors at the top level.
    pub fn data(&self) -> &Value {
        assert!(self.body.get("errors").is_none(), "{}", self.text);
        &self.body["data"]
    }

    /// A text in the body, by JSON pointer.
    #[must_use]
    pub fn at(&self, pointer: &str) -> &str {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("no text at {pointer} in {}", self.text))
    }

    /// Any value in the body, by JSON pointer.
    #[must_use]
    pub fn value(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The code of the first error at the top level.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body.pointer("/errors/0/extensions/code").and_then(Value::as_str).unwrap_or_default()
    }
}

/// A different key for every number: what a client makes per action of its buyer.
#[must_use]
pub fn uuid(number: u128) -> String {
    uuid::Uuid::from_u128(0x0198_c7a0_1b2c_7d3e_8f40_0000_0000_0000 + number).to_string()
}
