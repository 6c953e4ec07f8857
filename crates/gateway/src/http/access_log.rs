//! The one log line of a request. As JSON it is written by hand, in one go: it is the only event that every request
//! pays for, and the general machinery of events costs an eighth of a small request.

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
    /// The name of the API key that was sent.
    pub(super) client: Option<&'a str>,
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
                write_at_once(self.json(answered, now).as_bytes());
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
            client = answered.client,
            "request"
        );
    }

    /// The same as an event of the JSON log. Beside an operator's name for a client no value needs escaping: they are
    /// numbers, words of ours, and names that [`name_for_log`] has let through.
    fn json(&self, answered: &Answered<'_>, now: OffsetDateTime) -> String {
        let mut line = String::with_capacity(512);
        timestamp(&mut line, now);
        line.push_str(",\"level\":\"INFO\",\"message\":\"request\"");
        text(&mut line, "request_id", self.id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        text(&mut line, "method", method_for_log(&self.method));
        text(&mut line, "path", self.path);
        let executed = answered.executed;
        if let Some(operation) = executed.and_then(operation) {
            text(&mut line, "operation", operation);
        }
        if let Some(executed) = executed {
            text(&mut line, "kind", kind_for_log(executed.kind));
        }
        number(&mut line, "status", answered.status.into());
        if let Some(code) = answered.code {
            text(&mut line, "code", code);
        }
        let hundredths = u64::try_from(self.begun.elapsed().as_micros() / 10).unwrap_or(u64::MAX);
        number(&mut line, "ms", hundredths / 100);
        line.push('.');
        digits(&mut line, u32::try_from(hundredths % 100).unwrap_or_default(), 2);
        if let Some(executed) = executed {
            number(&mut line, "statements", executed.statements.into());
        }
        if let Some(bytes) = answered.bytes {
            number(&mut line, "bytes", bytes);
        }
        if let Some(executed) = executed {
            text(&mut line, "viewer", executed.viewer);
        }
        if let Some(client) = answered.client {
            line.push_str(",\"client\":");
            line.push_str(&serde_json::Value::from(client).to_string());
        }
        line.push_str("}\n");
        line
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

/// Writes a line past the lock of the standard library's output, which workers would wait for while one of them is in
/// the kernel. A write this short is not divided (POSIX, `write`); nobody can be told that standard output is closed.
fn write_at_once(mut line: &[u8]) {
    while !line.is_empty() {
        match rustix::io::retry_on_intr(|| rustix::io::write(rustix::stdio::stdout(), line)) {
            Ok(0) | Err(_) => return,
            Ok(written) => line = line.get(written..).unwrap_or_default(),
        }
    }
}

/// The beginning of a line: when, to the microsecond.
fn timestamp(line: &mut String, now: OffsetDateTime) {
    let (date, time) = (now.date(), now.time());
    line.push_str("{\"timestamp\":\"");
    digits(line, date.year().unsigned_abs(), 4);
    let parts = [
        ('-', u8::from(date.month())),
        ('-', date.day()),
        ('T', time.hour()),
        (':', time.minute()),
        (':', time.second()),
    ];
    for (before, part) in parts {
        line.push(before);
        digits(line, part.into(), 2);
    }
    line.push('.');
    digits(line, time.microsecond(), 6);
    line.push_str("Z\"");
}

/// A member whose value is a text without anything to escape.
fn text(line: &mut String, name: &str, value: &str) {
    line.extend([",\"", name, "\":\"", value, "\""]);
}

/// A member whose value is a number.
fn number(line: &mut String, name: &str, value: u64) {
    line.extend([",\"", name, "\":"]);
    let length = value.checked_ilog10().map_or(1, |power| power + 1);
    (0..length).rev().for_each(|power| digit(line, value / 10_u64.pow(power)));
}

/// A number in exactly so many digits.
fn digits(line: &mut String, value: u32, length: u32) {
    (0..length).rev().for_each(|power| digit(line, u64::from(value / 10_u32.pow(power))));
}

/// The last digit of a number.
fn digit(line: &mut String, number: u64) {
    line.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or_default()));
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
    fn numbers_are_written_in_full_or_to_a_length() {
        let mut line = String::new();
        number(&mut line, "a", 0);
        number(&mut line, "b", 10_203);
        number(&mut line, "c", u64::MAX);
        digits(&mut line, 7, 2);
        digits(&mut line, 2026, 4);

        assert_eq!(line, format!(",\"a\":0,\"b\":10203,\"c\":{}072026", u64::MAX));
    }

    #[test]
    fn an_instant_is_written_as_rfc_3339_has_it() {
        let mut line = String::new();
        timestamp(&mut line, time::macros::datetime!(2026-01-02 03:04:05.000_6 UTC));

        assert_eq!(line, r#"{"timestamp":"2026-01-02T03:04:05.000600Z""#);
    }

    #[test]
    fn names_of_operations_are_logged_only_when_plain() {
        assert_eq!(name_for_log("ProductPage_2"), Some("ProductPage_2"));
        assert_eq!(name_for_log(""), None);
        assert_eq!(name_for_log("a b"), None);
        assert_eq!(name_for_log(&"a".repeat(65)), None);
    }
}
