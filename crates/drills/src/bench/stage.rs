//! The stage: database, gateway, hello, key ranges; and measuring one run on it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgConnection;
use tempfile::TempDir;
use tidegate_auth::keys::KeySet;
use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;

use super::carts::{self, Buyer, Filling};
use super::figures::{Sample, percentile};
use super::gateway::Gateway;
use super::hello::Hello;
use super::load::{self, Lane, Outcome, Run};
use super::operations::Operation;
use super::shop::{self, Shop};
use super::statements::Statements;
use super::{keys, processes};
use crate::database::Database;
use crate::program::Program;
use crate::replay::open_shop;
use crate::seeded::Seeded;

/// More checkouts a second than any side makes on two cores.
const CHECKOUTS_PER_SECOND: f64 = 3_000.0;

/// Everything that runs.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) gateway: Gateway,
    pub(super) hello: Hello,
    pub(super) connection: PgConnection,
    pub(super) database: Database,
    statements: Statements,
    keys: KeySet,
    shop: Arc<Shop>,
    standing: Arc<Vec<Buyer>>,
    /// Carts to be checked out: any, and of the hot SKU.
    fresh: [Vec<Buyer>; 2],
    bare: Vec<Lane>,
    random: Seeded,
    _folder: TempDir,
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The gateway.
    Gateway,
    /// The bare driver, or hello where there is no statement.
    Limit,
}

impl Stage {
    /// Sets everything up: a new database with the catalogue and so many carts.
    pub(super) async fn set(catalogue: &Path, carts: usize, seed: u64) -> anyhow::Result<Self> {
        let database = Database::start().await?;
        let program = Program::find(database.url(), seed).await?;
        open_shop(&program, catalogue).await?;
        let folder = tempfile::Builder::new().prefix("tidegate-bench-").tempdir()?;
        let gateway = Gateway::start(&program, folder.path()).await?;
        let mut connection = database.connect().await?;
        let now = SystemClock.now();
        let keys = keys::read(&mut connection, program.key_encryption_key(), now).await?;
        let mut shop = Shop::read(&mut connection).await?;
        shop.turn_pages(gateway.address).await?;
        let mut random = Seeded::new(seed, 0);
        let filling = Filling::Any(&shop.variants);
        let standing = carts::make(&mut connection, carts, filling, &keys, &mut random, now).await?;
        shop::settle(&mut connection).await?;
        Ok(Self {
            gateway,
            hello: Hello::start().await?,
            connection,
            statements: Statements::read()?,
            keys,
            shop: Arc::new(shop),
            standing: Arc::new(standing),
            fresh: [Vec::new(), Vec::new()],
            bare: Vec::new(),
            random,
            database,
            _folder: folder,
        })
    }

    /// Begins a round: tokens of the standing carts are signed anew, and PostgreSQL knows how large its tables are.
    /// Plans made while the order tables were empty would read them from end to end.
    pub(super) async fn settle(&mut self) -> anyhow::Result<()> {
        shop::settle(&mut self.connection).await?;
        let standing = Arc::get_mut(&mut self.standing).context("a run goes on")?;
        carts::renew(standing, &self.keys, SystemClock.now())
    }

    /// Runs an operation for a time and measures it.
    pub(super) async fn measure(
        &mut self,
        operation: Operation,
        asked: Asked,
        connections: usize,
        time: Duration,
    ) -> anyhow::Result<Sample> {
        let lanes = self.lanes(operation, asked, connections).await?;
        let now = SystemClock.now();
        let run = Arc::new(Run {
            operation,
            shop: Arc::clone(&self.shop),
            standing: Arc::clone(&self.standing),
            fresh: self.fresh_carts(operation, time).await?,
            used: AtomicUsize::new(0),
            time,
            now,
        });
        let before = self.effects(operation).await?;
        let (server, postgres) = self.cpu(operation, asked)?;
        let (outcome, lanes) = load::run(&run, lanes, self.random.next()).await?;
        let (server_after, postgres_after) = self.cpu(operation, asked)?;
        let after = self.effects(operation).await?;
        self.bare.extend(lanes.into_iter().filter(|lane| matches!(lane, Lane::Bare(..))));
        self.keep_unused(run);
        self.gateway.forget_log()?;
        Ok(sample(&outcome, server_after - server, postgres_after - postgres, after.zip(before)))
    }

