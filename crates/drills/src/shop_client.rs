//! A client of the shop: each request to a random replica, repeated with the same idempotency key until it is answered.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::replicas::Board;
use crate::seeded::Seeded;

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(15);
/// How long a request is repeated in all.
const PATIENCE: Duration = Duration::from_mins(1);
/// Shorter than the server keeps an idle connection, so that it is seldom closed under a request.
const IDLE: Duration = Duration::from_secs(5);
/// The longest pause before a repeat for which the server names no time.
const LONGEST_PAUSE_MS: u64 = 500;

/// One operation: one root field, selected once.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// Its name in the figures.
    pub(crate) name: &'static str,
    /// The document.
    pub(crate) document: &'static str,
    /// Its variables.
    pub(crate) variables: Value,
    /// The access token.
    pub(crate) token: Option<&'a str>,
}

/// What the requests came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    /// Microseconds of each answered attempt, by operation.
    pub(crate) latencies: BTreeMap<&'static str, Vec<u32>>,
    /// Attempts sent.
    pub(crate) requests: u64,
    /// Attempts repeated, by cause.
    pub(crate) retries: BTreeMap<String, u64>,
}

/// What one attempt came to.
#[derive(Debug, PartialEq)]
enum Attempt {
    /// The root field's value.
    Answered(Value),
    /// Send it again, after so many milliseconds if the server named them.
    Again { cause: String, wait_ms: Option<u64> },
    /// It will not get better.
    Refused(String),
}

/// Sends calls. Clones share their connections.
#[derive(Debug, Clone)]
pub(crate) struct ShopClient {
    http: reqwest::Client,
    board: Board,
}

impl Figures {
    /// Adds another client's figures.
    pub(crate) fn merge(&mut self, other: Self) {
        for (name, latencies) in other.latencies {
            self.latencies.entry(name).or_default().extend(latencies);
        }
        for (cause, count) in other.retries {
            *self.retries.entry(cause).or_default() += count;
        }
        self.requests += other.requests;
    }
}

impl ShopClient {
    /// A client of the replicas on the board.
    pub(crate) fn new(board: Board) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(ATTEMPT).pool_idle_timeout(IDLE).no_proxy().build()?;
        Ok(Self { http, board })
    }

    /// Sends a call until it is answered; the root field's value. What is refused, or not answered in time, is told in
    /// words.
    pub(crate) async fn ask(
        &self,
        call: &Call<'_>,
        random: &mut Seeded,
        figures: &mut Figures,
    ) -> Result<Value, String> {
        let begun = Instant::now();
        let mut pause_ms = 5;
        loop {
            let sent = Instant::now();
            figures.requests += 1;
            let attempt = self.attempt(call, random).await;
            if !matches!(attempt, Attempt::Again { .. }) {
                let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
                figures.latencies.entry(call.name).or_default().push(micros);
            }
            let (cause, wait_ms) = match attempt {
                Attempt::Answered(value) => return Ok(value),
                Attempt::Refused(reason) => return Err(format!("{}: {reason}", call.name)),
                Attempt::Again { cause, wait_ms } => (cause, wait_ms),
            };
            if begun.elapsed() > PATIENCE {
                return Err(format!("{}: not answered within {} s: {cause}", call.name, PATIENCE.as_secs()));
            }
            *figures.retries.entry(cause).or_default() += 1;
            let jitter = u64::try_from(random.below(10)).unwrap_or(0);
            tokio::time::sleep(Duration::from_millis(wait_ms.unwrap_or(pause_ms) + jitter)).await;
            pause_ms = (pause_ms * 2).min(LONGEST_PAUSE_MS);
        }
    }

    async fn attempt(&self, call: &Call<'_>, random: &mut Seeded) -> Attempt {
        let Some(address) = self.board.pick(random) else {
            return Attempt::Refused("there is no replica".to_owned());
        };
        let body = json!({ "query": call.document, "variables": call.variables });
        let mut request = self.http.post(format!("http://{address}/graphql")).json(&body);
        if let Some(token) = call.token {
            request = request.bearer_auth(token);
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return broken(&error),
        };
        let status = response.status().as_u16();
        match response.bytes().await {
            Ok(body) => read(status, &body),
            Err(error) => broken(&error),
        }
    }
}

