//! Folders to start servers in, and questions to ask them.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tidegate_local_postgres::{Binaries, LocalPostgres, LocalPostgresError, Settings};

/// A scratch folder that every account may pass through, as a clone usually is.
pub(crate) fn clone() -> TempDir {
    clone_with_mode(0o755)
}

pub(crate) fn clone_with_mode(mode: u32) -> TempDir {
    tempfile::Builder::new().permissions(Permissions::from_mode(mode)).tempdir_in("/tmp").unwrap()
}

/// Durable, as in `tidegate dev`.
pub(crate) fn start(clone: &Path) -> Result<LocalPostgres, LocalPostgresError> {
    LocalPostgres::start(&Binaries::find()?, &Settings::durable(clone.join(".tidegate")))
}

/// The first column of the first row.
pub(crate) fn ask(server: &LocalPostgres, question: &'static str) -> String {
    let answer: Option<String> =
        runtime().block_on(async { sqlx::query_scalar(question).fetch_one(&mut connect(server).await).await.unwrap() });
    answer.unwrap_or_default()
}

pub(crate) fn tell(server: &LocalPostgres, statement: &'static str) {
    runtime().block_on(async {
        sqlx::raw_sql(statement).execute(&mut connect(server).await).await.unwrap();
    });
}

async fn connect(server: &LocalPostgres) -> PgConnection {
    PgConnection::connect(&server.url("postgres")).await.unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

pub(crate) fn kill(pid: i32) {
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
}

pub(crate) fn alive(pid: i32) -> bool {
    // One that was killed and not yet waited for by its parent has no command line left.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

/// Waits up to a minute.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !condition() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
