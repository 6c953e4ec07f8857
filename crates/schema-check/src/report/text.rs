//! For people: in a terminal, the worst first.

use std::fmt::Write as _;

use super::model::Report;
use super::words;
use crate::change::{Place, Severity};
use crate::operations::{Broken, Operations};
use crate::policy::{Judged, JudgedOperation};

/// Paints, or does not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
    pub(super) fn bad(self, text: &str) -> String {
        self.with("1;31", text)
    }
    pub(super) fn odd(self, text: &str) -> String {
        self.with("33", text)
    }
    pub(super) fn good(self, text: &str) -> String {
        self.with("32", text)
    }
    pub(super) fn strong(self, text: &str) -> String {
        self.with("1", text)
    }
    pub(super) fn faint(self, text: &str) -> String {
        self.with("2", text)
    }
}

/// The report as text.
#[must_use]
pub fn text(report: &Report, colour: bool) -> String {
    let paint = Paint(colour);
    let mut text = String::new();
    let counts = report.counts();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{} → {}", report.base.name, report.head.name);
    let _ = writeln!(text, "{} breaking, {} dangerous, {} safe", counts.breaking, counts.dangerous, counts.safe);
    let group = |title: &str, wanted: &dyn Fn(&&Judged) -> bool, text: &mut String| {
        let of: Vec<&Judged> = report.verdict.changes.iter().filter(wanted).collect();
        if !of.is_empty() {
            let _ = writeln!(text, "\n{}", paint.strong(title));
            for judged in of {
                change(report, judged, paint, text);
            }
        }
    };
    group("What fails", &|judged| judged.fails, &mut text);
    operations(&report.verdict.operations, "Operations that break", paint, &mut text);
    list("What is wrong with the policy", &report.verdict.expired, |line| paint.bad(line), &mut text);
    group("Breaking, but excused", &|judged| !judged.fails && judged.severity == Severity::Breaking, &mut text);
    group(
        "Dangerous: operations stay valid, but may behave differently",
        &|judged| !judged.fails && judged.severity == Severity::Dangerous,
        &mut text,
    );
    safe(report, paint, &mut text);
    if let Some(operations) = &report.operations {
        tried(operations, paint, &mut text);
    }
    if let Some(usage) = &report.usage {
        let _ = writeln!(text, "\n{}", words::usage(usage));
    }
    list("Idle in the policy", &report.verdict.idle, str::to_owned, &mut text);
    text += &advice(report, paint);
    text
}

/// What would fail and does not, a line each.
#[must_use]
pub fn excused(report: &Report) -> String {
    let mut text = String::new();
    for judged in &report.verdict.changes {
        if let Some(excuse) = &judged.excuse {
            let (kind, coordinate) = (judged.change.kind.name(), &judged.change.coordinate);
            let _ = writeln!(text, "    excused: {kind} {coordinate} ({})", words::excuse(excuse));
        }
    }
    text
}

fn safe(report: &Report, paint: Paint, text: &mut String) {
    let changes = report.verdict.changes.iter();
    let all: Vec<&Judged> = changes.filter(|judged| !judged.fails && judged.severity == Severity::Safe).collect();
    let telling = words::telling(&all);
    if telling.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", paint.strong("Safe"));
    for judged in &telling {
        change(report, judged, paint, text);
    }
    if all.len() > telling.len() {
        let _ = writeln!(text, "  and {} that say no more", all.len() - telling.len());
    }
}

fn list(title: &str, lines: &[String], paint: impl Fn(&str) -> String, text: &mut String) {
    if !lines.is_empty() {
        let _ = writeln!(text, "\n{title}");
        for line in lines {
            let _ = writeln!(text, "  {}", paint(line));
        }
    }
}

