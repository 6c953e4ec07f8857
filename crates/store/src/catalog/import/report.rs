//! Collects what an import did: rows refused while reading, and what the database counted.

use sqlx::{PgConnection, Row as _};
use std::collections::BTreeMap;

use super::{BadRow, Counts, ImportReport, Kind};

/// Bad rows that a report keeps.
const KEPT: usize = 1_000;

/// What was read and refused so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Names of the sources, by index.
    pub(super) files: Vec<String>,
    /// Refused while reading: source, line, reason. The first thousand.
    refused: Vec<(i32, i64, String)>,
    /// How many, per kind. A kind whose file was read is here, also with none.
    refused_count: BTreeMap<Kind, u64>,
}

impl Draft {
    pub(super) fn reads(&mut self, kind: Kind) {
        self.refused_count.entry(kind).or_default();
    }

    pub(super) fn refuse(&mut self, kind: Kind, file: usize, line: u64, reason: String) {
        *self.refused_count.entry(kind).or_default() += 1;
        if self.refused.len() < KEPT {
            let file = i32::try_from(file).unwrap_or(i32::MAX);
            self.refused.push((file, i64::try_from(line).unwrap_or(i64::MAX), reason));
        }
    }

    /// The report as the staging tables stand.
    pub(super) async fn report(&self, connection: &mut PgConnection) -> Result<ImportReport, sqlx::Error> {
        let mut counts: BTreeMap<Kind, Counts> = BTreeMap::new();
        for (kind, refused) in &self.refused_count {
            counts.insert(*kind, Counts { bad: *refused, ..Counts::default() });
        }
        for row in sqlx::query(include_str!("sql/report.sql")).fetch_all(&mut *connection).await? {
            let (kind, what): (String, String) = (row.try_get("kind")?, row.try_get("what")?);
            let rows = u64::try_from(row.try_get::<i64, _>("rows")?).unwrap_or(0);
            // A kind that no file was read of has no rows of its own.
            let Some(counts) = Kind::named(&kind).and_then(|kind| counts.get_mut(&kind)) else { continue };
            match what.as_str() {
                "inserted" => counts.inserted = rows,
                "updated" => counts.updated = rows,
                "removed" => counts.removed = rows,
                "left_alone" => counts.left_alone = rows,
                "bad" => counts.bad += rows,
                // Rows that stood the checks, of which the others are a part.
                _ => counts.unchanged = rows,
            }
        }
        for counts in counts.values_mut() {
            counts.unchanged = counts.unchanged.saturating_sub(counts.inserted + counts.updated + counts.left_alone);
        }
        let changed = counts.values().any(|counts| counts.inserted + counts.updated + counts.removed > 0);
        Ok(ImportReport {
            bad_rows: self.bad_rows(connection).await?,
            bad_row_count: counts.values().map(|counts| counts.bad).sum(),
            counts: counts.into_iter().collect(),
            changed,
        })
    }

    async fn bad_rows(&self, connection: &mut PgConnection) -> Result<Vec<BadRow>, sqlx::Error> {
        let found: Vec<(i32, i64, String)> =
            sqlx::query_as("select file, line, reason from import_bad order by file, line limit 1000")
                .fetch_all(connection)
                .await?;
        let mut bad: Vec<_> = self.refused.iter().cloned().chain(found).collect();
        bad.sort();
        bad.truncate(KEPT);
        let named = |(file, line, reason): (i32, i64, String)| BadRow {
            file: usize::try_from(file).ok().and_then(|file| self.files.get(file)).cloned().unwrap_or_default(),
            line: u64::try_from(line).unwrap_or(0),
            reason,
        };
        Ok(bad.into_iter().map(named).collect())
    }
}