/// An attempt whose answer did not come: nobody knows whether it had an effect, which is what the key is for.
fn broken(error: &reqwest::Error) -> Attempt {
    let cause = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "connection refused"
    } else {
        "connection lost"
    };
    Attempt::Again { cause: cause.to_owned(), wait_ms: None }
}

/// Reads an answer.
fn read(status: u16, body: &[u8]) -> Attempt {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        let cause = format!("status {status} without JSON");
        return if status >= 500 { Attempt::Again { cause, wait_ms: None } } else { Attempt::Refused(cause) };
    };
    if let Some(error) = answer.pointer("/errors/0") {
        let code = error.pointer("/extensions/code").and_then(Value::as_str).unwrap_or("no code");
        let wait_ms = error.pointer("/extensions/retryAfterMs").and_then(Value::as_u64);
        if status >= 500 || wait_ms.is_some() || code == "INTERNAL_ERROR" {
            return Attempt::Again { cause: code.to_owned(), wait_ms };
        }
        return Attempt::Refused(format!("status {status}: {error}"));
    }
    let root = answer.get("data").and_then(Value::as_object).and_then(|data| data.values().next());
    let Some(root) = root.filter(|_| status == 200) else {
        return Attempt::Refused(format!("status {status}: {answer}"));
    };
    match root.pointer("/errors/0") {
        None => Attempt::Answered(root.clone()),
        Some(error) if error["code"] == "IDEMPOTENCY_IN_PROGRESS" => Attempt::Again {
            cause: "IDEMPOTENCY_IN_PROGRESS".to_owned(),
            wait_ms: error.get("retryAfterMs").and_then(Value::as_u64),
        },
        Some(_) => Attempt::Refused(root["errors"].to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(cause: &str, wait_ms: Option<u64>) -> Attempt {
        Attempt::Again { cause: cause.to_owned(), wait_ms }
    }

    #[test]
    fn an_answer_is_the_root_fields_value() {
        assert_eq!(read(200, br#"{"data":{"shop":{"a":1}}}"#), Attempt::Answered(json!({ "a": 1 })));
        assert_eq!(read(200, br#"{"data":{"cart":null}}"#), Attempt::Answered(Value::Null));
        assert_eq!(read(200, br#"{"data":{"a":{"errors":[]}}}"#), Attempt::Answered(json!({ "errors": [] })));
    }

    #[test]
    fn what_may_get_better_is_sent_again() {
        let busy = br#"{"errors":[{"message":"","extensions":{"code":"TRY_AGAIN","retryAfterMs":40}}]}"#;
        let fault = br#"{"data":null,"errors":[{"message":"","extensions":{"code":"INTERNAL_ERROR"}}]}"#;
        let running = br#"{"data":{"a":{"errors":[{"code":"IDEMPOTENCY_IN_PROGRESS","retryAfterMs":7}]}}}"#;

        assert_eq!(read(200, busy), again("TRY_AGAIN", Some(40)));
        assert_eq!(read(200, fault), again("INTERNAL_ERROR", None));
        assert_eq!(read(200, running), again("IDEMPOTENCY_IN_PROGRESS", Some(7)));
        assert_eq!(read(503, b"nginx"), again("status 503 without JSON", None));
    }

    #[test]
    fn what_will_not_get_better_is_told() {
        let invalid = br#"{"errors":[{"message":"no","extensions":{"code":"BAD_USER_INPUT"}}]}"#;
        let sold_out = br#"{"data":{"a":{"errors":[{"code":"OUT_OF_STOCK"}]}}}"#;

        assert!(matches!(read(400, invalid), Attempt::Refused(reason) if reason.contains("BAD_USER_INPUT")));
        assert!(matches!(read(200, sold_out), Attempt::Refused(reason) if reason.contains("OUT_OF_STOCK")));
        assert!(matches!(read(404, b"nothing"), Attempt::Refused(_)));
    }
}
