//! The real program as a process that tests can kill.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// The key-encryption key of all test replicas: 32 bytes in base64.
pub(crate) const KEY_ENCRYPTION_KEY: &str = "dGlkZWdhdGUtdGVzdC1rZXktZW5jcnlwdGlvbi1rZXk=";

/// What a replica has written to its standard output so far, line by line. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// All lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

/// A running `tidegate serve`.
#[derive(Debug)]
pub struct Replica {
    child: Child,
    log: Log,
    reading: JoinHandle<()>,
    /// Where it listens.
    pub address: String,
}

impl Replica {
    /// Starts `program serve` on a free port and waits until it listens.
    pub async fn start(program: &str, database_url: &str) -> Self {
        Self::start_with(program, database_url, &[]).await
    }

    /// The same with more environment variables.
    pub async fn start_with(program: &str, database_url: &str, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("DATABASE_URL", database_url)
            .env("TIDEGATE_KEY_ENCRYPTION_KEY", KEY_ENCRYPTION_KEY)
            .env("TIDEGATE_DRAIN_DELAY", "0s")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let log = Log::default();
        let address = loop {
            let line = lines.next_line().await.expect("its output can be read").expect("it goes on until it listens");
            let entry = serde_json::from_str::<serde_json::Value>(&line).unwrap_or_default();
            log.add(line);
            if let Some(address) = find(&entry, "addr") {
                break address;
            }
        };
        // Its output must be read, or it would stop when the pipe is full.
        let kept = log.clone();
        let reading = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                kept.add(line);
            }
        });
        Self { child, log, reading, address }
    }

    /// Its log, which goes on. After [`terminate`](Self::terminate) it is whole.
    #[must_use]
    pub fn log(&self) -> Log {
        self.log.clone()
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Sends SIGTERM and does not wait.
    pub async fn ask_to_stop(&self) {
        let pid = self.pid().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await.expect("kill runs");
        assert!(sent.success());
    }

    /// SIGTERM; the exit code.
    pub async fn terminate(mut self) -> Option<i32> {
        self.ask_to_stop().await;
        let ended = self.child.wait().await.expect("it ends");
        self.reading.await.expect("its output was read to the end");
        ended.code()
    }

    /// See [`post`].
    pub async fn post(&self, body: &serde_json::Value, token: Option<&str>) -> Option<(u16, serde_json::Value)> {
        post(&self.address, body, token).await
    }
}

/// `POST /graphql` over a connection of its own: status and body, or nothing when the connection broke.
pub async fn post(address: &str, body: &serde_json::Value, token: Option<&str>) -> Option<(u16, serde_json::Value)> {
    let body = body.to_string();
    let bearer = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n{bearer}content-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len(),
    );
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let status = answer.get(9..12)?.parse().ok()?;
    let (_, text) = answer.split_once("\r\n\r\n")?;
    Some((status, serde_json::from_str(text).ok()?))
}

fn find(entry: &serde_json::Value, name: &str) -> Option<String> {
    let direct = entry.get(name).or_else(|| entry.get("fields")?.get(name))?;
    direct.as_str().map(str::to_owned)
}
