//! What the shop has on its shelves, and bringing it what a wave needs, through `tidegate import`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use sqlx::{PgConnection, Row as _};

use crate::program::Program;

use super::amount::Exact;
use super::plan::Plan;
use super::waves::Wave;

/// The market that is played in.
#[derive(Debug, Clone)]
pub(super) struct Market {
    /// Its id.
    pub(super) id: i16,
    /// Its handle.
    pub(super) handle: String,
    /// Its currency.
    pub(super) currency: String,
    /// Its country.
    pub(super) country: String,
}

/// What the shop has of one code.
#[derive(Debug, Clone, Copy, Default)]
struct Stocked {
    pence: Option<i64>,
    on_hand: i64,
    allocated: i64,
}

/// What a wave needs of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Need {
    /// The unit price in pence.
    pub(super) pence: i64,
    /// Pieces.
    pub(super) pieces: i64,
}

/// By canonical code.
pub(super) type Needs = BTreeMap<String, Need>;

/// The shop's default market.
pub(super) async fn market(connection: &mut PgConnection) -> anyhow::Result<Market> {
    let row = sqlx::query(
        "select id, handle, currency::text as currency, country::text as country from market order by id limit 1",
    )
    .fetch_one(connection)
    .await?;
    let market = Market {
        id: row.try_get("id")?,
        handle: row.try_get("handle")?,
        currency: row.try_get("currency")?,
        country: row.try_get("country")?,
    };
    anyhow::ensure!(market.currency == "GBP", "the record is in pounds, the shop sells in {}", market.currency);
    Ok(market)
}

/// What a wave needs.
pub(super) fn needs(wave: &Wave) -> Needs {
    let pieces = |sku: &String| wave.pieces.get(sku).copied().unwrap_or_default();
    wave.prices.iter().map(|(sku, pence)| (sku.clone(), Need { pence: *pence, pieces: pieces(sku) })).collect()
}

/// What the first import brings: all codes of all waves, each as its first wave needs it.
pub(super) fn first_needs(waves: &[Wave]) -> Needs {
    let mut first = Needs::new();
    for wave in waves {
        for (sku, need) in needs(wave) {
            first.entry(sku).or_insert(need);
        }
    }
    first
}

/// Imports what the shop lacks of the needs: products, variants, other prices, and on-hand figures that leave exactly
/// the needed pieces to sell. Returns the on-hand figures by code.
pub(super) async fn supply(
    program: &Program,
    connection: &mut PgConnection,
    market: &Market,
    plan: &Plan,
    needs: &Needs,
) -> anyhow::Result<BTreeMap<String, i64>> {
    let stocked = stocked(connection, market).await?;
    let folder = tempfile::Builder::new().prefix("tidegate-replay-").tempdir()?;
    let (files, on_hand) = write(folder.path(), market, plan, needs, &stocked)?;
    let mut arguments: Vec<&OsStr> = vec!["import".as_ref(), "--stock".as_ref()];
    arguments.extend(files.iter().map(|path| path.as_os_str()));
    program.run(&arguments).await?;
    Ok(on_hand)
}

async fn stocked(connection: &mut PgConnection, market: &Market) -> anyhow::Result<BTreeMap<String, Stocked>> {
    let rows = sqlx::query(
        "select v.sku, p.amount, coalesce(s.on_hand, 0) as on_hand, coalesce(s.allocated, 0) as allocated
         from variant v
         left join price p on p.variant_id = v.id and p.market_id = $1
         left join stock s on s.variant_id = v.id",
    )
    .bind(market.id)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let stocked = Stocked {
                pence: row.try_get("amount")?,
                on_hand: row.try_get("on_hand")?,
                allocated: row.try_get("allocated")?,
            };
            Ok((row.try_get("sku")?, stocked))
        })
        .collect()
}

/// Writes the files of an import, in the catalogue's format.
fn write(
    folder: &Path,
    market: &Market,
    plan: &Plan,
    needs: &Needs,
    stocked: &BTreeMap<String, Stocked>,
) -> anyhow::Result<(Vec<PathBuf>, BTreeMap<String, i64>)> {
    let names = ["products", "variants", "prices", "stock"];
    let files: Vec<_> = names.iter().map(|name| folder.join(format!("{name}.csv"))).collect();
    let mut writers = Vec::new();
    for file in &files {
        writers.push(csv::Writer::from_path(file)?);
    }
    let [products, variants, prices, stock] = &mut writers[..] else {
        anyhow::bail!("four files have four writers");
    };
    products.write_record(["handle", "title", "description", "vendor", "tags", "options"])?;
    variants.write_record(["product", "sku", "title", "option_values", "position"])?;
    prices.write_record(["sku", "market", "currency", "amount", "compare_at"])?;
    stock.write_record(["sku", "on_hand"])?;
    let mut on_hand = BTreeMap::new();
    for (sku, need) in needs {
        let had = stocked.get(sku);
        if had.is_none() {
            let handle = format!("record-{}", sku.to_ascii_lowercase());
            let title = plan.titles.get(sku).unwrap_or(sku);
            products.write_record([&handle, title, "", "", "", ""])?;
            variants.write_record([&handle, sku, "", "", "1"])?;
        }
        let had = had.copied().unwrap_or_default();
        if had.pence != Some(need.pence) {
            let amount = Exact::from_pence(need.pence.into()).to_string();
            prices.write_record([sku, &market.handle, &market.currency, &amount, ""])?;
        }
        let figure = had.allocated + need.pieces;
        if had.on_hand != figure {
            stock.write_record([sku, &figure.to_string()])?;
        }
        on_hand.insert(sku.clone(), figure);
    }
    for writer in &mut writers {
        writer.flush()?;
    }
    Ok((files, on_hand))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_shop_lacks_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let market = Market { id: 1, handle: "gb".into(), currency: "GBP".into(), country: "GB".into() };
        let need = |pence, pieces| Need { pence, pieces };
        let needs = Needs::from([
            ("10001".to_owned(), need(5, 3)),
            ("10002".to_owned(), need(120, 3)),
            ("10003".to_owned(), need(120, 3)),
        ]);
        let had = |pence, on_hand, allocated| Stocked { pence: Some(pence), on_hand, allocated };
        let stocked = BTreeMap::from([("10002".to_owned(), had(85, 5, 2)), ("10003".to_owned(), had(120, 90, 2))]);
        let mut plan = Plan::default();
        plan.titles.insert("10001".to_owned(), "MUG, WHITE".to_owned());

        let (files, on_hand) = write(folder.path(), &market, &plan, &needs, &stocked).unwrap();

        let rows = |index: usize| {
            let text = std::fs::read_to_string(&files[index]).unwrap();
            text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(rows(0), ["record-10001,\"MUG, WHITE\",,,,"]);
        assert_eq!(rows(1), ["record-10001,10001,,,1"]);
        assert_eq!(rows(2), ["10001,gb,GBP,0.05,", "10002,gb,GBP,1.20,"]);
        assert_eq!(rows(3), ["10001,3", "10003,5"]);
        assert_eq!(on_hand.values().copied().collect::<Vec<_>>(), [3, 5, 5]);
    }
}
