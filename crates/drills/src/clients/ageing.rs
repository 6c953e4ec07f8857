//! Access tokens that have expired, for whoever holds a good one.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use tidegate_auth::access::LIFETIME;
use tidegate_auth::keys::KeySet;
use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;
use time::Duration;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::bench::keys;
use crate::database::Database;

/// Serves `POST /`: an access token comes in, one of the same session that expired a minute ago goes out.
pub(super) async fn start(database: &Database, key_encryption_key: &str) -> anyhow::Result<SocketAddr> {
    let mut connection = database.connect().await?;
    // The shop's key is as old as the drill; the tokens are to be older than that.
    sqlx::query("update signing_key set created_at = created_at - interval '1 day', active_from = active_from - interval '1 day'")
        .execute(&mut connection)
        .await?;
    let keys = keys::read(&mut connection, key_encryption_key, SystemClock.now()).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let app = Router::new().route("/", post(expired)).with_state(Arc::new(keys));
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

async fn expired(State(keys): State<Arc<KeySet>>, token: String) -> Result<String, (StatusCode, String)> {
    aged(&keys, &token).map_err(|error| (StatusCode::BAD_REQUEST, format!("{error:#}")))
}

fn aged(keys: &KeySet, token: &str) -> anyhow::Result<String> {
    let claims = token.split('.').nth(1).context("it is no token")?;
    let claims: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes())?)?;
    let session: Uuid = claims["sid"].as_str().context("it names no session")?.parse()?;
    keys::token(keys, session, SystemClock.now() - LIFETIME - Duration::minutes(1))
}
