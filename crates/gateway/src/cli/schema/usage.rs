//! Recorded usage and trusted documents, from the database.

use std::sync::Arc;

use tidegate_schema_check::operations::{Document, TRUSTED};
use tidegate_schema_check::policy::Window;
use tidegate_schema_check::usage::{Sums, Usage};
use tidegate_store::schema_usage::{MOST_SCHEMA_USES, MOST_TRUSTED_DOCUMENTS};
use tidegate_store::{Store, StoreError};
use time::{Date, Duration};

use crate::app;
use crate::config::{Mode, Secret, Settings};
use crate::problem::Problem;

/// Days that one statement sums up.
const STEP: i64 = 31;

/// All usage that is recorded, and what of it falls into the window.
pub(super) async fn read(url: &str, window: Window, today: Date) -> Result<Usage, Problem> {
    let store = store(url).await?;
    let since = today - Duration::days(i64::from(window.days));
    let yesterday = today - Duration::DAY;
    let days = store.schema_usage_days(Arc::default(), since, yesterday).await.map_err(|error| failed(&error))?;
    let first = store.schema_usage_first_day(Arc::default()).await.map_err(|error| failed(&error))?;
    let mut sums = Sums::default();
    if let Some(first) = first {
        add(&store, (first, since - Duration::DAY), false, &mut sums).await?;
        add(&store, (since, today), true, &mut sums).await?;
    }
    Ok(sums.usage(window, u16::try_from(days).unwrap_or(u16::MAX)))
}

/// Adds the rows from one day to another, both included.
async fn add(store: &Store, (first, last): (Date, Date), in_window: bool, sums: &mut Sums) -> Result<(), Problem> {
    let mut from = first;
    while from <= last {
        let to = last.min(from + Duration::days(STEP - 1));
        let rows = store.schema_usage(Arc::default(), from, to).await.map_err(|error| failed(&error))?;
        if i64::try_from(rows.len()).is_ok_and(|rows| rows >= MOST_SCHEMA_USES) {
            return Err(Problem::configuration(format!(
                "more than {MOST_SCHEMA_USES} sums of usage are recorded from {from} to {to}"
            )));
        }
        for row in rows {
            let requests = u64::try_from(row.requests).unwrap_or_default();
            sums.add(row.coordinate, row.client, row.last_day, if in_window { requests } else { 0 });
        }
        from = to + Duration::DAY;
    }
    Ok(())
}

/// The documents that clients have registered; `client` stands for all of them if it is given.
pub(super) async fn documents(url: &str, client: Option<&str>) -> Result<Vec<Document>, Problem> {
    let store = store(url).await?;
    let (mut documents, mut behind) = (Vec::new(), (String::new(), String::new()));
    loop {
        let rows = store.trusted_documents(Arc::default(), behind.clone()).await.map_err(|error| failed(&error))?;
        let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == MOST_TRUSTED_DOCUMENTS);
        for row in rows {
            behind = (row.hash.clone(), row.client.clone());
            let short = row.hash.get(..12).unwrap_or(&row.hash);
            let name = row.name.as_deref().unwrap_or(short);
            documents.push(Document {
                source: format!("{TRUSTED}#{name}"),
                set: row.hash.clone(),
                client: client.map_or(row.client, str::to_owned),
                text: row.body,
            });
        }
        if !full {
            return Ok(documents);
        }
    }
}

async fn store(url: &str) -> Result<Store, Problem> {
    if !is_database(url) {
        return Err(Problem::configuration("the address of the usage database is no postgres://…")
            .hint("it looks like postgres://user:password@host:5432/database"));
    }
    let mut settings = Settings::defaults(Mode::Serve);
    settings.database_url = Some(Secret::new(url));
    app::store(&settings).await
}

/// Whether a source is the address of a database.
pub(super) fn is_database(source: &str) -> bool {
    source.starts_with("postgres://") || source.starts_with("postgresql://")
}

fn failed(error: &StoreError) -> Problem {
    Problem::configuration(error.to_string())
}
