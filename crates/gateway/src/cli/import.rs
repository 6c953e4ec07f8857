//! `tidegate import`.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;
use tidegate_store::catalog::import::{self, Counts, ImportError, ImportOptions, ImportReport, Source};

use super::arguments::ImportArguments;
use super::progress::Bar;
use super::{database_url, print};
use crate::config::Settings;
use crate::problem::Problem;

/// Imports files and says what came of them.
pub(super) async fn run(settings: Settings, arguments: ImportArguments) -> Result<(), Problem> {
    let url = database_url(&settings)?;
    let mut total = 0;
    let mut sources = Vec::new();
    for path in &arguments.files {
        let (source, bytes) = open(path)?;
        sources.push(source);
        total += bytes;
    }
    let options =
        ImportOptions { dry_run: arguments.dry_run, skip_bad_rows: arguments.skip_bad_rows, stock: arguments.stock };
    let bar = Bar::new(total);
    let imported = import::import(url, sources, options, SystemClock.now(), |progress| bar.show(progress)).await;
    bar.end();
    match imported {
        Ok(report) => print(&summary(&report, options.dry_run)),
        Err(ImportError::BadRows(report)) => {
            print(&bad_rows(&report))?;
            let message = format!("{}; nothing was imported", rows(report.bad_row_count, "bad row"));
            Err(Problem::failed(message).hint("mend them, or leave them out with --skip-bad-rows"))
        }
        Err(error) => Err(Problem::failed(error.to_string())),
    }
}

fn open(path: &Path) -> Result<(Source, u64), Problem> {
    let failed = |error| Problem::configuration(format!("cannot read {}: {error}", path.display()));
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    Ok((Source { name: path.display().to_string(), bytes: Box::new(file) }, bytes))
}

fn summary(report: &ImportReport, dry_run: bool) -> String {
    let mut text = bad_rows(report);
    for (kind, counts) in &report.counts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<20} {}", kind.name(), told(*counts));
    }
    text.push_str(match (dry_run, report.changed) {
        (true, true) => "Nothing was written; this is what an import would do.\n",
        (true, false) => "An import would change nothing.\n",
        (false, true) => "Imported.\n",
        (false, false) => "Everything was there already.\n",
    });
    text
}

fn told(counts: Counts) -> String {
    let kinds = [
        (counts.inserted, "new"),
        (counts.updated, "changed"),
        (counts.unchanged, "unchanged"),
        (counts.removed, "removed"),
        (counts.left_alone, "left alone (--stock sets them)"),
        (counts.bad, "bad"),
    ];
    let told: Vec<_> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
    if told.is_empty() { "no rows".to_owned() } else { told.join(", ") }
}

fn bad_rows(report: &ImportReport) -> String {
    let mut text = String::new();
    for row in &report.bad_rows {
        let _ = writeln!(text, "{}:{}: {}", row.file, row.line, row.reason);
    }
    let more = report.bad_row_count.saturating_sub(u64::try_from(report.bad_rows.len()).unwrap_or(u64::MAX));
    if more > 0 {
        let _ = writeln!(text, "… and {}", rows(more, "more bad row"));
    }
    text
}

fn rows(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidegate_store::catalog::import::{BadRow, Kind};

    #[test]
    fn the_summary_names_what_happened_and_every_bad_row() {
        let counts = Counts { inserted: 3, unchanged: 2, ..Counts::default() };
        let bad = BadRow { file: "prices.csv".to_owned(), line: 7, reason: "no price".to_owned() };
        let report = ImportReport {
            counts: vec![(Kind::Prices, counts), (Kind::Stock, Counts::default())],
            bad_rows: vec![bad],
            bad_row_count: 2,
            changed: true,
        };

        insta::assert_snapshot!(summary(&report, false), @r"
        prices.csv:7: no price
        … and 1 more bad row
        prices               3 new, 2 unchanged
        stock                no rows
        Imported.
        ");
    }
}
