//! What every request gets: an id, headers that hold for every answer, and one log line.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use tidegate_document::Kind;
use uuid::Uuid;

use super::refused::{FirstCode, Refused, code};
use crate::app::App;
use crate::keys::ApiKey;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The request's id: ours alone, a client's is not taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

/// The registered client application that a request came from, by its API key.
#[derive(Debug, Clone)]
pub(crate) struct Application(pub(crate) Arc<ApiKey>);

/// What an executed operation tells the log.
#[derive(Debug, Clone)]
pub(crate) struct Executed {
    pub(crate) operation: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) viewer: &'static str,
    /// The code of the first error.
    pub(crate) code: Option<String>,
    pub(crate) statements: u32,
}

/// Wraps every route.
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.request_id();
    request.extensions_mut().insert(RequestId(id));
    let line = Line {
        id,
        begun: Instant::now(),
        method: request.method().clone(),
        path: path_for_log(request.uri().path()),
        written: false,
    };
    let mut response = match ambiguous(&request) {
        Some(refused) => refused.into_response(),
        None => AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(request_id = %id, "a handler panicked");
            Refused::internal().into_response()
        }),
    };
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    line.write(&response);
    response
}

/// A request that a proxy may have taken for another one than we do. Two lengths, or a length beside a chunked body,
/// are the connection's business: hyper refuses the one and closes after the other.
fn ambiguous(request: &Request) -> Option<Refused> {
    (request.headers().get_all(header::HOST).iter().count() > 1).then(|| {
        Refused::bad_request(code::BAD_REQUEST, "The header host is given twice.")
            .with(header::CONNECTION, HeaderValue::from_static("close"))
    })
}

/// One log line. Dropped unwritten, the client has hung up.
struct Line {
    id: Uuid,
    begun: Instant,
    method: Method,
    path: &'static str,
    written: bool,
}

impl Line {
    fn write(mut self, response: &Response) {
        self.written = true;
        let executed = response.extensions().get::<Executed>();
        let code = executed.and_then(|executed| executed.code.as_deref());
        let code = code.or_else(|| response.extensions().get::<FirstCode>().map(|code| code.0));
        tracing::info!(
            request_id = %self.id,
            method = method_for_log(&self.method),
            path = self.path,
            operation = executed.and_then(|executed| executed.operation.as_deref()).and_then(name_for_log),
            kind = executed.map(|executed| kind_for_log(executed.kind)),
            status = response.status().as_u16(),
            code,
            ms = milliseconds(self.begun),
            statements = executed.map(|executed| executed.statements),
            bytes = response.body().size_hint().exact(),
            viewer = executed.map(|executed| executed.viewer),
            client = response.extensions().get::<Application>().map(|application| application.0.name.as_str()),
            "request"
        );
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.written {
            tracing::info!(
                request_id = %self.id,
                method = method_for_log(&self.method),
                path = self.path,
                status = 499,
                code = "CLIENT_GONE",
                ms = milliseconds(self.begun),
                "request"
            );
        }
    }
}

fn milliseconds(begun: Instant) -> f64 {
    (begun.elapsed().as_secs_f64() * 100_000.0).round() / 100.0
}

/// A client's own method is not written into our log.
fn method_for_log(method: &Method) -> &str {
    if [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS].contains(method) { method.as_str() } else { "other" }
}

/// A path is named by its route, so that a log line holds nothing of a client's making.
fn path_for_log(path: &str) -> &'static str {
    match path {
        "/" => "/",
        "/graphql" => "/graphql",
        "/livez" => "/livez",
        "/readyz" => "/readyz",
        "/schema.graphql" => "/schema.graphql",
        "/.well-known/jwks.json" => "/.well-known/jwks.json",
        _ if path.starts_with("/media/") => "/media",
        _ => "other",
    }
}

/// An operation's name, when it is short and plain.
fn name_for_log(name: &str) -> Option<&str> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    ((1..=64).contains(&name.len()) && plain).then_some(name)
}

fn kind_for_log(kind: Kind) -> &'static str {
    match kind {
        Kind::Query => "query",
        Kind::Mutation => "mutation",
        Kind::Subscription => "subscription",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    #[test]
    fn names_of_operations_are_logged_only_when_plain() {
        assert_eq!(name_for_log("ProductPage_2"), Some("ProductPage_2"));
        assert_eq!(name_for_log(""), None);
        assert_eq!(name_for_log("a b"), None);
        assert_eq!(name_for_log(&"a".repeat(65)), None);
    }

    #[test]
    fn a_request_for_two_hosts_is_refused() {
        let mut request = Request::new(axum::body::Body::empty());
        request.headers_mut().append(header::HOST, HeaderValue::from_static("a"));
        assert!(ambiguous(&request).is_none());

        request.headers_mut().append(header::HOST, HeaderValue::from_static("b"));
        assert_eq!(ambiguous(&request).map(|refused| refused.status), Some(StatusCode::BAD_REQUEST));
    }
}
