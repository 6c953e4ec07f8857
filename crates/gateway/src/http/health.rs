//! Whether the process lives, and whether it should be sent requests.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use serde_json::json;
use tidegate_store::migrations::MigrationState;

use crate::app::App;

/// The process answers. Says nothing of the database: restarting us would not mend it.
pub(crate) async fn live() -> Response {
    uncached(StatusCode::OK, &json!({ "status": "live" }))
}

/// The database answers and has this release's migrations, the keys are readable, and we are not about to stop. The
/// hashes are equal on replicas that answer alike.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let migrations = app.shared().store.migration_state().await;
    let reachable = migrations.is_ok();
    let current = matches!(migrations, Ok(MigrationState::Current));
    let draining = app.is_draining();
    let ready = current && !draining;
    let keys = app.keys().current();
    let schema = app.documents().schema_hash();
    let report = json!({
        "status": if ready { "ready" } else { "not ready" },
        "draining": draining,
        "database": if reachable { "reachable" } else { "unreachable" },
        "migrations": if current { "current" } else { "not current" },
        "schema": HEXLOWER.encode(schema.get(..8).unwrap_or(schema)),
        "configuration": app.settings().fingerprint(),
        "keys": keys.fingerprint(),
    });
    uncached(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &report)
}

fn uncached(status: StatusCode, report: &serde_json::Value) -> Response {
    let mut response = (status, Json(report)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
