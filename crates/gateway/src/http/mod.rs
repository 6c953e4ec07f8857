//! HTTP: what comes in is bounded and negotiated here before anything else looks at it, and what goes out is written
//! here. Nothing is parsed as GraphQL before this module says yes.

mod accept;
mod access_log;
mod answer_json;
mod api_key;
mod body;
mod client_address;
mod cookies;
mod cors;
mod credentials;
mod device;
mod graphql;
mod header_values;
mod health;
mod idempotency;
mod json;
mod local;
mod media;
mod observe;
mod parameters;
mod playground;
mod refused;
mod reply;
mod well_known;

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};

use crate::app::App;
use crate::config::{Mode, Transport};
use crate::mail;
pub use client_address::Peer;
use refused::Refused;

/// Every route of an application.
pub(crate) fn router(app: App) -> Router {
    let graphql = any(graphql::answer);
    let graphql = match (app.settings().session_transport, app.mode()) {
        (Transport::Cookie, _) => graphql.layer(from_fn_with_state(app.clone(), cors::with_cookies)),
        (Transport::Bearer, Mode::Dev) => graphql.layer(axum::middleware::from_fn(local::cross_origin)),
        (Transport::Bearer, Mode::Serve) => graphql,
    };
    let routes = Router::new()
        .route("/graphql", graphql)
        .route("/livez", get(health::live).fallback(only_get))
        .route("/readyz", get(health::ready).fallback(only_get))
        .route("/.well-known/jwks.json", get(well_known::key_set).fallback(only_get))
        .route("/media/product/{product}/{file}", get(media::product).fallback(only_get));
    let routes = match app.mode() {
        Mode::Dev => routes
            .route("/schema.graphql", get(well_known::schema).fallback(only_get))
            .route("/mail", get(mail::page).fallback(only_get))
            .route("/mail.json", get(mail::json).fallback(only_get))
            .fallback(playground::page)
            .layer(axum::middleware::from_fn(local::local_host)),
        Mode::Serve => routes.fallback(unknown),
    };
    routes.layer(from_fn_with_state(app.clone(), observe::observe)).with_state(app)
}

async fn unknown() -> Refused {
    Refused::unknown_path()
}

async fn only_get(method: Method) -> Refused {
    Refused::method(&method, "GET, HEAD")
}
