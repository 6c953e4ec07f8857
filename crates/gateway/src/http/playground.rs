//! The pages of `dev`, from files inside the binary: nothing leaves the machine.

use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};
use include_dir::{Dir, include_dir};

use super::refused::Refused;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/playground");

/// Answers every path that no route has: `/` is the page, `/static/…` its files.
pub(crate) async fn page(request: Request) -> Response {
    let path = request.uri().path();
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    let Some(file) = FILES.get_file(name) else {
        return Refused::unknown_path().into_response();
    };
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return Refused::method(request.method(), "GET, HEAD").into_response();
    }
    // Names of these files hold a hash of their contents.
    let kept = if path.starts_with("/static/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, content_type(file.path().extension().and_then(|extension| extension.to_str()))),
        (header::CACHE_CONTROL, kept),
        // The page's own policy cannot say this, as it stands in the page.
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, file.contents()).into_response()
}

fn content_type(extension: Option<&str>) -> &'static str {
    match extension {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("ttf") => "font/ttf",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::StatusCode;

    async fn get(path: &str) -> Response {
        page(Request::builder().uri(path).body(Body::empty()).unwrap()).await
    }

    #[tokio::test]
    async fn the_page_is_served_and_nothing_outside_its_folder() {
        let answer = get("/").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        let page = FILES.get_file("index.html").and_then(|file| file.contents_utf8()).unwrap();
        let asset = page.split('"').find(|word| word.starts_with("static/app-")).unwrap();
        assert_eq!(get(&format!("/{asset}")).await.status(), StatusCode::OK);

        for outside in [
            "/nothing",
            "/static",
            "/static/nothing",
            "/static/../../Cargo.toml",
            "/../Cargo.toml",
            "/..%2fCargo.toml",
            "//etc/passwd",
            "/graphql/..;/admin",
        ] {
            assert_eq!(get(outside).await.status(), StatusCode::NOT_FOUND, "{outside}");
        }
    }
}
