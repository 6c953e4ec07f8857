//! Pages of lists by keyset: a page is asked for by size, direction and the key of the row it starts behind.

use time::OffsetDateTime;
use uuid::Uuid;

/// Rows of a page when the client names no size.
pub const DEFAULT_SIZE: u32 = 24;
/// The largest page.
pub const MAX_SIZE: u32 = 250;

/// Which way a page runs from its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// `first`/`after`
    #[default]
    Forward,
    /// `last`/`before`
    Backward,
}

/// Where a row stands in its list: the value it is sorted by, and its id.
#[derive(Debug, Clone, PartialEq)]
pub enum CursorKey {
    /// By the merchant's rank.
    Rank(i32, Uuid),
    /// By title.
    Title(String, Uuid),
    /// By lowest price, in minor units.
    Price(i64, Uuid),
    /// By the time of creation.
    Created(OffsetDateTime, Uuid),
    /// By position within a parent.
    Position(i32, Uuid),
    /// By how well a search matched.
    Score(f32, Uuid),
    /// By id alone: lines in the order they were added.
    Id(Uuid),
}

impl CursorKey {
    /// The bytes that a cursor seals.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (tag, value, id): (u8, Vec<u8>, &Uuid) = match self {
            Self::Rank(rank, id) => (b'r', rank.to_be_bytes().to_vec(), id),
            Self::Title(title, id) => (b't', title.as_bytes().to_vec(), id),
            Self::Price(amount, id) => (b'p', amount.to_be_bytes().to_vec(), id),
            Self::Created(at, id) => (b'c', at.unix_timestamp_nanos().to_be_bytes().to_vec(), id),
            Self::Position(position, id) => (b'o', position.to_be_bytes().to_vec(), id),
            Self::Score(score, id) => (b's', score.to_be_bytes().to_vec(), id),
            Self::Id(id) => (b'i', Vec::new(), id),
        };
        let mut bytes = Vec::with_capacity(17 + value.len());
        bytes.push(tag);
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&value);
        bytes
    }

    /// Reads sealed bytes back; `None` when they are no key.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        let (id, value) = rest.split_at_checked(16)?;
        let id = Uuid::from_slice(id).ok()?;
        Some(match tag {
            b'r' => Self::Rank(i32::from_be_bytes(value.try_into().ok()?), id),
            b't' => Self::Title(std::str::from_utf8(value).ok()?.to_owned(), id),
            b'p' => Self::Price(i64::from_be_bytes(value.try_into().ok()?), id),
            b'c' => {
                let nanoseconds = i128::from_be_bytes(value.try_into().ok()?);
                Self::Created(OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?, id)
            }
            b'o' => Self::Position(i32::from_be_bytes(value.try_into().ok()?), id),
            b's' => Self::Score(f32::from_be_bytes(value.try_into().ok()?), id),
            b'i' if value.is_empty() => Self::Id(id),
            _ => return None,
        })
    }
}

/// A page that has been checked: at most [`MAX_SIZE`] rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Rows.
    pub size: u32,
    /// Which way.
    pub direction: Direction,
    /// The row to start behind (forward) or before (backward).
    pub cursor: Option<CursorKey>,
}

impl Page {
    /// The first `size` rows.
    #[must_use]
    pub fn first(size: u32) -> Self {
        Self { size, direction: Direction::Forward, cursor: None }
    }

    /// Rows to fetch so that one more than the page tells whether there is another page.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.size) + 1
    }
}

/// A row with its place in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyed<T> {
    /// The row.
    pub item: T,
    /// Where it stands.
    pub key: CursorKey,
}

/// One page of a list, in list order whichever way it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice<T> {
    /// The rows.
    pub items: Vec<Keyed<T>>,
    /// There are rows behind the last.
    pub has_next: bool,
    /// There are rows before the first.
    pub has_previous: bool,
}

impl<T> Slice<T> {
    /// Makes a page from rows read in the page's direction, one more than its size where there are more.
    #[must_use]
    pub fn from_rows(page: &Page, mut items: Vec<Keyed<T>>) -> Self {
        let more = items.len() > page.size as usize;
        items.truncate(page.size as usize);
        let beyond_cursor = page.cursor.is_some();
        match page.direction {
            Direction::Forward => Self { items, has_next: more, has_previous: beyond_cursor },
            Direction::Backward => {
                items.reverse();
                Self { items, has_next: beyond_cursor, has_previous: more }
            }
        }
    }

    /// An empty page.
    #[must_use]
    pub fn empty() -> Self {
        Self { items: Vec::new(), has_next: false, has_previous: false }
    }

