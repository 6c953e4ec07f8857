//! The optional TOML file. Unknown keys are refused, by file, line and key.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{OPTIONS, Settings};
use crate::problem::Problem;

struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

/// Applies a file to the settings.
pub(super) fn read(path: &Path, settings: &mut Settings) -> Result<(), Problem> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::configuration(format!("cannot read the configuration file {}: {error}", path.display()))
    })?;
    let file = File { path, text: &text };
    let table = DeTable::parse(&text).map_err(|error| file.at(error.span(), error.message()))?;
    file.apply("", table.get_ref(), settings)
}

impl File<'_> {
    fn apply(&self, prefix: &str, table: &DeTable<'_>, settings: &mut Settings) -> Result<(), Problem> {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            let text = match value.get_ref() {
                DeValue::Table(table) => {
                    let prefix = format!("{name}.");
                    if !OPTIONS.iter().any(|option| option.key.starts_with(&prefix)) {
                        return Err(self.at(Some(key.span()), &format!("unknown key {name}")));
                    }
                    self.apply(&prefix, table, settings)?;
                    continue;
                }
                DeValue::String(text) => text.clone().into_owned(),
                DeValue::Integer(number) => number.as_str().replace('_', ""),
                DeValue::Boolean(flag) => flag.to_string(),
                _ => String::new(),
            };
            let Some(option) = OPTIONS.iter().find(|option| option.key == name) else {
                return Err(self.at(Some(key.span()), &format!("unknown key {name}")));
            };
            (option.set)(settings, &text)
                .map_err(|expected| self.at(Some(value.span()), &format!("{name} is not {expected}")))?;
        }
        Ok(())
    }

    fn at(&self, span: Option<Range<usize>>, message: &str) -> Problem {
        let before = span.and_then(|span| self.text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Problem::configuration(format!("{}:{line}: {message}", self.path.display()))
    }
}
