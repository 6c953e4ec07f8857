//! Logs to standard output: JSON for machines, text for people.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Settings};
use crate::problem::Problem;

/// Starts logging. A second start in one process, as tests do, changes nothing.
pub(crate) fn start(settings: &Settings) -> Result<(), Problem> {
    let filter = EnvFilter::try_new(&settings.log_filter).map_err(|_| {
        Problem::configuration("TIDEGATE_LOG_FILTER is not a filter, such as info or warn,tidegate=debug")
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    let started = match settings.log_format {
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
        LogFormat::Text => builder.compact().with_ansi(std::io::stdout().is_terminal()).try_init(),
    };
    drop(started);
    std::panic::set_hook(Box::new(|panic| {
        // Where, but not what: the words of a panic can hold anything.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a panic");
    }));
    Ok(())
}
