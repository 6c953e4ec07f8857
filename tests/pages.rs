//! What `dev` serves to this machine alone, and `serve` to nobody.

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use tidegate_gateway::config::Mode;
use tidegate_testkit::{Answer, Client, Database, Shop};

use crate::attacks::refusal;

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

fn post() -> Builder {
    Request::post("/graphql").header("host", "localhost").header("content-type", "application/json")
}

async fn get(client: &Client, path: &str) -> Answer {
    client.request(Request::get(path).header("host", "localhost"), Body::empty()).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn dev() -> Shop {
    Shop::over(Database::new().await, Mode::Dev, |_| {}).await
}

#[tokio::test]
async fn serve_has_no_page_of_dev() {
    let shop = Shop::empty(|_| {}).await;
    for path in [
        "/",
        "/index.html",
        "/static/app.js",
        "/schema.graphql",
        "/mail",
        "/mail/1",
        "/playground",
        "/graphiql",
        "/login",
        "/_dev",
        "/debug",
        "/metrics",
        "/graphql/",
        "//graphql",
        "/GraphQL",
        "/graphql/..;/admin",
        "/graphql/../admin",
        "/%2e%2e/etc/passwd",
        "/graphql%2f",
        "/graphql%00",
        "/graphql;a=b",
        "/admin",
        "/media/",
        "/media/product/x",
        "/.well-known/",
        "/.well-known/openid-configuration",
        "/.env",
        "/.git/config",
    ] {
        for method in ["GET", "POST"] {
            let request = Request::builder().method(method).uri(path).header("host", "shop.example");
            let answer = shop.client().request(request, Body::empty()).await;
            assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (404, "NOT_FOUND"), "{method} {path}");
            assert!(!answer.headers.contains_key("access-control-allow-origin"));
        }
    }
    // Nor does it let other origins in; that is a matter of the edge.
    let preflight = Request::options("/graphql")
        .header("host", "localhost")
        .header("origin", "http://localhost:3000")
        .header("access-control-request-method", "POST");
    let answer = shop.client().request(preflight, Body::empty()).await;
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{:?}", answer.headers);
}

#[tokio::test]
async fn dev_answers_local_hosts_only() {
    let shop = dev().await;
    let ask = async |host: &str| {
        let request = Request::post("/graphql").header("host", host).header("content-type", "application/json");
        shop.client().request(request, Body::from(TYPENAME)).await
    };
    for host in ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"] {
        assert_eq!(ask(host).await.status, 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8000",
        "10.0.0.1",
        "localhost@evil.example",
        "internal",
        "",
    ] {
        let answer = ask(host).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (421, "HOST_NOT_ALLOWED"), "{host}");
    }
    for path in ["/", "/schema.graphql", "/livez", "/readyz", "/media/product/prod_1/a.svg"] {
        let answer = shop.client().request(Request::get(path).header("host", "evil.example"), Body::empty()).await;
        assert_eq!(answer.status, 421, "{path}");
    }
    let twice = post().header("host", "127.0.0.1");
    assert_eq!(refusal(&shop.client().request(twice, Body::from(TYPENAME)).await), "BAD_REQUEST");
}

#[tokio::test]
async fn dev_lets_local_front_ends_call_graphql_alone() {
    let shop = dev().await;
    for origin in ["http://localhost:3000", "http://127.0.0.1:5173", "http://localhost"] {
        let answer = shop.client().request(post().header("origin", origin), Body::from(TYPENAME)).await;
        assert_eq!((answer.status.as_u16(), header(&answer, "access-control-allow-origin")), (200, origin));
        assert!(header(&answer, "vary").to_lowercase().contains("origin"));
        let preflight = Request::options("/graphql")
            .header("host", "localhost")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        let allowed = shop.client().request(preflight, Body::empty()).await;
        assert_eq!(
            (
                allowed.status.as_u16(),
                header(&allowed, "access-control-allow-origin"),
                header(&allowed, "access-control-allow-methods")
            ),
            (204, origin, "POST")
        );
        for answer in [answer, allowed] {
            assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        }
        for path in ["/", "/schema.graphql", "/livez", "/readyz", "/.well-known/jwks.json"] {
            let page = shop
                .client()
                .request(Request::get(path).header("host", "localhost").header("origin", origin), Body::empty())
                .await;
            assert!(!page.headers.contains_key("access-control-allow-origin"), "{path}");
        }
    }
    for origin in [
        "null",
        "https://evil.example",
        "http://localhost.evil.example",
        "http://localhost:3000.evil.example",
        "https://localhost:3000",
        "file://",
        "*",
    ] {
        let answer = shop.client().request(post().header("origin", origin), Body::from(TYPENAME)).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
        let preflight = Request::options("/graphql")
            .header("host", "localhost")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        assert_eq!(shop.client().request(preflight, Body::empty()).await.status, 405, "{origin}");
    }
}

#[tokio::test]
async fn dev_has_its_pages() {
    let shop = dev().await;
    let page = get(&shop.client(), "/").await;
    assert_eq!((page.status.as_u16(), header(&page, "x-frame-options")), (200, "DENY"));
    // Nothing leaves the machine: the page names no other, and its policy lets a browser ask this one alone.
    assert!(!page.text.contains("//"), "{}", page.text);
    let (_, policy) = page.text.split_once("\"Content-Security-Policy\" content=\"").unwrap();
    let (policy, _) = policy.split_once('"').unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for directive in policy.split("; ") {
        for source in directive.split(' ').skip(1) {
            assert!(["'none'", "'self'", "'unsafe-inline'", "data:"].contains(&source), "{directive}");
        }
    }
    let schema = get(&shop.client(), "/schema.graphql").await;
    assert_eq!(
        schema.text,
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema.graphql")).unwrap()
    );
    assert_eq!(get(&shop.client(), "/nothing").await.status, 404);
}