    /// Statements that one request takes, by the gateway's own count.
    pub(super) async fn statements_of(&mut self, operation: Operation) -> anyhow::Result<u64> {
        let Some(name) = operation.name() else { return Ok(0) };
        let lanes = self.lanes(operation, Asked::Gateway, 1).await?;
        let fresh = self.fresh_carts(operation, Duration::from_millis(100)).await?;
        let run = Arc::new(Run {
            operation,
            shop: Arc::clone(&self.shop),
            standing: Arc::clone(&self.standing),
            fresh,
            used: AtomicUsize::new(0),
            time: Duration::from_millis(20),
            now: SystemClock.now(),
        });
        load::run(&run, lanes, self.random.next()).await?;
        self.keep_unused(run);
        // The log line is written when the answer has gone out.
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.gateway.statements(name)
    }

    async fn lanes(&mut self, operation: Operation, asked: Asked, count: usize) -> anyhow::Result<Vec<Lane>> {
        match (asked, operation) {
            (Asked::Gateway, _) => load::http(self.gateway.address, count, Lane::Gateway).await,
            (Asked::Limit, Operation::Typename) => load::http(self.hello.address, count, Lane::Hello).await,
            (Asked::Limit, _) => {
                // Kept open, so that their statements stay prepared.
                let missing = count.saturating_sub(self.bare.len());
                self.bare.extend(load::bare(&self.database.url(), missing, &self.statements).await?);
                Ok(self.bare.drain(..count).collect())
            }
        }
    }

    async fn fresh_carts(&mut self, operation: Operation, time: Duration) -> anyhow::Result<Vec<Buyer>> {
        if !operation.uses_up_carts() {
            return Ok(Vec::new());
        }
        let hot = operation == Operation::HotSku;
        let mut fresh = std::mem::take(&mut self.fresh[usize::from(hot)]);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
        let wanted = (CHECKOUTS_PER_SECOND * time.as_secs_f64()) as usize + 64;
        let now = SystemClock.now();
        // Those that are left may be old.
        carts::renew(&mut fresh, &self.keys, now)?;
        let shop = Arc::clone(&self.shop);
        let filling = if hot { Filling::One(shop.hot) } else { Filling::Any(&shop.variants) };
        let missing = wanted.saturating_sub(fresh.len());
        fresh.extend(carts::make(&mut self.connection, missing, filling, &self.keys, &mut self.random, now).await?);
        Ok(fresh)
    }

    fn keep_unused(&mut self, run: Arc<Run>) {
        let hot = run.operation == Operation::HotSku;
        if let Some(run) = Arc::into_inner(run).filter(|run| run.operation.uses_up_carts()) {
            let used = run.used.load(Ordering::Relaxed).min(run.fresh.len());
            self.fresh[usize::from(hot)] = run.fresh.into_iter().skip(used).collect();
        }
    }

    /// What a write has left behind so far: pieces in carts, or orders.
    async fn effects(&mut self, operation: Operation) -> anyhow::Result<Option<i64>> {
        let count = match operation {
            Operation::AddLine => "select sum(quantity)::bigint from cart_line",
            Operation::Checkout | Operation::HotSku => "select count(*) from customer_order",
            _ => return Ok(None),
        };
        Ok(Some(sqlx::query_scalar(count).fetch_one(&mut self.connection).await?))
    }

    /// CPU of the server that is asked and of PostgreSQL.
    fn cpu(&self, operation: Operation, asked: Asked) -> anyhow::Result<(u64, u64)> {
        let server = match (asked, operation) {
            (Asked::Gateway, _) => self.gateway.cpu_micros()?,
            (Asked::Limit, Operation::Typename) => processes::cpu_micros(self.hello.pid)?,
            (Asked::Limit, _) => 0,
        };
        Ok((server, processes::family_cpu_micros(self.database.pid())?))
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn sample(outcome: &Outcome, server: u64, postgres: u64, effects: Option<(i64, i64)>) -> Sample {
    Sample {
        requests: outcome.latencies.len() as f64,
        seconds: outcome.elapsed.as_secs_f64(),
        server_micros: server as f64,
        postgres_micros: postgres as f64,
        p50_micros: percentile(&outcome.latencies, 50),
        p99_micros: percentile(&outcome.latencies, 99),
        effects: effects.map(|(after, before)| after - before),
    }
}
