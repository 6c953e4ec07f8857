//! What every request gets: an id, headers that hold for every answer, and one log line.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use tidegate_document::Kind;
use uuid::Uuid;

use super::access_log::{Answered, Line};
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
        app,
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
    if let Ok(value) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let executed = response.extensions().get::<Executed>();
    let code = executed.and_then(|executed| executed.code.as_deref());
    line.write(&Answered {
        status: response.status().as_u16(),
        code: code.or_else(|| response.extensions().get::<FirstCode>().map(|code| code.0)),
        executed,
        bytes: response.body().size_hint().exact(),
        client: response.extensions().get::<Application>().map(|application| application.0.name.as_str()),
    });
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    #[test]
    fn a_request_for_two_hosts_is_refused() {
        let mut request = Request::new(axum::body::Body::empty());
        request.headers_mut().append(header::HOST, HeaderValue::from_static("a"));
        assert!(ambiguous(&request).is_none());

        request.headers_mut().append(header::HOST, HeaderValue::from_static("b"));
        assert_eq!(ambiguous(&request).map(|refused| refused.status), Some(StatusCode::BAD_REQUEST));
    }
}
