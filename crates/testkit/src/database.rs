//! A database per test: a copy of a migrated template, on a server of this test process's own or on the one that
//! `TIDEGATE_TEST_DATABASE` names.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};
use tidegate_local_postgres::{Binaries, LocalPostgres, Settings};
use tokio::sync::OnceCell;

/// A migrated database of one test.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its address.
    pub url: String,
}

struct Server {
    base: String,
    template: String,
    /// Kept for as long as the process; its guard stops it afterwards.
    _own: Option<(LocalPostgres, tempfile::TempDir)>,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Server {
    async fn start() -> Self {
        let (base, own) = match std::env::var("TIDEGATE_TEST_DATABASE") {
            Ok(base) => (base, None),
            Err(_) => tokio::task::spawn_blocking(|| {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let binaries = Binaries::find().expect("PostgreSQL is installed");
                let server =
                    LocalPostgres::start(&binaries, &Settings::throwaway(folder.path())).expect("PostgreSQL starts");
                (server.url("postgres"), Some((server, folder)))
            })
            .await
            .expect("PostgreSQL starts"),
        };
        let template = format!("tidegate_template_{}", std::process::id());
        execute(&base, &format!("create database {template}")).await;
        tidegate_store::migrations::migrate(&at(&base, &template)).await.expect("the migrations apply");
        Self { base, template, _own: own }
    }
}

/// The same server, another database: the path of the address.
fn at(base: &str, database: &str) -> String {
    let (address, parameters) =
        base.split_once('?').map_or((base, String::new()), |(address, parameters)| (address, format!("?{parameters}")));
    let (server, _) = address.rsplit_once('/').expect("the address names a database");
    format!("{server}/{database}{parameters}")
}

async fn execute(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.expect("the database answers");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.expect("the statement runs");
    connection.close().await.expect("the connection closes");
}

impl Database {
    /// Makes one.
    pub async fn new() -> Self {
        let server = SERVER.get_or_init(Server::start).await;
        let name = format!("tidegate_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        execute(&server.base, &format!("create database {name} template {}", server.template)).await;
        Self { url: at(&server.base, &name) }
    }

    /// A connection of the test's own.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.expect("the database answers")
    }

    /// Runs SQL that returns nothing.
    pub async fn run(&self, sql: &str) {
        execute(&self.url, sql).await;
    }

    /// The first column of the first row as text; empty for NULL.
    pub async fn ask(&self, sql: &str) -> String {
        let sql = AssertSqlSafe(format!("select ({sql})::text"));
        let answer: Option<String> =
            sqlx::query_scalar(sql).fetch_one(&mut self.connect().await).await.expect("the statement runs");
        answer.unwrap_or_default()
    }

    /// The same as a number.
    pub async fn count(&self, sql: &str) -> i64 {
        self.ask(sql).await.parse().expect("a number")
    }
}