    /// The same page with every row changed.
    #[must_use]
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Slice<U> {
        let items = self.items.into_iter().map(|row| Keyed { item: change(row.item), key: row.key }).collect();
        Slice { items, has_next: self.has_next, has_previous: self.has_previous }
    }
}

/// The beginning of a nested list, read ahead with its parent. It answers a page only where it can prove that it holds
/// every row of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Window<T> {
    /// Rows from the start of the list.
    pub items: Vec<Keyed<T>>,
    /// The list has no row beyond them.
    pub complete: bool,
}

impl<T: Clone> Window<T> {
    /// Makes a window of at most `size` rows from rows read with one to spare.
    #[must_use]
    pub fn from_rows(size: usize, mut items: Vec<Keyed<T>>) -> Self {
        let complete = items.len() <= size;
        items.truncate(size);
        Self { items, complete }
    }

    /// The page, if the window covers it.
    #[must_use]
    pub fn page(&self, page: &Page) -> Option<Slice<T>> {
        let view = self.view(page)?;
        let items = view.items.into_iter().map(|row| Keyed { item: row.item.clone(), key: row.key }).collect();
        Some(Slice { items, has_next: view.has_next, has_previous: view.has_previous })
    }
}

impl<T> Window<T> {
    /// The page with its rows left where they are, if the window covers it.
    #[must_use]
    pub fn view(&self, page: &Page) -> Option<Slice<&T>> {
        let size = page.size as usize;
        let at_cursor = match &page.cursor {
            None => None,
            // A key that is not in the window may lie beyond it, or belong to a row that is gone.
            Some(key) => Some(self.items.iter().position(|row| row.key == *key)?),
        };
        let rows = |range: std::ops::Range<usize>| {
            self.items[range].iter().map(|row| Keyed { item: &row.item, key: row.key.clone() }).collect()
        };
        match page.direction {
            Direction::Forward => {
                let start = at_cursor.map_or(0, |index| index + 1);
                let end = start + size;
                if end > self.items.len() && !self.complete {
                    return None;
                }
                let last = end.min(self.items.len());
                let has_next = last < self.items.len() || !self.complete;
                Some(Slice { items: rows(start..last), has_next, has_previous: at_cursor.is_some() })
            }
            Direction::Backward => {
                if at_cursor.is_none() && !self.complete {
                    return None;
                }
                let end = at_cursor.unwrap_or(self.items.len());
                let start = end.saturating_sub(size);
                Some(Slice { items: rows(start..end), has_next: at_cursor.is_some(), has_previous: start > 0 })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(number: i32) -> Keyed<i32> {
        Keyed { item: number, key: CursorKey::Position(number, Uuid::nil()) }
    }

    /// What the database would answer: a scan of the whole list.
    fn read(list: &[i32], page: &Page) -> Slice<i32> {
        let behind = |number: i32| match (&page.cursor, page.direction) {
            (Some(CursorKey::Position(at, _)), Direction::Forward) => number > *at,
            (Some(CursorKey::Position(at, _)), Direction::Backward) => number < *at,
            _ => true,
        };
        let mut rows: Vec<_> = list.iter().copied().filter(|number| behind(*number)).collect();
        if page.direction == Direction::Backward {
            rows.reverse();
        }
        rows.truncate(page.size as usize + 1);
        Slice::from_rows(page, rows.into_iter().map(row).collect())
    }

    proptest! {
        #[test]
        fn a_window_answers_as_the_list_does_or_not_at_all(
            length in 0_i32..12, held in 0_usize..12, size in 1_u32..6,
            cursor in prop::option::of(0_i32..12), backward in any::<bool>(),
        ) {
            let list: Vec<i32> = (0..length).collect();
            let direction = if backward { Direction::Backward } else { Direction::Forward };
            let cursor = cursor.map(|at| CursorKey::Position(at, Uuid::nil()));
            let page = Page { size, direction, cursor };
            let window = Window::from_rows(held, list.iter().take(held + 1).copied().map(row).collect());
            if let Some(slice) = window.page(&page) {
                prop_assert_eq!(slice, read(&list, &page));
            }
        }

        #[test]
        fn a_key_reads_back(value in any::<i64>(), text in ".{0,40}", bytes in any::<[u8; 16]>()) {
            let id = Uuid::from_bytes(bytes);
            for key in [CursorKey::Price(value, id), CursorKey::Title(text.clone(), id), CursorKey::Id(id)] {
                prop_assert_eq!(CursorKey::decode(&key.encode()), Some(key));
            }
        }
    }
}
