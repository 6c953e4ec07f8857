//! `tidegate schema lint`.

use tidegate_schema_check::lint::lint;
use tidegate_schema_check::report::{self, LintReport};

use super::arguments::{Format, LintArguments};
use super::check::today;
use super::{policy, source, terminal};
use crate::cli::print;
use crate::problem::Problem;

/// Looks at a schema.
pub(super) async fn run(arguments: LintArguments) -> Result<(), Problem> {
    let (policy, policy_file) = policy::read(arguments.common.policy)?;
    let schema = source::load(arguments.schema.as_deref(), &arguments.headers.headers).await?;
    let linted = lint(&schema.contract, &policy.lint, today(arguments.common.today));
    let report = LintReport { name: schema.side.name, file: schema.side.file, policy_file, linted };
    print(&match arguments.format {
        Format::Text => report::lint_text(&report, terminal::colour(arguments.common.color)),
        Format::Json => report::lint_json(&report),
        Format::Github => report::github(&report::lint_annotations(&report)),
        Format::Sarif => report::sarif(&report::lint_annotations(&report), env!("CARGO_PKG_VERSION")),
        Format::Markdown => report::lint_markdown(&report),
    })?;
    if report.linted.fails() {
        return Err(Problem::failed(format!("{} does not pass", report.name))
            .hint(format!("change the schema, or set levels and exemptions under [lint] in {}", report.policy_file)));
    }
    Ok(())
}
