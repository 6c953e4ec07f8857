//! What client applications use of the schema, and the documents they have registered. Read by commands alone.

use std::sync::Arc;
use time::Date;

use crate::{Statements, Store, StoreError};

/// Sums that one call answers at most: the schema's coordinates by the applications.
pub const MOST_SCHEMA_USES: i64 = 500_000;
/// Trusted documents that one call answers at most.
pub const MOST_TRUSTED_DOCUMENTS: i64 = 500;

/// What one application did with one coordinate in some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaUseRow {
    /// The schema coordinate.
    pub coordinate: String,
    /// The application.
    pub client: String,
    /// The last of those days on which it did.
    pub last_day: Date,
    /// Requests.
    pub requests: i64,
}

/// A document that an application sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedDocumentRow {
    /// SHA-256 of its text, in hexadecimal.
    pub hash: String,
    /// The application.
    pub client: String,
    /// What it is called.
    pub name: Option<String>,
    /// Its text.
    pub body: String,
}

impl Store {
    /// The first day of which there is any record.
    pub async fn schema_usage_first_day(&self, statements: Arc<Statements>) -> Result<Option<Date>, StoreError> {
        self.read(statements, |conn| {
            Box::pin(async move { Ok(sqlx::query_scalar!("select min(day) from schema_usage").fetch_one(conn).await?) })
        })
        .await
    }

    /// Of how many days there is any record, from the first to the last, both included.
    pub async fn schema_usage_days(
        &self,
        statements: Arc<Statements>,
        first: Date,
        last: Date,
    ) -> Result<i64, StoreError> {
        self.read(statements, move |conn| {
            Box::pin(async move {
                // One look into the index for each day, however many rows a day has.
                Ok(sqlx::query_scalar!(
                    r#"select count(*) as "days!" from generate_series($1::date, $2::date, interval '1 day') as d (at)
                       where exists (select 1 from schema_usage where day = d.at::date)"#,
                    first,
                    last,
                )
                .fetch_one(conn)
                .await?)
            })
        })
        .await
    }

    /// Sums by coordinate and application, from the first day to the last, both included; at most
    /// [`MOST_SCHEMA_USES`].
    pub async fn schema_usage(
        &self,
        statements: Arc<Statements>,
        first: Date,
        last: Date,
    ) -> Result<Vec<SchemaUseRow>, StoreError> {
        self.read(statements, move |conn| {
            Box::pin(async move {
                Ok(sqlx::query_as!(
                    SchemaUseRow,
                    r#"select coordinate, client, max(day) as "last_day!", sum(requests)::bigint as "requests!"
                       from schema_usage where day between $1 and $2
                       group by coordinate, client order by coordinate, client limit $3"#,
                    first,
                    last,
                    MOST_SCHEMA_USES,
                )
                .fetch_all(conn)
                .await?)
            })
        })
        .await
    }

    /// Trusted documents in use, behind a hash and client: at most [`MOST_TRUSTED_DOCUMENTS`], in the order of both.
    pub async fn trusted_documents(
        &self,
        statements: Arc<Statements>,
        behind: (String, String),
    ) -> Result<Vec<TrustedDocumentRow>, StoreError> {
        self.read(statements, move |conn| {
            Box::pin(async move {
                let (hash, client) = behind;
                Ok(sqlx::query_as!(
                    TrustedDocumentRow,
                    r#"select hash, client, name, body from trusted_document
                       where retired_at is null and (hash, client) > ($1, $2)
                       order by hash, client limit $3"#,
                    hash,
                    client,
                    MOST_TRUSTED_DOCUMENTS,
                )
                .fetch_all(conn)
                .await?)
            })
        })
        .await
    }
}
