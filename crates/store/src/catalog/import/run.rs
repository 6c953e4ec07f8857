//! The steps of an import, on a connection of its own: rows into staging tables, checks, then set-based writes.
//!
//! The SQL is in files and not checked while compiling: it reads temporary tables, which no database has at that time.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use time::OffsetDateTime;

use super::read::Rows;
use super::report::Draft;
use super::row::{Fields, Line, encode};
use super::{ImportError, ImportOptions, ImportReport, Progress, Source};

/// Bytes sent at a time.
const CHUNK: usize = 1 << 16;

/// Refreshes what the planner knows, so that the first shopper after a large import gets good plans.
const ANALYZE: &str =
    "analyze product, variant, price, stock, product_image, collection, collection_product, product_listing";

/// See [`super::import`].
pub(super) async fn run(
    url: &str,
    sources: Vec<Source>,
    options: ImportOptions,
    now: OffsetDateTime,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<ImportReport, ImportError> {
    let bytes = Arc::new(AtomicU64::new(0));
    let files =
        sources.into_iter().map(|source| Rows::open(source, Arc::clone(&bytes))).collect::<Result<Vec<_>, _>>()?;

    let mut connection = connect(url).await?;
    // Dropping the connection on an error undoes everything, the staging tables included.
    connection.execute("begin").await?;
    connection.execute("select pg_advisory_xact_lock(hashtextextended('tidegate import', 0))").await?;
    connection.execute(sqlx::raw_sql(include_str!("sql/stage.sql"))).await?;
    let mut draft = Draft::default();
    let mut rows = 0;
    for file in files {
        let mut on_rows = |read: u64| {
            progress(Progress::Reading { bytes: bytes.load(Ordering::Relaxed), rows: rows + read });
        };
        rows += stage(&mut connection, file, &mut draft, &mut on_rows).await?;
    }

    progress(Progress::Checking);
    begin_run(&mut connection, &draft, options, now).await?;
    connection.execute(sqlx::raw_sql(include_str!("sql/check.sql"))).await?;
    connection.execute(sqlx::raw_sql(include_str!("sql/check_stock.sql"))).await?;
    refuse_bad_rows(&mut connection, &draft, options).await?;

    progress(Progress::Writing);
    connection.execute(sqlx::raw_sql(include_str!("sql/write.sql"))).await?;
    progress(Progress::Listing);
    connection.execute(sqlx::raw_sql(include_str!("sql/listing.sql"))).await?;
    connection.execute(sqlx::raw_sql(include_str!("sql/lock.sql"))).await?;
    connection.execute(sqlx::raw_sql(include_str!("sql/check_stock.sql"))).await?;
    refuse_bad_rows(&mut connection, &draft, options).await?;
    connection.execute(sqlx::raw_sql(include_str!("sql/stock.sql"))).await?;
    let report = draft.report(&mut connection).await?;
    if options.dry_run {
        connection.execute("rollback").await?;
    } else {
        connection.execute(sqlx::raw_sql(include_str!("sql/finish.sql"))).await?;
        connection.execute("commit").await?;
        if report.changed {
            connection.execute(ANALYZE).await?;
        }
    }
    connection.close().await?;
    Ok(report)
}

/// No limit on a statement: a large catalogue takes longer than any request may.
async fn connect(url: &str) -> Result<PgConnection, ImportError> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .application_name("tidegate import")
        .options([("statement_timeout", "0"), ("lock_timeout", "60s"), ("client_min_messages", "warning")])
        .disable_statement_logging();
    Ok(options.connect().await?)
}

/// Copies a file's rows into its staging table, leaving out what its texts alone show to be bad. Returns the number of
/// its rows.
async fn stage(
    connection: &mut PgConnection,
    mut file: Rows,
    draft: &mut Draft,
    on_rows: &mut (impl FnMut(u64) + Send),
) -> Result<u64, ImportError> {
    let index = draft.files.len();
    draft.files.push(file.name.clone());
    draft.reads(file.kind);
    let mut copy = connection.copy_in_raw(file.kind.copy()).await?;
    let mut record = csv::ByteRecord::new();
    let mut line = Line::default();
    let mut rows = 0;
    while let Some(number) = file.next(&mut record)? {
        rows += 1;
        let before = line.len();
        line.start(index, number);
        match Fields::check(file.kind, &record).and_then(|fields| encode(file.kind, &fields, &mut line)) {
            Ok(()) => line.end(),
            Err(reason) => {
                line.truncate(before);
                draft.refuse(file.kind, index, number, reason);
            }
        }
        if line.len() >= CHUNK {
            copy.send(line.take().into_bytes()).await?;
            on_rows(rows);
        }
    }
    copy.send(line.take().into_bytes()).await?;
    copy.finish().await?;
    on_rows(rows);
    Ok(rows)
}

/// Tells the SQL what it needs to know of this run.
async fn begin_run(
    connection: &mut PgConnection,
    draft: &Draft,
    options: ImportOptions,
    now: OffsetDateTime,
) -> Result<(), ImportError> {
    sqlx::query("insert into import_run values ($1, $2)")
        .bind(now)
        .bind(options.stock)
        .execute(&mut *connection)
        .await?;
    sqlx::query("insert into import_file select n - 1, name from unnest($1::text[]) with ordinality f (name, n)")
        .bind(&draft.files)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// Ends the import when there are bad rows and they may not be left out.
async fn refuse_bad_rows(
    connection: &mut PgConnection,
    draft: &Draft,
    options: ImportOptions,
) -> Result<(), ImportError> {
    if options.skip_bad_rows {
        return Ok(());
    }
    let report = draft.report(connection).await?;
    if report.bad_row_count == 0 { Ok(()) } else { Err(ImportError::BadRows(report)) }
}
