//! A database per test, on the server that `TIDEGATE_TEST_DATABASE` names or on one of this process's own.

use sqlx::{Connection as _, Executor as _, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use tidegate_local_postgres::{Binaries, LocalPostgres, Settings};
use tidegate_store::{PoolSettings, Statements, Store, migrations};

/// A migrated database and a store on it; dropped by whoever owns the server.
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) store: Store,
}

struct Server {
    base: String,
    _own: Option<(LocalPostgres, tempfile::TempDir)>,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Server {
    fn start() -> Self {
        if let Ok(base) = std::env::var("TIDEGATE_TEST_DATABASE") {
            return Self { base, _own: None };
        }
        let folder = tempfile::tempdir().unwrap();
        let server = LocalPostgres::start(&Binaries::find().unwrap(), &Settings::throwaway(folder.path())).unwrap();
        Self { base: server.url("postgres"), _own: Some((server, folder)) }
    }

    /// The same server, another database: the path of the address.
    fn url(&self, database: &str) -> String {
        let (address, parameters) = self.base.split_once('?').unwrap_or((&self.base, ""));
        let (server, _) = address.rsplit_once('/').unwrap();
        format!("{server}/{database}?{parameters}")
    }
}

impl Database {
    pub(crate) async fn new() -> Self {
        let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(Server::start)).await.unwrap();
        let name = format!("tg_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&server.base).await.unwrap();
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name}")))).await.unwrap();
        connection.close().await.unwrap();
        let url = server.url(&name);
        migrations::migrate(&url).await.unwrap();
        let store = Store::new(&url, PoolSettings { max_connections: 4, ..PoolSettings::default() }).unwrap();
        Self { url, store }
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// Runs SQL that returns nothing.
    pub(crate) async fn run(&self, sql: impl Into<String>) {
        self.connect().await.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.into()))).await.unwrap();
    }

    /// The first column of the first row as text.
    pub(crate) async fn ask(&self, sql: &str) -> String {
        let sql = sqlx::AssertSqlSafe(format!("select ({sql})::text"));
        let answer: Option<String> = sqlx::query_scalar(sql).fetch_one(&mut self.connect().await).await.unwrap();
        answer.unwrap_or_default()
    }
}

/// A counter of statements.
pub(crate) fn statements() -> Arc<Statements> {
    Arc::default()
}