fn change(report: &Report, judged: &Judged, paint: Paint, text: &mut String) {
    let change = &judged.change;
    let name = format!("{} {}", change.kind.name(), change.coordinate);
    if judged.severity == Severity::Safe && !judged.fails && judged.by_policy.is_none() {
        let _ = writeln!(text, "  {} {}  {}", paint.good("+"), name, paint.faint(&change.message));
        return;
    }
    let mark = if judged.fails { paint.bad("✗") } else { paint.odd("!") };
    let _ = writeln!(text, "  {mark} {}", paint.strong(&name));
    let _ = writeln!(text, "    {}", words::sentence(&change.message));
    if let Some(reason) = &change.reason {
        let _ = writeln!(text, "    {}", words::sentence(reason));
    }
    if let Some(renamed) = words::renamed(report, judged) {
        let _ = writeln!(text, "    {}", words::sentence(&renamed));
    }
    if let Some(by_policy) = &judged.by_policy {
        let by = format!(
            "{} here, {} by itself ({by_policy})",
            words::severity(judged.severity),
            words::severity(change.severity)
        );
        let _ = writeln!(text, "    {}", words::sentence(&by));
    }
    if let Some(users) = words::users(&judged.users, report.usage.as_ref()) {
        let _ = writeln!(text, "    {}", paint.odd(&words::sentence(&users)));
    }
    if let Some(excuse) = &judged.excuse {
        let _ = writeln!(text, "    {}", paint.good(&words::sentence(&format!("Excused: {}", words::excuse(excuse)))));
    }
    let place = |side: &str, place: Option<Place>| place.map(|at| format!("{side}:{}:{}", at.line, at.column));
    let places = [place(&report.base.name, change.base), place(&report.head.name, change.head)];
    let places = places.into_iter().flatten().collect::<Vec<_>>().join("  →  ");
    if !places.is_empty() {
        let _ = writeln!(text, "    {}", paint.faint(&places));
    }
}

fn operations(operations: &[JudgedOperation], title: &str, paint: Paint, text: &mut String) {
    if operations.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{}", paint.strong(title));
    for judged in operations {
        let mark = if judged.excuse.is_some() { paint.odd("!") } else { paint.bad("✗") };
        broken(&judged.broken, &mark, paint, text);
        if let Some(excuse) = &judged.excuse {
            let _ =
                writeln!(text, "    {}", paint.good(&words::sentence(&format!("Excused: {}", words::excuse(excuse)))));
        }
    }
}

fn broken(broken: &Broken, mark: &str, paint: Paint, text: &mut String) {
    let _ = writeln!(text, "  {mark} {}: {}", paint.strong(&broken.client), paint.strong(&broken.name));
    for fault in &broken.faults {
        let place = match (fault.line, fault.column) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}", fault.source),
            _ => fault.source.clone(),
        };
        let _ = writeln!(text, "    {}  {}", fault.message, paint.faint(&place));
    }
}

fn tried(operations: &Operations, paint: Paint, text: &mut String) {
    let all: usize = operations.clients.iter().map(|client| client.operations).sum();
    let clients: Vec<String> =
        operations.clients.iter().map(|client| format!("{} {}", client.client, client.operations)).collect();
    let tried = words::count(all, "operation", "operations");
    let of = if clients.is_empty() { String::new() } else { format!(": {}", clients.join(", ")) };
    let _ = writeln!(text, "\nTried {tried} of clients{of}; {} broken.", operations.broken.len());
    if !operations.already.is_empty() {
        let _ = writeln!(text, "\nInvalid on the base already, so not counted");
        for one in &operations.already {
            broken(one, &paint.odd("!"), paint, text);
        }
    }
}

/// What to do about what fails.
fn advice(report: &Report, paint: Paint) -> String {
    let mut text = String::new();
    if !report.verdict.fails() {
        return text;
    }
    let _ = writeln!(text, "\n{}", paint.strong("What to do"));
    if let Some(example) = report.example() {
        let _ = writeln!(
            text,
            "  Change it by addition: leave the old part, put the new one beside it, and mark the old one\n  \
             @deprecated(reason: \"Use `new`. Removed after YYYY-MM-DD\") until no client uses it.\n  \
             If the break is wanted, say so in {}:\n",
            report.policy_file
        );
        for line in report.exemption(example).lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    let operation = report.verdict.operations.iter().find(|judged| judged.excuse.is_none());
    if let Some(judged) = operation {
        let _ = writeln!(
            text,
            "{}  Operations break until their client has shipped new ones and the old ones are out of use. If {} may break,\n  \
             retire its operation or put an [[exempt_operation]] with client, operation, reason and expires into {}.",
            if report.example().is_some() { "\n" } else { "" },
            judged.broken.client,
            report.policy_file
        );
    }
    if report.example().is_none() && operation.is_none() {
        let _ = writeln!(text, "  Edit {}.", report.policy_file);
    }
    text
}
