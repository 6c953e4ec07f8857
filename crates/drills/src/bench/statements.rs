//! The store's own SQL, to be sent without the store: taken from the descriptions that the build checks it against.

use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;
use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

/// Where `cargo xtask sqlx` keeps them.
const DESCRIPTIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../store/.sqlx");

/// The statements behind the operations. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Statements {
    pub(super) list: SqlStr,
    pub(super) product: SqlStr,
    pub(super) search: SqlStr,
    pub(super) cart: SqlStr,
    pub(super) cart_apply: SqlStr,
    pub(super) checkout: SqlStr,
    pub(super) order: SqlStr,
}

impl Statements {
    pub(super) fn read() -> anyhow::Result<Self> {
        let texts = texts(Path::new(DESCRIPTIONS))?;
        let find = |parts: &[&str], end: &str| find(&texts, parts, end);
        Ok(Self {
            list: find(&["where l.market_id = $1 and (l.rank, l.product_id) > ($2, $3)"], "limit $4")?,
            product: find(&["limit $3", "limit $4"], "l.handle = $2")?,
            search: find(&["search_query_v1($2)"], "order by f.score desc, f.product_id desc")?,
            cart: find(&["c.id = $3", "c.secret_hash = $2", "from cart_line i"], "order by l.id asc")?,
            cart_apply: find(&["cart_apply_v1("], "\"outcome!: Json<Value>\"")?,
            checkout: find(&["checkout_v1("], "\"outcome!: Json<Value>\"")?,
            order: find(&["from customer_order c", "c.id = $2"], "order by l.position asc")?,
        })
    }
}

fn texts(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).context("the store's SQL is not described: cargo xtask sqlx")? {
        let described: Value = serde_json::from_slice(&std::fs::read(entry?.path())?)?;
        texts.extend(described["query"].as_str().map(str::to_owned));
    }
    Ok(texts)
}

/// The one statement that holds the parts and ends so. The store may gain others: then the parts must say more.
fn find(texts: &[String], parts: &[&str], end: &str) -> anyhow::Result<SqlStr> {
    let fits = |text: &&String| text.trim_end().ends_with(end) && parts.iter().all(|part| text.contains(part));
    let mut found = texts.iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(text), None) => Ok(AssertSqlSafe(text.as_str()).into_sql_str()),
        (None, _) => anyhow::bail!("no statement of the store has {parts:?} and ends in {end}"),
        _ => anyhow::bail!("several statements of the store have {parts:?} and end in {end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_is_found_once() {
        assert!(Statements::read().is_ok(), "{:?}", Statements::read().err());
    }
}
