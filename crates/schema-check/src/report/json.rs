//! For programs.

use serde_json::{Value, json};

use super::model::{Report, Side};
use super::words;
use crate::change::Place;
use crate::policy::{Judged, JudgedOperation};

/// The report as JSON, indented, with a line end.
#[must_use]
pub fn json(report: &Report) -> String {
    let operations = report.operations.as_ref().map(|operations| {
        let broken: Vec<Value> = report.verdict.operations.iter().map(operation).collect();
        json!({ "clients": operations.clients, "broken": broken, "alreadyInvalid": operations.already })
    });
    let usage = report.usage.as_ref().map(|usage| {
        json!({
            "windowDays": usage.window.days,
            "recordedDays": usage.recorded_days,
            "neededDays": usage.window.recorded,
            "longEnough": usage.is_long_enough(),
        })
    });
    let value = json!({
        "base": report.base,
        "head": report.head,
        "today": crate::dates::show(report.today),
        "fails": report.verdict.fails(),
        "summary": words::summary(report),
        "counts": report.counts(),
        "changes": report.verdict.changes.iter().map(|judged| change(report, judged)).collect::<Vec<_>>(),
        "operations": operations,
        "usage": usage,
        "policy": { "file": report.policy_file, "expired": report.verdict.expired, "idle": report.verdict.idle },
    });
    format!("{value:#}\n")
}

fn change(report: &Report, judged: &Judged) -> Value {
    let change = &judged.change;
    json!({
        "kind": change.kind.name(),
        "coordinate": change.coordinate,
        "path": change.path,
        "severity": judged.severity,
        "ownSeverity": change.severity,
        "byPolicy": judged.by_policy,
        "fails": judged.fails,
        "excuse": judged.excuse,
        "message": change.message,
        "reason": change.reason,
        "base": place(&report.base, change.base),
        "head": place(&report.head, change.head),
        "users": judged.users,
    })
}

fn place(side: &Side, place: Option<Place>) -> Option<Value> {
    place.map(|at| json!({ "file": side.file, "line": at.line, "column": at.column }))
}

fn operation(judged: &JudgedOperation) -> Value {
    let broken = &judged.broken;
    json!({
        "client": broken.client,
        "name": broken.name,
        "source": broken.source,
        "faults": broken.faults,
        "excuse": judged.excuse,
    })
}
