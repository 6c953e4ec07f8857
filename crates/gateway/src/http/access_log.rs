//! The one log line of a request. As JSON it is written by hand, in one go: it is the only event that every request
//! pays for, and the general machinery of events costs an eighth of a small request.

use std::io::Write as _;
use std::time::Instant;

use axum::http::Method;
use tidegate_document::Kind;
use time::OffsetDateTime;
use uuid::Uuid;

use super::observe::Executed;
use crate::app::App;
use crate::config::LogFormat;

/// What is known of a request when it comes. Dropped without an answer, the client has hung up.
pub(super) struct Line {
    pub(super) app: App,
    pub(super) id: Uuid,
    pub(super) begun: Instant,
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) written: bool,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Answered<'a> {
    pub(super) status: u16,
    pub(super) code: Option<&'a str>,
    pub(super) executed: Option<&'a Executed>,
    pub(super) bytes: Option<u64>,
}

impl Line {
    pub(super) fn write(mut self, answered: &Answered<'_>) {
        self.log(answered);
        self.written = true;
    }

    fn log(&self, answered: &Answered<'_>) {
        if !tracing::enabled!(tracing::Level::INFO) {
            return;
        }
        match self.app.settings().log_format {
            LogFormat::Json => {
                let now = self.app.shared().clock.now();
                // Nobody can be told that standard output is closed.
                drop(std::io::stdout().write_all(&self.json(answered, now).unwrap_or_default()));
            }
            LogFormat::Text => self.event(answered),
        }
    }

    fn event(&self, answered: &Answered<'_>) {
        let executed = answered.executed;
        tracing::info!(
            request_id = %self.id,
            method = method_for_log(&self.method),
            path = self.path,
            operation = executed.and_then(operation),
            kind = executed.map(|executed| kind_for_log(executed.kind)),
            status = answered.status,
            code = answered.code,
            ms = self.milliseconds(),
            statements = executed.map(|executed| executed.statements),
            bytes = answered.bytes,
            viewer = executed.map(|executed| executed.viewer),
            "request"
        );
    }

    /// The same as an event of the JSON log. No value needs escaping: they are numbers, words of ours, and names that
    /// [`name_for_log`] has let through.
    fn json(&self, answered: &Answered<'_>, now: OffsetDateTime) -> std::io::Result<Vec<u8>> {
        let mut line = Vec::with_capacity(512);
        let (date, time) = (now.date(), now.time());
        write!(line, "{{\"timestamp\":\"{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())?;
        write!(line, "T{:02}:{:02}:{:02}.{:06}Z", time.hour(), time.minute(), time.second(), time.microsecond())?;
        write!(line, "\",\"level\":\"INFO\",\"message\":\"request\",\"request_id\":\"{}\"", self.id)?;
        write!(line, ",\"method\":\"{}\",\"path\":\"{}\"", method_for_log(&self.method), self.path)?;
        let executed = answered.executed;
        if let Some(operation) = executed.and_then(operation) {
            write!(line, ",\"operation\":\"{operation}\"")?;
        }
        if let Some(executed) = executed {
            write!(line, ",\"kind\":\"{}\"", kind_for_log(executed.kind))?;
        }
        write!(line, ",\"status\":{}", answered.status)?;
        if let Some(code) = answered.code {
            write!(line, ",\"code\":\"{code}\"")?;
        }
        write!(line, ",\"ms\":{:.2}", self.milliseconds())?;
        if let Some(executed) = executed {
            write!(line, ",\"statements\":{}", executed.statements)?;
        }
        if let Some(bytes) = answered.bytes {
            write!(line, ",\"bytes\":{bytes}")?;
        }
        if let Some(executed) = executed {
            write!(line, ",\"viewer\":\"{}\"", executed.viewer)?;
        }
        line.extend_from_slice(b"}\n");
        Ok(line)
    }

    fn milliseconds(&self) -> f64 {
        (self.begun.elapsed().as_secs_f64() * 100_000.0).round() / 100.0
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.written {
            self.log(&Answered { status: 499, code: Some("CLIENT_GONE"), ..Answered::default() });
        }
    }
}

/// A client's own method is not written into our log.
fn method_for_log(method: &Method) -> &str {
    if [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS].contains(method) { method.as_str() } else { "other" }
}

fn operation(executed: &Executed) -> Option<&str> {
    executed.operation.as_deref().and_then(name_for_log)
}

/// An operation's name, when it is short and plain.
fn name_for_log(name: &str) -> Option<&str> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    ((1..=64).contains(&name.len()) && plain).then_some(name)
}

fn kind_for_log(kind: Kind) -> &'static str {
    match kind {
        Kind::Query => "query",
        Kind::Mutation => "mutation",
        Kind::Subscription => "subscription",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_operations_are_logged_only_when_plain() {
        assert_eq!(name_for_log("ProductPage_2"), Some("ProductPage_2"));
        assert_eq!(name_for_log(""), None);
        assert_eq!(name_for_log("a b"), None);
        assert_eq!(name_for_log(&"a".repeat(65)), None);
    }
}
