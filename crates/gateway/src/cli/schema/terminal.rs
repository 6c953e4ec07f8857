//! Whether there is a terminal to paint for.

use std::io::IsTerminal as _;

use super::arguments::Colour;

/// Whether standard output is to be coloured (<https://no-color.org>).
pub(super) fn colour(wanted: Colour) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    match wanted {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => std::io::stdout().is_terminal() && !set("NO_COLOR") && !dumb,
    }
}
