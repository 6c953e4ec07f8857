//! `tidegate schema unused`.

use tidegate_schema_check::policy::Window;
use tidegate_schema_check::unused;

use super::arguments::{ListFormat, UnusedArguments};
use super::check::today;
use super::{source, usage};
use crate::cli::print;
use crate::problem::Problem;

/// Lists what nobody used.
pub(super) async fn run(arguments: UnusedArguments) -> Result<(), Problem> {
    let (days, today) = (arguments.days, today(arguments.today));
    let schema = source::load(arguments.schema.as_deref(), &arguments.headers.headers).await?;
    let usage = usage::read(&arguments.usage, Window { days, recorded: days }, today).await?;
    let Some(list) = unused::unused(&schema.contract, &usage, today) else {
        let recorded = usage.recorded_days;
        return Err(Problem::configuration(format!(
            "usage is recorded for {recorded} of the last {days} days, so nothing can be said of {days} days"
        ))
        .hint("ask for fewer --days, or again later"));
    };
    print(&match arguments.format {
        ListFormat::Text => unused::text(&list, days, today),
        ListFormat::Json => unused::json(&list, days),
    })
}
