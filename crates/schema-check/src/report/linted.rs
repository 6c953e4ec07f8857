//! What the linter has to say, in every form.

use std::fmt::Write as _;

use serde_json::json;

use super::annotation::{Annotation, Gravity};
use super::markdown::{code, escaped};
use super::text::Paint;
use super::words;
use crate::lint::{Finding, Level, Linted};

/// What a lint report is about.
#[derive(Debug, Clone)]
pub struct LintReport {
    /// What to call the schema.
    pub name: String,
    /// The file that annotations point at.
    pub file: String,
    /// The file with the policy.
    pub policy_file: String,
    /// What was found.
    pub linted: Linted,
}

impl LintReport {
    fn count(&self, level: Level) -> usize {
        self.linted.findings.iter().filter(|finding| finding.level == level).count()
    }

    fn summary(&self) -> String {
        format!(
            "{}, {}, {} exempted by {}",
            words::count(self.count(Level::Error), "error", "errors"),
            words::count(self.count(Level::Warning), "warning", "warnings"),
            self.linted.exempted,
            self.policy_file
        )
    }
}

/// For people.
#[must_use]
pub fn text(report: &LintReport, colour: bool) -> String {
    let paint = Paint(colour);
    let mut text = String::new();
    for finding in &report.linted.findings {
        let level = match finding.level {
            Level::Error => paint.bad("error"),
            Level::Warning | Level::Off => paint.odd("warning"),
        };
        let place = finding.place.map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
        let place = paint.faint(&format!("{}{place}", report.file));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{level} {} {}  {place}", finding.rule, paint.strong(&finding.coordinate));
        let _ = writeln!(text, "  {}", words::sentence(&finding.message));
    }
    for line in &report.linted.idle {
        let _ = writeln!(text, "{} {line}", paint.odd("policy"));
    }
    let _ = writeln!(text, "{}: {}", report.name, report.summary());
    text
}

/// For programs.
#[must_use]
pub fn json(report: &LintReport) -> String {
    let linted = &report.linted;
    let value = json!({
        "schema": report.name,
        "fails": linted.fails(),
        "findings": linted.findings,
        "exempted": linted.exempted,
        "idle": linted.idle,
    });
    format!("{value:#}\n")
}

/// For a pull request.
#[must_use]
pub fn markdown(report: &LintReport) -> String {
    let verdict = if report.linted.fails() { "❌" } else { "✅" };
    let mut text = format!("## {verdict} Schema lint: {}\n", escaped(&report.summary()));
    if !report.linted.findings.is_empty() {
        text += "\n| | Rule | Where | What |\n|---|---|---|---|\n";
    }
    for finding in &report.linted.findings {
        let level = if finding.level == Level::Error { "error" } else { "warning" };
        let line = finding.place.map(|at| format!(", line {}", at.line)).unwrap_or_default();
        let place = format!("{}{line}", code(&finding.coordinate));
        let _ = writeln!(
            text,
            "| {level} | {} | {place} | {} |",
            finding.rule,
            escaped(&words::sentence(&finding.message))
        );
    }
    for line in &report.linted.idle {
        let _ = writeln!(text, "\n{}", escaped(&words::sentence(line)));
    }
    text
}

/// Beside the code.
#[must_use]
pub fn annotations(report: &LintReport) -> Vec<Annotation> {
    let annotation = |finding: &Finding| Annotation {
        gravity: if finding.level == Level::Error { Gravity::Error } else { Gravity::Warning },
        rule: finding.rule.to_owned(),
        title: format!("{} {}", finding.rule, finding.coordinate),
        message: words::sentence(&finding.message),
        file: report.file.clone(),
        place: finding.place,
        coordinate: Some(finding.coordinate.clone()),
        excuse: None,
    };
    report.linted.findings.iter().map(annotation).collect()
}
