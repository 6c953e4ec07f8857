//! `tidegate schema check`.

use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;
use tidegate_schema_check::policy::{Facts, judge};
use tidegate_schema_check::report::{self, Report};
use tidegate_schema_check::{changes, operations};
use time::Date;

use super::arguments::{CheckArguments, Format};
use super::{operations as given, policy, source, terminal, usage};
use crate::cli::print;
use crate::problem::Problem;

/// Compares, judges, reports.
pub(super) async fn run(arguments: CheckArguments) -> Result<(), Problem> {
    let (mut policy, policy_file) = policy::read(arguments.common.policy)?;
    policy.strict |= arguments.strict;
    let today = today(arguments.common.today);
    let headers = &arguments.headers.headers;
    let base = source::load(Some(&arguments.base), headers).await?;
    let mut head = source::load(arguments.head.as_deref(), headers).await?;
    head.side.file = arguments.file.unwrap_or(head.side.file);
    let tried = if arguments.operations.is_empty() {
        None
    } else {
        let documents = given::read(&arguments.operations).await?;
        Some(operations::check(&base.contract, &head.contract, &documents))
    };
    let usage = match &arguments.usage {
        Some(url) => Some(usage::read(url, policy.usage.window(), today).await?),
        None => None,
    };
    let facts = Facts {
        today,
        unreleased: arguments.unreleased,
        usage: usage.as_ref(),
        operations: tried.as_ref(),
        base: &base.contract,
        head: &head.contract,
    };
    let verdict = judge(&policy, changes(&base.contract, &head.contract), &facts);
    let mut report = Report::new(base.side, (head.side, &head.contract), policy_file, today, verdict);
    report.operations = tried;
    report.usage = usage;
    if report.verdict.fails() || !arguments.quiet {
        print(&form(&report, arguments.format, terminal::colour(arguments.common.color)))?;
    } else if arguments.format == Format::Text {
        print(&report::excused(&report))?;
    }
    if report.verdict.fails() { Err(Problem::failed(report::summary(&report))) } else { Ok(()) }
}

fn form(report: &Report, format: Format, colour: bool) -> String {
    match format {
        Format::Text => report::text(report, colour),
        Format::Json => report::json(report),
        Format::Github => report::github(&report::annotations(report)),
        Format::Sarif => report::sarif(&report::annotations(report), env!("CARGO_PKG_VERSION")),
        Format::Markdown => report::markdown(report),
    }
}

/// The day that was given, or the one it is.
pub(super) fn today(given: Option<Date>) -> Date {
    given.unwrap_or_else(|| SystemClock.now().date())
}
