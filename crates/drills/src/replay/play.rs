//! Plays the waves: brings the shop what a wave needs, looks every code up, and lets the shoppers in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use sqlx::PgConnection;
use tokio::task::JoinSet;

use crate::program::Program;
use crate::seeded::Seeded;
use crate::shop_client::{Call, Figures, ShopClient};

use super::amount::Exact;
use super::documents;
use super::plan::Plan;
use super::shelf::{self, Market, Need, Needs};
use super::shopper::{self, Placed, Shop};
use super::waves::Wave;

/// The first of the streams that look codes up; those below belong to the invoices.
const LOOK_UP_STREAMS: u64 = 1 << 40;

/// How to play.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Shoppers at once.
    pub(super) concurrency: usize,
    /// The seed.
    pub(super) seed: u64,
}

/// What came of playing.
#[derive(Debug, Default)]
pub(super) struct Played {
    /// By the invoice's place in the plan: its order, or why there is none.
    pub(super) outcomes: BTreeMap<usize, Result<Placed, String>>,
    /// Requests of shoppers and of looking up.
    pub(super) figures: Figures,
    /// What the shop showed of codes that differs from what was imported.
    pub(super) differences: Vec<String>,
    /// The last on-hand figures imported, by code.
    pub(super) on_hand: BTreeMap<String, i64>,
    /// How long shoppers were in the shop.
    pub(super) shopping: Duration,
    /// How long imports took.
    pub(super) importing: Duration,
}

/// Where the shop is and what it is like.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) program: &'a Program,
    pub(super) client: &'a ShopClient,
    pub(super) market: &'a Market,
}

/// Plays all waves, one after the other: prices change only while no cart is open.
pub(super) async fn play(
    stage: &Stage<'_>,
    connection: &mut PgConnection,
    plan: &Arc<Plan>,
    waves: &[Wave],
    manner: Manner,
) -> anyhow::Result<Played> {
    let mut played = Played::default();
    let mut variants = BTreeMap::new();
    let bar = bar(plan.invoices.len());
    for (number, wave) in waves.iter().enumerate() {
        let needs = shelf::needs(wave);
        let supplies = if number == 0 { shelf::first_needs(waves) } else { needs.clone() };
        let begun = Instant::now();
        let on_hand = shelf::supply(stage.program, connection, stage.market, plan, &supplies).await?;
        played.on_hand.extend(on_hand);
        played.importing += begun.elapsed();
        let begun = Instant::now();
        look_up(stage, needs, manner, &mut variants, &mut played).await?;
        let shop = Arc::new(Shop {
            variants: variants.clone(),
            currency: stage.market.currency.clone(),
            country: stage.market.country.clone(),
        });
        shop_all(stage.client, &shop, plan, &wave.invoices, manner, &bar, &mut played).await?;
        played.shopping += begun.elapsed();
    }
    bar.finish_and_clear();
    Ok(played)
}

/// Finds the variant of every code, and compares what the shop shows with what was imported.
async fn look_up(
    stage: &Stage<'_>,
    needs: Needs,
    manner: Manner,
    variants: &mut BTreeMap<String, String>,
    played: &mut Played,
) -> anyhow::Result<()> {
    let needs: Arc<Vec<(String, Need)>> = Arc::new(needs.into_iter().collect());
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..manner.concurrency {
        let (client, currency) = (stage.client.clone(), stage.market.currency.clone());
        let (needs, next) = (Arc::clone(&needs), Arc::clone(&next));
        workers.spawn(async move {
            let (mut found, mut figures) = (Vec::new(), Figures::default());
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some((sku, need)) = needs.get(index) else { return (found, figures) };
                let mut random = Seeded::new(manner.seed, LOOK_UP_STREAMS + index as u64);
                let variant = find_variant(&client, sku, &mut random, &mut figures).await;
                found.push((sku.clone(), variant.and_then(|variant| compare(&variant, *need, &currency))));
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        let (found, figures) = worker?;
        played.figures.merge(figures);
        for (sku, result) in found {
            match result {
                Ok(id) => drop(variants.insert(sku, id)),
                Err(words) => played.differences.push(format!("{sku}: {words}")),
            }
        }
    }
    Ok(())
}

/// The variant with a code, wherever its product lists it.
async fn find_variant(
    client: &ShopClient,
    sku: &str,
    random: &mut Seeded,
    figures: &mut Figures,
) -> Result<Value, String> {
    let mut after = Value::Null;
    loop {
        let variables = json!({ "sku": sku, "after": after });
        let call = Call { name: "product", document: documents::VARIANT, variables, token: None };
        let product = client.ask(&call, random, figures).await?;
        let nodes = product.pointer("/variants/nodes").and_then(Value::as_array);
        if let Some(variant) = nodes.and_then(|nodes| nodes.iter().find(|node| node["sku"] == sku)) {
            return Ok(variant.clone());
        }
        if product.pointer("/variants/pageInfo/hasNextPage") != Some(&json!(true)) {
            return Err(format!("the shop does not show it: {product}"));
        }
        after = product.pointer("/variants/pageInfo/endCursor").cloned().unwrap_or_default();
    }
}

/// The variant's id, if it is shown at its price with exactly the needed pieces.
fn compare(variant: &Value, need: Need, currency: &str) -> Result<String, String> {
    let price = json!({ "amount": Exact::from_pence(need.pence.into()).to_string(), "currency": currency });
    let availability = json!({ "sellable": need.pieces > 0, "quantity": need.pieces });
    if variant["price"] != price || variant["availability"] != availability {
        return Err(format!("shown as {variant}, imported with {price} and {availability}"));
    }
    variant["id"].as_str().map(str::to_owned).ok_or_else(|| "shown without an id".to_owned())
}

/// Lets the shoppers of a wave in, so many at once.
async fn shop_all(
    client: &ShopClient,
    shop: &Arc<Shop>,
    plan: &Arc<Plan>,
    invoices: &[usize],
    manner: Manner,
    bar: &ProgressBar,
    played: &mut Played,
) -> anyhow::Result<()> {
    let places: Arc<[usize]> = invoices.into();
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..manner.concurrency {
        let (client, shop, plan, bar) = (client.clone(), Arc::clone(shop), Arc::clone(plan), bar.clone());
        let (places, next) = (Arc::clone(&places), Arc::clone(&next));
        workers.spawn(async move {
            let (mut outcomes, mut figures) = (Vec::new(), Figures::default());
            while let Some(place) = places.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                let Some(invoice) = plan.invoices.get(place) else { continue };
                let mut random = Seeded::new(manner.seed, place as u64);
                let outcome = shopper::shop(&client, &shop, place, invoice, &mut random, &mut figures).await;
                outcomes.push((place, outcome));
                bar.inc(1);
            }
            (outcomes, figures)
        });
    }
    while let Some(worker) = workers.join_next().await {
        let (outcomes, figures) = worker?;
        played.outcomes.extend(outcomes);
        played.figures.merge(figures);
    }
    Ok(())
}

/// A bar on a terminal, nothing elsewhere.
fn bar(invoices: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(invoices as u64), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{bar:40} {pos}/{len} invoices, {per_sec}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
