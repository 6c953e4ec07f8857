//! The key ranges: what there is in the shop to ask for.

use std::net::SocketAddr;

use anyhow::Context as _;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::http::Http;
use super::operations;

/// Rows of a page.
pub(super) const PAGE: usize = 24;

/// A page of the product list: by the cursor for the gateway, by the key behind it for the bare driver.
#[derive(Debug, Clone)]
pub(super) struct PageKey {
    pub(super) cursor: Option<String>,
    pub(super) rank: i32,
    pub(super) product: Uuid,
}

/// What can be asked for.
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) pages: Vec<PageKey>,
    pub(super) handles: Vec<String>,
    /// What shoppers look for: two words of a title.
    pub(super) texts: Vec<String>,
    /// Variants with their prices in pence.
    pub(super) variants: Vec<(Uuid, i64)>,
    /// The variant that everybody wants.
    pub(super) hot: (Uuid, i64),
}

impl Shop {
    /// Gives every variant stock that no run uses up, and reads the key ranges.
    pub(super) async fn read(connection: &mut PgConnection) -> anyhow::Result<Self> {
        sqlx::query("update stock set on_hand = 1000000000").execute(&mut *connection).await?;
        sqlx::query("update product_listing set variants_available = variant_count").execute(&mut *connection).await?;
        let listed: Vec<(i32, Uuid, String, String)> =
            sqlx::query_as("select rank, product_id, handle, title from product_listing order by rank, product_id")
                .fetch_all(&mut *connection)
                .await?;
        let mut variants: Vec<(Uuid, i64)> =
            sqlx::query_as("select variant_id, amount from price where market_id = 1 order by variant_id")
                .fetch_all(connection)
                .await?;
        let hot = variants.pop().context("the catalogue is empty")?;
        let first = PageKey { cursor: None, rank: i32::MIN, product: Uuid::nil() };
        let later = listed.chunks_exact(PAGE).map(|page| {
            let (rank, product, ..) = page[PAGE - 1];
            PageKey { cursor: None, rank, product }
        });
        Ok(Self {
            pages: std::iter::once(first).chain(later).collect(),
            handles: listed.iter().map(|(_, _, handle, _)| handle.clone()).collect(),
            texts: listed.iter().filter_map(|(_, _, _, title)| two_words(title)).collect(),
            variants,
            hot,
        })
    }

    /// Turns the pages as a shopper does, for their cursors. The last one may be short and is left out.
    pub(super) async fn turn_pages(&mut self, gateway: SocketAddr) -> anyhow::Result<()> {
        let mut http = Http::connect(gateway).await?;
        let mut request = Vec::new();
        let mut cursor: Option<String> = None;
        let mut turned = 0;
        for page in &mut self.pages {
            page.cursor.clone_from(&cursor);
            operations::cursor_request(&mut request, cursor.as_deref())?;
            let (status, body) = http.ask(&request).await?;
            let answer: Value = serde_json::from_slice(body)?;
            let info = &answer["data"]["products"]["pageInfo"];
            anyhow::ensure!(status == 200 && info.is_object(), "no page of products: {answer}");
            cursor = info["endCursor"].as_str().map(str::to_owned);
            if info["hasNextPage"] != true {
                break;
            }
            turned += 1;
        }
        self.pages.truncate(turned);
        anyhow::ensure!(turned > 1, "the catalogue has too few pages");
        Ok(())
    }
}

/// The first and the last word of a title, when they are longer than a letter.
fn two_words(title: &str) -> Option<String> {
    let mut words = title.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 1);
    let first = words.next()?;
    let last = words.next_back()?;
    Some(format!("{first} {last}").to_lowercase())
}

/// Makes PostgreSQL's picture of the data right before anything is measured.
pub(super) async fn settle(connection: &mut PgConnection) -> anyhow::Result<()> {
    for sql in ["vacuum analyze", "checkpoint"] {
        sqlx::query(sql).execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shoppers_look_for_two_words() {
        assert_eq!(two_words("White Hanging Heart T-Light Holder").as_deref(), Some("white holder"));
        assert_eq!(two_words("Postage 12"), None);
    }
}
