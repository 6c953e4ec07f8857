//! The optional TOML file. Unknown keys are refused, by file, line and key.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::lists::{self, LISTS, ListOption};
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
            if let Some(list) = LISTS.iter().find(|list| list.key == name) {
                self.apply_list(list, value, settings)?;
                continue;
            }
            let unknown = || self.at(Some(key.span()), &format!("unknown key {name}"));
            if let DeValue::Table(table) = value.get_ref() {
                let prefix = format!("{name}.");
                if !OPTIONS.iter().any(|option| option.key.starts_with(&prefix)) {
                    return Err(unknown());
                }
                self.apply(&prefix, table, settings)?;
                continue;
            }
            let option = OPTIONS.iter().find(|option| option.key == name).ok_or_else(unknown)?;
            let text = match value.get_ref() {
                DeValue::String(text) => text.clone().into_owned(),
                DeValue::Integer(number) => number.as_str().replace('_', ""),
                DeValue::Boolean(flag) => flag.to_string(),
                DeValue::Array(items) => {
                    let texts: Option<Vec<_>> = items.iter().map(|item| item.get_ref().as_str()).collect();
                    let wrong = || self.at(Some(value.span()), &format!("{name} is not a list of texts"));
                    texts.ok_or_else(wrong)?.join(",")
                }
                _ => String::new(),
            };
            (option.set)(settings, &text)
                .map_err(|expected| self.at(Some(value.span()), &format!("{name} is not {expected}")))?;
        }
        Ok(())
    }

    fn apply_list(
        &self,
        list: &ListOption,
        value: &Spanned<DeValue<'_>>,
        settings: &mut Settings,
    ) -> Result<(), Problem> {
        let DeValue::Array(entries) = value.get_ref() else {
            return Err(self.at(Some(value.span()), &format!("{} is not a list of tables: [[{0}]]", list.key)));
        };
        let values: Vec<_> = entries.iter().map(|entry| lists::json(entry.get_ref())).collect();
        list.apply(settings, &values).map_err(|(index, fault)| self.at(entries.get(index).map(Spanned::span), &fault))
    }

    fn at(&self, span: Option<Range<usize>>, message: &str) -> Problem {
        let before = span.and_then(|span| self.text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Problem::configuration(format!("{}:{line}: {message}", self.path.display()))
    }
}
