//! A mail server that does what the recipient's name says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A message that arrived, whether it was taken or not.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) to: String,
    pub(super) message: String,
}

impl Received {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> &str {
        let (head, _) = self.message.split_once("\r\n\r\n").unwrap();
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Seen {
    received: Vec<Received>,
    /// Messages to each recipient so far.
    by_recipient: HashMap<String, usize>,
}

/// The server.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) url: String,
    seen: Arc<Mutex<Seen>>,
}

impl Sink {
    pub(super) async fn start() -> Self {
        Self::greeting("220 sink").await
    }

    /// One with a greeting of its own.
    pub(super) async fn greeting(greeting: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sink = Self { url: format!("smtp://{}", listener.local_addr().unwrap()), seen: Arc::default() };
        let seen = Arc::clone(&sink.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, greeting, Arc::clone(&seen)));
            }
        });
        sink
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.seen.lock().unwrap().received.clone()
    }
}

/// One connection. Ends when the client leaves.
async fn converse(stream: TcpStream, greeting: &str, seen: Arc<Mutex<Seen>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut to = String::new();
    stream.write_all(format!("{greeting}\r\n").as_bytes()).await.ok()?;
    loop {
        let line = line(&mut stream).await?;
        let answer = match line.split([' ', ':']).next()? {
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
                match to.split('@').next()? {
                    "nobody" => "550 no such user",
                    "stuck" => return std::future::pending().await,
                    _ => "250 ok",
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let message = message(&mut stream).await?;
                match (to.split('@').next()?, note(&seen, &to, message)) {
                    ("later", 1) => "451 come back",
                    ("unanswered", 1) => return std::future::pending().await,
                    _ => "250 taken",
                }
            }
            "QUIT" => "221 bye",
            _ => "250 sink",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

/// Keeps a message; how many there are to this recipient.
fn note(seen: &Mutex<Seen>, to: &str, message: String) -> usize {
    let mut seen = seen.lock().unwrap();
    seen.received.push(Received { to: to.to_owned(), message });
    let count = seen.by_recipient.entry(to.to_owned()).or_default();
    *count += 1;
    *count
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    (stream.read_line(&mut line).await.ok()? > 0).then(|| line.trim_end().to_owned())
}

async fn message(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut message = String::new();
    while !message.ends_with("\r\n.\r\n") {
        if stream.read_line(&mut message).await.ok()? == 0 {
            return None;
        }
    }
    Some(message)
}
