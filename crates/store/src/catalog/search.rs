//! Full text with typo tolerance.
//!
//! Rows that hold every word come first. Where fewer than ten do, whatever the filter, titles that look like the text
//! follow; so the same text finds the same rows on every page. The score is a whole number below 2^24, which a 32-bit
//! float holds exactly: paging by it neither repeats nor skips. Within equal relevance the merchant's order decides.
//! Of a text that matches more than 5,000 products, that many are ranked.

use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::catalog::{Product, ProductFilter, ProductOption};
use tidegate_model::market::Market;
use tidegate_model::page::{CursorKey, Keyed, Page, Slice};

use super::keyset::{self, Scan};
use super::row::{FoundRow, listing_rows};
use crate::{Conn, Statements, Store, StoreError};

/// A page of matches; the query's words are looked up in a subquery so that the plan does not depend on them: an index
/// scan also where PostgreSQL would guess that a common word is cheaper to find by reading the table.
macro_rules! found {
    ($conn:expr, $market:expr, $text:expr, $page:expr, $bound:expr, $filter:expr, $range:tt, $order:tt, $again:tt) => {{
        let filter = $filter;
        let tags = (!filter.tags.is_empty()).then_some(filter.tags.as_slice());
        let collection = filter.collection.map(|id| id.0);
        listing_rows!(
            FoundRow,
            r#", f.score as "score!""#,
            ["from (with query as materialized (select search_query_v1($2) as words),
                   matches as (
                       select floor(500 + 400 * ts_rank(m.search, (select words from query))
                                  + case when lower(m.title) = lower($2) then 99 else 0 end) as relevance, m.*
                       from (select * from product_listing
                             where market_id = $1 and search @@ (select words from query) limit 5000) m),
                   few as (
                       select count(*) as found
                       from (select 1 from product_listing
                             where market_id = $1 and search @@ (select words from query) limit 10) m),
                   alike as (
                       select floor(499 * k.score) as relevance, m.*
                       from (select 1 from few where found < 10) needed
                       cross join lateral search_like_v1($1, $2) k
                       join product_listing m on m.market_id = $1 and m.product_id = k.product_id
                       where not m.search @@ (select words from query)),
                   scored as (
                       select (m.relevance * 16384 + 16383 - least(m.rank, 16383))::real as score, m.product_id,
                              m.price_min, m.variants_available, m.tags
                       from matches m
                       union all
                       select (m.relevance * 16384 + 16383 - least(m.rank, 16383))::real, m.product_id,
                              m.price_min, m.variants_available, m.tags
                       from alike m)
                   select s.score, s.product_id from scored s
                   where ($6::bigint is null or s.price_min >= $6) and ($7::bigint is null or s.price_min <= $7)
                     and ($8::boolean is null or (s.variants_available > 0) = $8)
                     and ($9::text[] is null or s.tags @> $9)
                     and ($10::uuid is null or exists (select 1 from collection_product c
                          where c.collection_id = $10 and c.product_id = s.product_id))
                     and "
                + $range
                + $order
                + " limit $5) f
             join product_listing l on l.market_id = $1 and l.product_id = f.product_id "
                + $again],
            $market.id,
            $text,
            $bound.0,
            $bound.1,
            $page.fetch(),
            filter.price_min,
            filter.price_max,
            filter.available,
            tags as _,
            collection
        )
        .fetch_all($conn)
        .await?
    }};
}

/// A page of the products that match `text`, best first. Any text is safe; the caller bounds its length.
/// [`StoreError::BadValue`] for a cursor of another list's kind, and for a text with a NUL.
pub async fn search(
    conn: &mut Conn,
    market: &Market,
    text: &str,
    page: &Page,
    filter: &ProductFilter,
) -> Result<Slice<Product>, StoreError> {
    let scan = Scan::largest_first(page);
    let bound = keyset::by_score(page, scan)?;
    let rows = match scan {
        Scan::Down => found!(
            conn,
            market,
            text,
            page,
            bound,
            filter,
            "(s.score, s.product_id) < ($3, $4)",
            " order by s.score desc, s.product_id desc",
            "order by f.score desc, f.product_id desc"
        ),
        Scan::Up => found!(
            conn,
            market,
            text,
            page,
            bound,
            filter,
            "(s.score, s.product_id) > ($3, $4)",
            " order by s.score, s.product_id",
            "order by f.score, f.product_id"
        ),
    };
    let keyed = rows.into_iter().map(|mut row| {
        let key = CursorKey::Score(row.score, row.product_id);
        Ok(Keyed { item: row.product()?, key })
    });
    Ok(Slice::from_rows(page, keyed.collect::<Result<_, StoreError>>()?))
}

impl Store {
    /// See [`search`].
    pub async fn catalog_search(
        &self,
        statements: Arc<Statements>,
        market: Market,
        text: String,
        page: Page,
        filter: ProductFilter,
    ) -> Result<Slice<Product>, StoreError> {
        self.read(statements, move |conn| Box::pin(async move { search(conn, &market, &text, &page, &filter).await }))
            .await
    }
}
