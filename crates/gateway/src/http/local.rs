//! What `dev` lets in: requests for local hosts, and front ends on local ports.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::cors::{self, Credentials};
use super::refused::{Refused, code};

/// Refuses requests for any host that is not this machine: a page of another site can point its own name at
/// 127.0.0.1 and would then be of the same origin (DNS rebinding).
pub(crate) async fn local_host(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let in_line = request.uri().authority().map(Authority::as_str);
    if host.is_some_and(is_local_host) && in_line.is_none_or(is_local_host) {
        return next.run(request).await;
    }
    let message = "tidegate dev answers localhost and 127.0.0.1 only.";
    Refused::new(StatusCode::MISDIRECTED_REQUEST, code::HOST_NOT_ALLOWED, message).into_response()
}

/// Lets front ends on local ports call, without credentials of the browser.
pub(crate) async fn cross_origin(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).filter(|origin| is_local_origin(origin)).cloned();
    cors::answer(request, next, origin, Credentials::Omitted).await
}

fn is_local_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix("[::1]") {
        Some("") => ("[::1]", None),
        Some(rest) => ("[::1]", Some(rest.strip_prefix(':').unwrap_or("?"))),
        None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
    };
    let known = name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]";
    known && port.is_none_or(is_port)
}

fn is_local_origin(origin: &HeaderValue) -> bool {
    let host = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
    let Some(host) = host else { return false };
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    (name == "localhost" || name == "127.0.0.1") && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::cors::ALLOWED_HEADERS;
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::Method;
    use axum::routing::any;
    use tower::ServiceExt as _;

    #[test]
    fn only_local_hosts_are_answered() {
        for fine in ["localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:80"]
        {
            assert!(is_local_host(fine), "{fine}");
        }
        for other in [
            "",
            "evil.example",
            "localhost.evil.example",
            "localhost:8000.evil.example",
            "evil.example:8000",
            "127.0.0.1.evil.example",
            "127.0.0.2",
            "0.0.0.0",
            "[::1]x",
            "[::1].evil.example",
            "localhost:",
            "localhost:99999",
            "localhost:+80",
            "user@localhost",
            "192.168.0.1:8000",
        ] {
            assert!(!is_local_host(other), "{other}");
        }
    }

    #[test]
    fn only_local_origins_may_call() {
        let local = |origin: &str| is_local_origin(&origin.parse().unwrap());
        for fine in ["http://localhost", "http://localhost:5173", "http://127.0.0.1:3000"] {
            assert!(local(fine), "{fine}");
        }
        for other in [
            "null",
            "https://localhost:3000",
            "http://localhost.evil.io",
            "http://evil.io",
            "http://localhost:3000/x",
            "",
        ] {
            assert!(!local(other), "{other}");
        }
    }

    async fn send(method: Method, headers: &[(&str, &str)]) -> Response {
        let routes = Router::new()
            .route("/graphql", any(|| async { "called" }).layer(axum::middleware::from_fn(cross_origin)))
            .route("/", any(|| async { "page" }))
            .layer(axum::middleware::from_fn(local_host));
        let mut request = Request::builder().method(method).uri("/graphql");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_preflight_is_answered_without_credentials() {
        let headers = [
            ("host", "localhost:8000"),
            ("origin", "http://localhost:5173"),
            ("access-control-request-method", "POST"),
        ];
        let answer = send(Method::OPTIONS, &headers).await;

        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        assert_eq!(answer.headers()["access-control-allow-origin"], "http://localhost:5173");
        assert_eq!(answer.headers()["access-control-allow-methods"], "POST");
        assert_eq!(answer.headers()["access-control-allow-headers"], ALLOWED_HEADERS);
        assert!(!answer.headers().contains_key("access-control-allow-credentials"));
    }

    #[tokio::test]
    async fn a_foreign_origin_gets_no_permission_and_a_foreign_host_no_answer() {
        let foreign = send(Method::POST, &[("host", "localhost"), ("origin", "http://evil.example")]).await;
        assert!(!foreign.headers().contains_key("access-control-allow-origin"));

        for headers in [&[("host", "evil.example:8000")][..], &[]] {
            assert_eq!(send(Method::POST, headers).await.status(), StatusCode::MISDIRECTED_REQUEST);
        }
    }
}
