//! Options that are lists of tables: `[[key]]` in the file, a JSON array of objects in the environment.

use serde_json::{Map, Value};
use toml::de::DeValue;

use super::{Settings, identity_providers};

/// Takes the entries of a list.
type Set = fn(&mut Settings, &[Entry<'_>]) -> Result<(), Fault>;

/// A list that can be set.
pub(super) struct ListOption {
    /// Its key in the file.
    pub(super) key: &'static str,
    /// Its environment variable.
    pub(super) variable: &'static str,
    /// What it is.
    pub(super) about: &'static str,
    /// Takes the entries; a fault comes with the index of the entry.
    pub(super) set: Set,
    /// The entries as a file would have them, secrets hidden.
    pub(super) show: fn(&Settings) -> Vec<Block>,
}

/// Every list.
pub(super) static LISTS: &[ListOption] = &[identity_providers::OIDC, identity_providers::ISSUERS];

/// One table of a list as text: keys and values as a file would have them.
pub(super) type Block = Vec<(&'static str, Value)>;

/// One table of a list.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    key: &'static str,
    index: usize,
    map: &'a Map<String, Value>,
}

/// What an entry is refused for, by its index.
pub(super) type Fault = (usize, String);

impl ListOption {
    /// Applies values from the file or the environment.
    pub(super) fn apply(&self, settings: &mut Settings, values: &[Value]) -> Result<(), Fault> {
        let entry = |(index, value): (usize, &'_ Value)| match value {
            Value::Object(_) => Ok(index),
            _ => Err((index, format!("{} is not a list of tables", self.key))),
        };
        values.iter().enumerate().try_for_each(|pair| entry(pair).map(drop))?;
        let entries: Vec<_> = values
            .iter()
            .enumerate()
            .filter_map(|(index, value)| Some(Entry { key: self.key, index, map: value.as_object()? }))
            .collect();
        (self.set)(settings, &entries)
    }

    fn text(&self, settings: &Settings) -> String {
        let blocks: Vec<String> = (self.show)(settings).iter().map(|block| self.block(block)).collect();
        let none = if blocks.is_empty() { format!("# [[{}]]: none\n", self.key) } else { String::new() };
        format!("\n# {}. {}, as JSON\n{none}{}", self.about, self.variable, blocks.concat())
    }

    fn block(&self, block: &Block) -> String {
        // Texts and lists of texts are written alike in JSON and in TOML.
        let lines = block.iter().map(|(name, value)| format!("{name} = {value}\n"));
        format!("[[{}]]\n{}", self.key, lines.collect::<String>())
    }

    /// Applies an environment variable's text.
    pub(super) fn apply_json(&self, settings: &mut Settings, text: &str) -> Result<(), String> {
        let values: Vec<Value> =
            serde_json::from_str(text).map_err(|_| format!("{} is not a JSON array of objects", self.variable))?;
        self.apply(settings, &values)
            .map_err(|(index, fault)| format!("{}, entry {}: {fault}", self.variable, index + 1))
    }
}

impl Entry<'_> {
    /// Refuses keys that nobody reads.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Fault> {
        match self.map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err((self.index, format!("unknown key {}.{key}", self.key))),
            None => Ok(()),
        }
    }

    /// A text that must be there and good.
    pub(super) fn text(&self, name: &str, what: &str, good: impl Fn(&str) -> bool) -> Result<String, Fault> {
        self.optional(name, what, good)?.ok_or_else(|| (self.index, format!("{}.{name} is missing: {what}", self.key)))
    }

    /// A text that must be good if it is there.
    pub(super) fn optional(
        &self,
        name: &str,
        what: &str,
        good: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, Fault> {
        match self.map.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if good(text) => Ok(Some(text.clone())),
            Some(_) => Err(self.fault(name, what)),
        }
    }

    /// Yes or no, if it is there.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        match self.map.get(name) {
            None => Ok(None),
            Some(value) => value.as_bool().map(Some).ok_or_else(|| self.fault(name, "true or false")),
        }
    }

    /// A list of at least one text, each of them good and none of them twice.
    pub(super) fn texts(
        &self,
        name: &str,
        what: &str,
        good: impl Fn(&str) -> bool,
    ) -> Result<Option<Vec<String>>, Fault> {
        let Some(value) = self.map.get(name) else { return Ok(None) };
        let texts: Option<Vec<String>> =
            value.as_array().into_iter().flatten().map(|value| value.as_str().map(str::to_owned)).collect();
        let once = |texts: &Vec<String>| texts.iter().enumerate().all(|(index, text)| !texts[..index].contains(text));
        match texts.filter(|texts| !texts.is_empty() && once(texts) && texts.iter().all(|text| good(text))) {
            Some(texts) => Ok(Some(texts)),
            None => Err(self.fault(name, what)),
        }
    }

    /// Says what a key should be, without repeating what it is.
    pub(super) fn fault(&self, name: &str, what: &str) -> Fault {
        (self.index, format!("{}.{name} is not {what}", self.key))
    }

    /// Says that a key must differ between entries.
    pub(super) fn taken(&self, name: &str) -> Fault {
        (self.index, format!("{}.{name} is that of another entry too", self.key))
    }

    /// Says that a key must be there.
    pub(super) fn missing(&self, name: &str, what: &str) -> Fault {
        (self.index, format!("{}.{name} is missing: {what}", self.key))
    }
}

/// What the lists hold, as the end of a file, secrets hidden.
pub(crate) fn show(settings: &Settings) -> String {
    LISTS.iter().map(|list| list.text(settings)).collect()
}

/// A value of the file as JSON.
pub(super) fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => number.as_str().parse::<i64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            let pairs = table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())));
            Value::Object(pairs.collect())
        }
        // Nothing that a list takes.
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Null,
    }
}
