//! Cross-origin calls of browsers to `/graphql`: which origins, and with what.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;

/// What a front end may send along.
pub(super) const ALLOWED_HEADERS: &str =
    "content-type, authorization, idempotency-key, x-cart-secret, x-client-name, x-client-version";

/// Lets the front ends call that may send cookies.
pub(crate) async fn with_cookies(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN);
    let origin = origin.filter(|origin| app.settings().session_origins.contain(origin.as_bytes())).cloned();
    answer(request, next, origin, Credentials::Included).await
}

/// Whether a browser may add its cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credentials {
    /// It may.
    Included,
    /// It may not.
    Omitted,
}

/// Answers a preflight of an allowed origin, and lets it read the answers of the others. The origin is repeated as it
/// came, never a `*`; another origin is told nothing.
pub(super) async fn answer(
    request: Request,
    next: Next,
    allowed: Option<HeaderValue>,
    credentials: Credentials,
) -> Response {
    let preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match &allowed {
        Some(_) if preflight => StatusCode::NO_CONTENT.into_response(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = allowed {
        allow(headers, origin, preflight, credentials);
    }
    response
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue, preflight: bool, credentials: Credentials) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if credentials == Credentials::Included {
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    } else {
        let exposed = HeaderValue::from_static("x-request-id, retry-after");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}
