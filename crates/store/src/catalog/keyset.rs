//! Where a scan of an index starts: behind the cursor's row, or before the first row there can be. A bound that is
//! always there keeps the statement one index range, also in a plan that PostgreSQL made for any parameters.

use tidegate_model::page::{CursorKey, Direction, Page};
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use crate::StoreError;

/// Earlier and later than any row.
const EARLIEST: OffsetDateTime = datetime!(0001-01-01 0:00 UTC);
const LATEST: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// Which way an index is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// From the smallest key.
    Up,
    /// From the largest key.
    Down,
}

impl Scan {
    /// The way for a list that shows the smallest key first.
    pub(super) fn smallest_first(page: &Page) -> Self {
        match page.direction {
            Direction::Forward => Self::Up,
            Direction::Backward => Self::Down,
        }
    }

    /// The way for a list that shows the largest key first.
    pub(super) fn largest_first(page: &Page) -> Self {
        match page.direction {
            Direction::Forward => Self::Down,
            Direction::Backward => Self::Up,
        }
    }

    fn id(self) -> Uuid {
        match self {
            Self::Up => Uuid::nil(),
            Self::Down => Uuid::max(),
        }
    }
}

/// Bounds of each kind of key. A cursor of another list's kind is a bad value: it is sealed by us, but was not given
/// out for this list.
pub(super) fn by_rank(page: &Page, scan: Scan) -> Result<(i32, Uuid), StoreError> {
    match (&page.cursor, scan) {
        (Some(CursorKey::Rank(rank, id)), _) => Ok((*rank, *id)),
        (Some(_), _) => Err(StoreError::BadValue),
        (None, Scan::Up) => Ok((i32::MIN, scan.id())),
        (None, Scan::Down) => Ok((i32::MAX, scan.id())),
    }
}

/// See [`by_rank`].
pub(super) fn by_position(page: &Page, scan: Scan) -> Result<(i32, Uuid), StoreError> {
    match (&page.cursor, scan) {
        (Some(CursorKey::Position(position, id)), _) => Ok((*position, *id)),
        (Some(_), _) => Err(StoreError::BadValue),
        (None, Scan::Up) => Ok((i32::MIN, scan.id())),
        (None, Scan::Down) => Ok((i32::MAX, scan.id())),
    }
}

/// See [`by_rank`].
pub(super) fn by_price(page: &Page, scan: Scan) -> Result<(i64, Uuid), StoreError> {
    match (&page.cursor, scan) {
        (Some(CursorKey::Price(amount, id)), _) => Ok((*amount, *id)),
        (Some(_), _) => Err(StoreError::BadValue),
        (None, Scan::Up) => Ok((i64::MIN, scan.id())),
        (None, Scan::Down) => Ok((i64::MAX, scan.id())),
    }
}

/// See [`by_rank`].
pub(super) fn by_creation(page: &Page, scan: Scan) -> Result<(OffsetDateTime, Uuid), StoreError> {
    match (&page.cursor, scan) {
        (Some(CursorKey::Created(at, id)), _) => Ok((*at, *id)),
        (Some(_), _) => Err(StoreError::BadValue),
        (None, Scan::Up) => Ok((EARLIEST, scan.id())),
        (None, Scan::Down) => Ok((LATEST, scan.id())),
    }
}

/// See [`by_rank`]. No text sorts behind every other in every collation: `None` lets the statement look up the largest.
pub(super) fn by_title(page: &Page, scan: Scan) -> Result<(Option<&str>, Uuid), StoreError> {
    match (&page.cursor, scan) {
        (Some(CursorKey::Title(title, id)), _) => Ok((Some(title), *id)),
        (Some(_), _) => Err(StoreError::BadValue),
        (None, Scan::Up) => Ok((Some(""), scan.id())),
        (None, Scan::Down) => Ok((None, scan.id())),
    }
}

/// See [`by_rank`].
pub(super) fn by_score(page: &Page, scan: Scan) -> Result<(f32, Uuid), StoreError> {
    match (&page.cursor, scan) {
        (Some(CursorKey::Score(score, id)), _) => Ok((*score, *id)),
        (Some(_), _) => Err(StoreError::BadValue),
        (None, Scan::Up) => Ok((f32::NEG_INFINITY, scan.id())),
        (None, Scan::Down) => Ok((f32::INFINITY, scan.id())),
    }
}
