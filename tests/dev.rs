//! `tidegate dev`: a whole shop from one command, in a folder that only its owner may enter.

use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tidegate_testkit::post;
use tokio::process::{Child, Command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");

struct Dev {
    child: Child,
    address: String,
}

impl Dev {
    /// Starts `dev` in a folder and waits until it answers.
    async fn start(folder: &Path) -> Self {
        let log = std::fs::File::create(folder.join("dev.log")).unwrap();
        let child = command(folder, 0).stdout(log).kill_on_drop(true).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_mins(2);
        // It takes a port that is free, and says which when it is ready.
        let port = loop {
            let said = std::fs::read_to_string(folder.join("dev.log")).unwrap();
            if let Some((_, rest)) = said.split_once("Endpoint    http://localhost:")
                && let Some((port, _)) = rest.split_once("/graphql\n")
            {
                break port.to_owned();
            }
            assert!(Instant::now() < deadline, "dev does not answer: {said}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let dev = Self { child, address: format!("127.0.0.1:{port}") };
        assert!(dev.ask("{ __typename }").await.is_some());
        dev
    }

    async fn ask(&self, query: &str) -> Option<Value> {
        post(&self.address, &json!({ "query": query }), None).await.map(|(_, body)| body)
    }

    /// Sends a signal that ends it; what it exits with.
    async fn end(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().await.unwrap().success());
        self.child.wait().await.unwrap().code()
    }
}

/// What the last `dev` in a folder wrote.
fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("dev.log")).unwrap()
}

/// The folder of the database: where the database's account cannot enter ours, `dev` says where it is instead.
fn database_folder(folder: &Path) -> PathBuf {
    match log(folder).split_once("The database is in ") {
        Some((_, rest)) => PathBuf::from(rest.lines().next().unwrap()),
        None => folder.join(".tidegate"),
    }
}

/// The process id of the database server, which is the first line of its file (PostgreSQL 15, 73.1).
fn database_pid(folder: &Path) -> String {
    let file = database_folder(folder).join("data/postmaster.pid");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines().next().unwrap().trim().to_owned()
}

/// Whether a process runs; one that has ended and that nobody has asked about yet does not.
async fn runs(pid: &str) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().await.unwrap();
    let state = String::from_utf8(output.stdout).unwrap();
    !state.trim().is_empty() && !state.trim_start().starts_with('Z')
}

fn command(folder: &Path, port: u16) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["dev", "--port", &port.to_string()])
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A clone that only its owner may enter, as root's home is.
fn private_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    folder
}

const FIRST: &str = "{ products(first: 1) { nodes { title } } collections(first: 250) { nodes { handle } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_starts_stops_and_recovers() {
    let folder = private_folder();

    let dev = Dev::start(folder.path()).await;
    assert!(log(folder.path()).contains("importing the catalogue"), "{}", log(folder.path()));
    let first = dev.ask(FIRST).await.unwrap();
    assert!(first["data"]["collections"]["nodes"].as_array().unwrap().len() >= 25, "{first}");
    let made = dev.ask("mutation { cartCreate { cart { id } tokens { accessToken } } }").await.unwrap();
    let cart = made["data"]["cartCreate"]["cart"]["id"].as_str().unwrap().to_owned();
    let token = made["data"]["cartCreate"]["tokens"]["accessToken"].as_str().unwrap().to_owned();
    let database = database_pid(folder.path());
    assert!(runs(&database).await);
    assert_eq!(dev.end("-INT").await, Some(0));
    assert!(!runs(&database).await, "Ctrl-C stops the database too");

    // The second start imports nothing; the token and the cart are still good. It takes a second or so, but how long a
    // busy machine takes is not for a test to say.
    assert!(log(folder.path()).contains("importing"));
    let mut dev = Dev::start(folder.path()).await;
    assert!(!log(folder.path()).contains("importing"), "{}", log(folder.path()));
    let read = json!({ "query": format!("{{ cart(id: \"{cart}\") {{ id }} }}") });
    let (_, kept) = post(&dev.address, &read, Some(&token)).await.unwrap();
    assert_eq!(kept["data"]["cart"]["id"], json!(cart));

    // Killed without a word, it recovers at the next start.
    dev.child.kill().await.unwrap();
    let dev = Dev::start(folder.path()).await;
    assert_eq!(dev.ask(FIRST).await.unwrap()["data"], first["data"]);
    let database = database_pid(folder.path());
    assert!(runs(&database).await);
    assert_eq!(dev.end("-TERM").await, Some(0));
    assert!(!runs(&database).await, "SIGTERM stops the database too");
    remove_database_kept_elsewhere(folder.path());
}

fn remove_database_kept_elsewhere(folder: &Path) {
    let place = database_folder(folder);
    if !place.starts_with(folder) {
        assert!(place.starts_with("/var/tmp"), "{}", place.display());
        std::fs::remove_dir_all(place).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_port_is_one_clear_sentence() {
    let folder = private_folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();

    let output = command(folder.path(), port).stderr(Stdio::piped()).output().await.unwrap();

    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{words}");
    assert!(words.starts_with("error: ") && words.contains(&port.to_string()) && words.contains("--port"), "{words}");
    assert!(!words.contains("stack backtrace") && !words.contains("panicked"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve_refuses_to_start_with_a_reason() {
    let database = tidegate_testkit::Database::new().await;
    let run = |variables: Vec<(&'static str, String)>| async move {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0"]).env_remove("DATABASE_URL").envs(variables);
        let output = command.output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let unreachable = "postgres://nobody@127.0.0.1:1/nothing".to_owned();
    let key = ("TIDEGATE_KEY_ENCRYPTION_KEY", "dGlkZWdhdGUtdGVzdC1rZXktZW5jcnlwdGlvbi1rZXk=".to_owned());

    for (variables, word) in [
        (vec![], "database"),
        (vec![("DATABASE_URL", database.url.clone())], "key-encryption key"),
        (vec![("DATABASE_URL", unreachable), key.clone()], "database"),
    ] {
        let (code, words) = run(variables).await;
        assert_eq!(code, Some(2), "{words}");
        assert!(words.starts_with("error: ") && words.contains(word), "{words}");
    }
    database.run("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)").await;
    let (code, words) = run(vec![("DATABASE_URL", database.url.clone()), key]).await;
    assert_eq!(code, Some(2));
    assert!(words.contains("tidegate migrate"), "{words}");
}
