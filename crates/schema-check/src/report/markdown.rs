//! For a pull request.

use std::fmt::Write as _;

use super::model::Report;
use super::words;
use crate::change::Severity;
use crate::policy::Judged;

/// Rows of a table at most: a comment has a bounded length.
const MOST_ROWS: usize = 200;

/// The report as Markdown of GitHub's flavour.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let counts = report.counts();
    let mut text = String::new();
    let verdict = if report.verdict.fails() { "❌" } else { "✅" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "## {verdict} Schema: {}\n", escaped(&words::summary(report)));
    let _ = writeln!(
        text,
        "{} breaking, {} dangerous, {} safe, from {} to {}.",
        counts.breaking,
        counts.dangerous,
        counts.safe,
        code(&report.base.name),
        code(&report.head.name)
    );
    table(report, "Fails", |judged| judged.fails, &mut text);
    operations(report, &mut text);
    for (title, lines) in [("Expired exemptions", &report.verdict.expired), ("Idle exemptions", &report.verdict.idle)] {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n### {title}\n");
            for line in lines {
                let _ = writeln!(text, "- {}", escaped(line));
            }
        }
    }
    table(report, "Breaking, but excused", |judged| !judged.fails && judged.severity == Severity::Breaking, &mut text);
    table(report, "Dangerous", |judged| !judged.fails && judged.severity == Severity::Dangerous, &mut text);
    safe(report, &mut text);
    if let Some(usage) = &report.usage {
        let _ = writeln!(text, "\n{}", words::usage(usage));
    }
    if let Some(example) = report.example() {
        let _ = writeln!(
            text,
            "\n**What to do.** Change by addition: leave the old part, put the new one beside it and mark the old one \
             {}. If the break is wanted, say so in {}:\n\n```toml\n{}```",
            code("@deprecated(reason: \"Use `new`. Removed after YYYY-MM-DD\")"),
            code(&report.policy_file),
            report.exemption(example)
        );
    }
    text
}

fn safe(report: &Report, text: &mut String) {
    let changes = report.verdict.changes.iter();
    let all: Vec<&Judged> = changes.filter(|judged| !judged.fails && judged.severity == Severity::Safe).collect();
    if all.is_empty() {
        return;
    }
    let telling = words::telling(&all);
    let _ = writeln!(text, "\n<details><summary>{} safe</summary>\n", all.len());
    for judged in telling.iter().take(MOST_ROWS) {
        let _ = writeln!(text, "- {}", escaped(&words::sentence(&judged.change.message)));
    }
    rest(telling.len(), text);
    if all.len() > telling.len() {
        let _ = writeln!(text, "- and {} that say no more", all.len() - telling.len());
    }
    let _ = writeln!(text, "\n</details>");
}

fn table(report: &Report, title: &str, wanted: impl Fn(&Judged) -> bool, text: &mut String) {
    let of: Vec<&Judged> = report.verdict.changes.iter().filter(|judged| wanted(judged)).collect();
    if of.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n### {title}\n\n| What | Why | Who |\n|---|---|---|");
    for judged in of.iter().take(MOST_ROWS) {
        let change = &judged.change;
        let mut why = words::sentence(&change.message);
        let by_policy = judged.by_policy.as_ref().map(|by| format!("{} by {by}", words::severity(judged.severity)));
        let excuse = judged.excuse.as_ref().map(|excuse| format!("Excused: {}", words::excuse(excuse)));
        for more in [change.reason.clone(), words::renamed(report, judged), by_policy, excuse].into_iter().flatten() {
            why = format!("{why} {}", words::sentence(&more));
        }
        let who = words::users(&judged.users, report.usage.as_ref()).unwrap_or_default();
        let place = change.head.map(|at| format!(", line {}", at.line)).unwrap_or_default();
        let what = format!("{} {}{place}", code(&change.coordinate), change.kind.name());
        let _ = writeln!(text, "| {what} | {} | {} |", escaped(&why), escaped(&who));
    }
    rest(of.len(), text);
}

fn operations(report: &Report, text: &mut String) {
    if !report.verdict.operations.is_empty() {
        let _ = writeln!(text, "\n### Operations that break\n\n| Client | Operation | Why |\n|---|---|---|");
        for judged in report.verdict.operations.iter().take(MOST_ROWS) {
            let broken = &judged.broken;
            let faults: Vec<&str> = broken.faults.iter().map(|fault| fault.message.as_str()).collect();
            let excuse = judged.excuse.as_ref().map(|excuse| format!(" Excused: {}.", words::excuse(excuse)));
            let why = format!("{}{}", words::sentence(&faults.join("; ")), excuse.unwrap_or_default());
            let operation = format!("{} in {}", code(&broken.name), code(&broken.source));
            let _ = writeln!(text, "| {} | {operation} | {} |", escaped(&broken.client), escaped(&why));
        }
        rest(report.verdict.operations.len(), text);
    }
    let already = report.operations.as_ref().map_or(0, |operations| operations.already.len());
    if already > 0 {
        let them = words::count(already, "operation is", "operations are");
        let _ = writeln!(text, "\n{them} invalid on the base already and not counted.");
    }
}

fn rest(all: usize, text: &mut String) {
    if all > MOST_ROWS {
        let _ = writeln!(text, "\n… and {} more.", all - MOST_ROWS);
    }
}

/// A text as code, whatever backticks it has; a bar would end a table's cell.
pub(super) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|").replace(['\n', '\r'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// A text as text: what is in backticks stays code, everything else that Markdown or HTML would read is escaped.
pub(crate) fn escaped(text: &str) -> String {
    let mut parts: Vec<&str> = text.split('`').collect();
    // An odd backtick at the end is one that nothing closes.
    let open = if parts.len().is_multiple_of(2) { parts.pop() } else { None };
    let shown = |(index, part): (usize, &&str)| match (index % 2, part.is_empty()) {
        (0, _) => plain(part),
        // Two backticks together would begin longer code.
        (_, true) => "\\`\\`".to_owned(),
        (_, false) => code(part),
    };
    let mut text: String = parts.iter().enumerate().map(shown).collect();
    if let Some(open) = open {
        text += "\\`";
        text += &plain(open);
    }
    text
}

fn plain(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("&#64;"),
            '|' | '*' | '_' | '[' | ']' | '#' | '\\' | '~' | '`' => escaped.extend(['\\', c]),
            '\n' | '\r' => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_code_and_the_rest_is_escaped() {
        assert_eq!(escaped("The `A.b` | <b> @team *x* `odd"), "The `A.b` \\| &lt;b&gt; &#64;team \\*x\\* \\`odd");
        assert_eq!(escaped("`a|b` ``"), "`a\\|b` \\`\\`");
        assert_eq!(escaped("```<img>@team`"), "\\`\\``<img>@team`");
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
