//! Connections: pages of lists as the Relay specification shapes them.

use async_graphql::{Context, Object};
use tidegate_model::page::{CursorKey, DEFAULT_SIZE, Direction, MAX_SIZE};
use tidegate_model::{Failure, Page};

use crate::context::ContextExt as _;
use crate::error::Result;
use crate::scalar::Cursor;

/// The four arguments of a page.
#[derive(Debug, Clone, Default)]
pub struct PageArgs {
    /// Rows from the start, or behind `after`.
    pub first: Option<i32>,
    /// Where to start.
    pub after: Option<Cursor>,
    /// Rows from the end, or before `before`.
    pub last: Option<i32>,
    /// Where to end.
    pub before: Option<Cursor>,
}

impl PageArgs {
    /// The arguments of a field; `None` for any that is not what its type says.
    pub(crate) fn of(ctx: &Context<'_>) -> Option<Self> {
        let size = |name| ctx.param_value::<Option<i32>>(name, None).map(|(_, size)| size).ok();
        let cursor = |name| ctx.param_value::<Option<Cursor>>(name, None).map(|(_, cursor)| cursor).ok();
        Some(Self { first: size("first")?, after: cursor("after")?, last: size("last")?, before: cursor("before")? })
    }

    /// Checks the arguments and opens the cursor.
    pub fn page(&self, ctx: &Context<'_>) -> Result<Page> {
        let (size, direction, cursor) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(bad("give `first` or `last`, not both")),
            (_, Some(last)) => (last, Direction::Backward, &self.before),
            (None, None) if self.before.is_some() => (DEFAULT_SIZE.cast_signed(), Direction::Backward, &self.before),
            (first, None) => (first.unwrap_or(DEFAULT_SIZE.cast_signed()), Direction::Forward, &self.after),
        };
        let unused = if direction == Direction::Forward { &self.before } else { &self.after };
        if unused.is_some() {
            return Err(bad("`after` goes with `first`, `before` goes with `last`"));
        }
        let size = u32::try_from(size).ok().filter(|size| (1..=MAX_SIZE).contains(size));
        let size = size.ok_or_else(|| bad("`first` and `last` take 1 to 250"))?;
        let cursor = match cursor {
            None => None,
            Some(cursor) => {
                Some(ctx.ports().open_cursor(&cursor.0).ok_or_else(|| bad("this is not a cursor of ours"))?)
            }
        };
        Ok(Page { size, direction, cursor })
    }
}

fn bad(message: &str) -> crate::error::Error {
    Failure::BadInput(message.to_owned()).into()
}

/// Where a page stands in its list.
#[derive(Debug, Clone)]
pub struct PageInfo {
    pub(crate) has_next: bool,
    pub(crate) has_previous: bool,
    pub(crate) start: Option<CursorKey>,
    pub(crate) end: Option<CursorKey>,
}

/// Where a page stands in its list.
#[Object]
impl PageInfo {
    /// There are rows behind the last one of this page. With `last`/`before` it tells whether `before` was given.
    async fn has_next_page(&self) -> bool {
        self.has_next
    }

    /// There are rows before the first one of this page. With `first`/`after` it tells whether `after` was given.
    async fn has_previous_page(&self) -> bool {
        self.has_previous
    }

    /// The cursor of the first row; null for an empty page.
    async fn start_cursor(&self, ctx: &Context<'_>) -> Option<Cursor> {
        self.start.as_ref().map(|key| Cursor(ctx.ports().seal_cursor(key)))
    }

    /// The cursor of the last row: pass it as `after` for the next page. Null for an empty page.
    async fn end_cursor(&self, ctx: &Context<'_>) -> Option<Cursor> {
        self.end.as_ref().map(|key| Cursor(ctx.ports().seal_cursor(key)))
    }
}

/// Declares a connection and its edge over a node type.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        #[derive(Debug, Clone)]
        pub struct $connection(pub tidegate_model::Slice<$node>);

        #[doc = concat!("A page of ", $what, ".")]
        #[async_graphql::Object]
        impl $connection {
            /// The rows with their cursors.
            async fn edges(&self) -> Vec<$edge<'_>> {
                self.0.items.iter().map($edge).collect()
            }

            /// The rows alone.
            async fn nodes(&self) -> Vec<&$node> {
                self.0.items.iter().map(|row| &row.item).collect()
            }

            /// Where this page stands in the list.
            async fn page_info(&self) -> $crate::connection::PageInfo {
                $crate::connection::PageInfo {
                    has_next: self.0.has_next,
                    has_previous: self.0.has_previous,
                    start: self.0.items.first().map(|row| row.key.clone()),
                    end: self.0.items.last().map(|row| row.key.clone()),
                }
            }
        }

        impl $crate::plain::Plain for $connection {
            const NAME: &'static str = stringify!($connection);

            fn field<'a>(
                &self,
                field: &'a $crate::plain::Asked,
                to: &mut $crate::plain::Json<'a>,
            ) -> $crate::plain::Wrote {
                $crate::plain::Page(&self.0).field(field, to)
            }
        }

        #[doc = concat!("One of ", $what, " in a page.")]
        #[derive(Debug, Clone, Copy)]
        pub struct $edge<'a>(&'a tidegate_model::Keyed<$node>);

        #[doc = concat!("One of ", $what, " in a page.")]
        #[async_graphql::Object]
        impl $edge<'_> {
            /// Where this row stands: pass it as `after` or `before`.
            async fn cursor(&self, ctx: &async_graphql::Context<'_>) -> $crate::scalar::Cursor {
                use $crate::context::ContextExt as _;
                $crate::scalar::Cursor(ctx.ports().seal_cursor(&self.0.key))
            }

            /// The row.
            async fn node(&self) -> &$node {
                &self.0.item
            }
        }
    };
}
pub(crate) use connection;
