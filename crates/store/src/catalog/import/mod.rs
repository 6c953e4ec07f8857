//! Loads a catalogue from CSV (`catalogue/README.md` gives the format): all or nothing, repeatable, each bad row named
//! by file and line.

mod kind;
mod read;
mod report;
mod row;
mod run;

pub use kind::Kind;

use std::io::Read;
use time::OffsetDateTime;

/// What is to be read: the file's name, for messages, and its bytes, plain or compressed with gzip.
pub struct Source {
    /// For messages.
    pub name: String,
    /// The bytes.
    pub bytes: Box<dyn Read + Send>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How to import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Check and count, and change nothing.
    pub dry_run: bool,
    /// Leave bad rows out instead of refusing the whole import.
    pub skip_bad_rows: bool,
    /// Stock rows set the on-hand figure of variants that are there already; otherwise only of new ones.
    pub stock: bool,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Reading: bytes taken from all sources so far, as they are stored (compressed bytes of a compressed file), and
    /// rows.
    Reading {
        /// Bytes.
        bytes: u64,
        /// Rows.
        rows: u64,
    },
    /// Comparing rows with each other and with the database.
    Checking,
    /// Writing products, variants, prices, stock, images and collections.
    Writing,
    /// Bringing the listing rows up to date.
    Listing,
}

/// What came of one kind's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that were not there before.
    pub inserted: u64,
    /// Rows that were there and differed.
    pub updated: u64,
    /// Rows that were there as they are in the file.
    pub unchanged: u64,
    /// Rows that were there and are not in the file: images of a product, and products of a collection, that the file
    /// names; nothing else is ever removed.
    pub removed: u64,
    /// Stock rows of variants that were there already, left alone because [`ImportOptions::stock`] is off.
    pub left_alone: u64,
    /// Rows with a fault.
    pub bad: u64,
}

/// A row with a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The source's name.
    pub file: String,
    /// The line it starts on; the header is line 1.
    pub line: u64,
    /// What is wrong, in words.
    pub reason: String,
}

/// What an import did, or with `dry_run` would have done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Per kind that was in the sources, in the order of [`Kind`].
    pub counts: Vec<(Kind, Counts)>,
    /// The first thousand bad rows, by file and line.
    pub bad_rows: Vec<BadRow>,
    /// All bad rows.
    pub bad_row_count: u64,
    /// Whether anything in the database differs from before (with `dry_run`: would differ).
    pub changed: bool,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The first line is not the header of any kind.
    #[error("{file}: the first line is not a header that is known; expected one of:\n  {}", Kind::headers().join("\n  "))]
    Header {
        /// The source's name.
        file: String,
    },
    /// A source cannot be read.
    #[error("{file}: {source}")]
    Read {
        /// The source's name.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Rows with faults, and `skip_bad_rows` is off.
    #[error("{} bad rows; nothing was imported", .0.bad_row_count)]
    BadRows(ImportReport),
    /// The database cannot be reached or refused.
    #[error("the database cannot be used: {0}")]
    Database(#[from] sqlx::Error),
}

/// Imports `sources`, in whatever order they are given, into the database at `url` in one transaction.
///
/// Only one import runs at a time; a second one waits. Shoppers are held up only from the moment that availability is
/// counted to the commit, and only by products whose stock or sellable variants change.
pub async fn import(
    url: &str,
    sources: Vec<Source>,
    options: ImportOptions,
    now: OffsetDateTime,
    progress: impl FnMut(Progress) + Send,
) -> Result<ImportReport, ImportError> {
    run::run(url, sources, options, now, progress).await
}
