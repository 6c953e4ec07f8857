//! Documents about the shop: the public keys, and in `dev` the schema.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::app::App;

/// The public keys that access tokens can be verified with (RFC 7517). Empty with a symmetric algorithm.
pub(crate) async fn key_set(State(app): State<App>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "public, max-age=60")], Json(app.keys().current().jwks()))
}

/// The schema as text.
pub(crate) async fn schema() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], tidegate_schema::sdl())
}
