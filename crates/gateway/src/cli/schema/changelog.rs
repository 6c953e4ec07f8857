//! `tidegate schema changelog`.

use tidegate_schema_check::changelog::changelog;
use tidegate_schema_check::changes;

use super::arguments::ChangelogArguments;
use super::source;
use crate::cli::print;
use crate::problem::Problem;

/// Prints what changed.
pub(super) async fn run(arguments: ChangelogArguments) -> Result<(), Problem> {
    let headers = &arguments.headers.headers;
    let from = source::load(Some(&arguments.from), headers).await?;
    let to = source::load(arguments.to.as_deref(), headers).await?;
    let title = arguments.title.unwrap_or_else(|| format!("{} → {}", from.side.name, to.side.name));
    print(&changelog(&title, &changes(&from.contract, &to.contract)))
}
