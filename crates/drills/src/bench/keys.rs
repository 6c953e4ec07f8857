//! Access tokens for made-up shoppers, signed as the gateway signs them: by the keys in the database.

use anyhow::Context as _;
use sqlx::PgConnection;
use tidegate_auth::access::{AccessClaimsInput, CLIENT_STOREFRONT, issue};
use tidegate_auth::keys::{KeyEncryptionKey, KeySet, SealedKey};
use tidegate_model::id::SessionId;
use time::OffsetDateTime;
use uuid::Uuid;

type Row = (String, String, Vec<u8>, OffsetDateTime, OffsetDateTime, Option<OffsetDateTime>);

/// Opens the shop's keys; a gateway must have started before.
pub(crate) async fn read(
    connection: &mut PgConnection,
    key_encryption_key: &str,
    now: OffsetDateTime,
) -> anyhow::Result<KeySet> {
    let kek: KeyEncryptionKey = key_encryption_key.parse()?;
    let rows: Vec<Row> =
        sqlx::query_as("select kid, algorithm, sealed, created_at, active_from, retired_at from signing_key")
            .fetch_all(connection)
            .await?;
    let sealed = rows.into_iter().map(|(kid, algorithm, sealed, created_at, active_from, retired_at)| {
        Ok(SealedKey { kid, algorithm: algorithm.parse()?, sealed, created_at, active_from, retired_at })
    });
    Ok(KeySet::build(sealed.collect::<anyhow::Result<_>>()?, &kek, now)?)
}

/// A token of a session, with the claims that a gateway with default settings gives.
pub(crate) fn token(keys: &KeySet, session: Uuid, now: OffsetDateTime) -> anyhow::Result<String> {
    let claims = AccessClaimsInput {
        issuer: "tidegate",
        audience: "tidegate-storefront",
        subject: &SessionId(session).encode(),
        client_id: CLIENT_STOREFRONT,
        session,
        token_id: session,
        scopes: &["storefront"],
        roles: &[],
    };
    issue(keys, &claims, now).context("no token could be signed")
}
