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

/// How often, every ten milliseconds, a test asks whether something has come true.
const PATIENCE: u32 = 3_000;

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

    /// Asks for a number until it is above zero.
    pub async fn until(&self, sql: &str) {
        for _ in 0..PATIENCE {
            if self.count(sql).await > 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("it never came true: {sql}");
    }

    /// Waits until a statement waits for a lock.
    pub async fn until_locked(&self) {
        self.until(
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        )
        .await;
    }

    /// Ends every session but the test's own last one, so that what they counted is told (a session that is about to
    /// idle may keep its counts for ten seconds). Gateways are of no use afterwards.
    pub async fn end_sessions(&self) {
        let others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        for _ in 0..PATIENCE {
            // Whoever has come back meanwhile is ended as well.
            if self.count(&format!("select count(pg_terminate_backend(pid)) {others}")).await == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("sessions do not end");
    }

    /// How many deadlocks PostgreSQL has broken so far. Ends every session.
    pub async fn deadlocks(&self) -> i64 {
        self.end_sessions().await;
        self.count("select deadlocks from pg_stat_database where datname = current_database()").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_deadlock_is_counted() {
        let database = Database::new().await;
        database.run("create table pair (id int primary key); insert into pair values (1), (2)").await;
        assert_eq!(database.deadlocks().await, 0);
        let [mut one, mut other] = [database.connect().await, database.connect().await];
        one.execute("begin; select 1 from pair where id = 1 for update").await.expect("the first lock");
        other.execute("begin; select 1 from pair where id = 2 for update").await.expect("the second lock");
        let waiting =
            tokio::spawn(async move { one.execute("select 1 from pair where id = 2 for update").await.is_ok() });
        database.until_locked().await;

        let went_on = other.execute("select 1 from pair where id = 1 for update").await.is_ok();

        drop(other);
        assert_ne!(waiting.await.expect("the first session goes on"), went_on, "one of the two is ended");
        assert_eq!(database.deadlocks().await, 1);
    }
}
