//! Load: so many connections, each sending one request after the other, for so long.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection};
use time::OffsetDateTime;
use tokio::task::JoinSet;

use super::bare;
use super::carts::{self, Buyer};
use super::http::Http;
use super::operations::{self, Ask, Operation};
use super::shop::Shop;
use super::statements::Statements;
use crate::seeded::Seeded;

/// A connection to whoever is asked.
#[derive(Debug)]
pub(super) enum Lane {
    Gateway(Http),
    Hello(Http),
    Bare(Box<PgConnection>, Statements),
}

/// What the connections of one run share.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) operation: Operation,
    pub(super) shop: Arc<Shop>,
    /// Carts that stay: to be read, and to be added to.
    pub(super) standing: Arc<Vec<Buyer>>,
    /// Carts to be checked out, each once.
    pub(super) fresh: Vec<Buyer>,
    /// How many of them have been.
    pub(super) used: AtomicUsize,
    pub(super) time: Duration,
    pub(super) now: OffsetDateTime,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// From the first request to the last answer.
    pub(super) elapsed: Duration,
    /// Microseconds of each request, in ascending order.
    pub(super) latencies: Vec<u32>,
}

/// Opens connections over HTTP.
pub(super) async fn http(address: SocketAddr, count: usize, lane: fn(Http) -> Lane) -> anyhow::Result<Vec<Lane>> {
    let mut lanes = Vec::with_capacity(count);
    for _ in 0..count {
        lanes.push(lane(Http::connect(address).await?));
    }
    Ok(lanes)
}

/// Opens connections to the database.
pub(super) async fn bare(url: &str, count: usize, statements: &Statements) -> anyhow::Result<Vec<Lane>> {
    let mut lanes = Vec::with_capacity(count);
    for _ in 0..count {
        lanes.push(Lane::Bare(Box::new(PgConnection::connect(url).await?), statements.clone()));
    }
    Ok(lanes)
}

/// Runs, and gives the connections back. The first failure ends it.
pub(super) async fn run(run: &Arc<Run>, lanes: Vec<Lane>, seed: u64) -> anyhow::Result<(Outcome, Vec<Lane>)> {
    let begun = Instant::now();
    let mut workers = JoinSet::new();
    for (stream, lane) in (0_u64..).zip(lanes) {
        workers.spawn(work(Arc::clone(run), lane, Seeded::new(seed, stream), begun + run.time));
    }
    let mut outcome = Outcome::default();
    let mut lanes = Vec::with_capacity(workers.len());
    while let Some(ended) = workers.join_next().await {
        let (latencies, lane) = ended??;
        outcome.latencies.extend(latencies);
        lanes.push(lane);
    }
    outcome.elapsed = begun.elapsed();
    outcome.latencies.sort_unstable();
    Ok((outcome, lanes))
}

async fn work(run: Arc<Run>, mut lane: Lane, mut random: Seeded, end: Instant) -> anyhow::Result<(Vec<u32>, Lane)> {
    let mut latencies = Vec::with_capacity(64 * 1024);
    let mut request = Vec::with_capacity(4 * 1024);
    while let Some(ask) = run.next(&mut random) {
        let key = carts::id(&mut random, run.now);
        match &lane {
            Lane::Gateway(_) => operations::request(&mut request, ask, key)?,
            Lane::Hello(_) => operations::hello_request(&mut request),
            Lane::Bare(..) => {}
        }
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        match &mut lane {
            Lane::Gateway(http) => {
                let (status, body) = http.ask(&request).await?;
                let right = status == 200 && body.starts_with(run.operation.answer());
                anyhow::ensure!(right, "{ask:?} was answered {status} {}", String::from_utf8_lossy(body));
            }
            Lane::Hello(http) => _ = http.ask(&request).await?,
            Lane::Bare(connection, statements) => bare::send(connection, statements, ask, key, run.now).await?,
        }
        latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok((latencies, lane))
}

impl Run {
    /// The next request, anywhere in the key range; `None` when there are no more carts.
    fn next(&self, random: &mut Seeded) -> Option<Ask<'_>> {
        let Shop { pages, handles, texts, variants, .. } = &*self.shop;
        match self.operation {
            Operation::List => pages.get(random.below(pages.len())).map(Ask::Page),
            Operation::Product => handles.get(random.below(handles.len())).map(|handle| Ask::Product(handle)),
            Operation::Search => texts.get(random.below(texts.len())).map(|text| Ask::Search(text)),
            Operation::CartRead => self.standing.get(random.below(self.standing.len())).map(Ask::Cart),
            Operation::AddLine => {
                let (variant, _) = variants.get(random.below(variants.len()))?;
                self.standing.get(random.below(self.standing.len())).map(|buyer| Ask::Add(buyer, *variant))
            }
            Operation::Checkout | Operation::HotSku => {
                self.fresh.get(self.used.fetch_add(1, Ordering::Relaxed)).map(Ask::Checkout)
            }
            Operation::Typename => Some(Ask::Typename),
        }
    }
}
