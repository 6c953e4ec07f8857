//! One row of a file: what its texts mean, or what is wrong with them, and its line for COPY.

use std::fmt::Write as _;
use tidegate_model::money::{Currency, Money};
use uuid::{Uuid, uuid};

use super::Kind;

/// Ids are derived from handles and SKUs in this namespace, so that a catalogue has the same ids, and the same drawn
/// images, in every shop that imports it.
const NAMESPACE: Uuid = uuid!("6f1d5c5e-6d0f-5f43-9a3a-7d0b8b6f4c21");

/// Largest price in minor units; the table says the same.
const MAX_AMOUNT: i64 = 1_000_000_000;
/// Most pieces of a variant; the table says the same.
const MAX_ON_HAND: i64 = 1_000_000_000_000;
/// Tags of a product.
const MAX_TAGS: usize = 100;
/// Options of a product.
const MAX_OPTIONS: usize = 10;

/// A line of COPY's text format (PostgreSQL 15, COPY, "Text Format").
#[derive(Debug, Default)]
pub(super) struct Line(String);

impl Line {
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.0)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets what was written behind `length`: a row with a fault in a later column.
    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(super) fn start(&mut self, file: usize, line: u64) {
        // Writing into a String cannot fail.
        let _ = write!(self.0, "{file}\t{line}");
    }

    pub(super) fn end(&mut self) {
        self.0.push('\n');
    }

    fn plain(&mut self, value: impl std::fmt::Display) {
        let _ = write!(self.0, "\t{value}");
    }

    fn text(&mut self, value: &str) {
        self.0.push('\t');
        for character in value.chars() {
            match character {
                '\\' => self.0.push_str("\\\\"),
                '\t' => self.0.push_str("\\t"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                other => self.0.push(other),
            }
        }
    }

    fn text_or_null(&mut self, value: &str) {
        if value.is_empty() {
            self.0.push_str("\t\\N");
        } else {
            self.text(value);
        }
    }

    fn array(&mut self, values: &[&str]) {
        let quoted: Vec<String> =
            values.iter().map(|value| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))).collect();
        self.text(&format!("{{{}}}", quoted.join(",")));
    }
}

/// The texts of a row by column, each already free of what no column may hold.
#[derive(Debug)]
pub(super) struct Fields<'r> {
    columns: &'static [&'static str],
    values: Vec<&'r str>,
}

impl<'r> Fields<'r> {
    /// Checks what holds for every column of every kind.
    pub(super) fn check(kind: Kind, record: &'r csv::ByteRecord) -> Result<Self, String> {
        let columns = kind.columns();
        if record.len() != columns.len() {
            return Err(format!("the row has {} columns instead of {}", record.len(), columns.len()));
        }
        let mut values = Vec::with_capacity(columns.len());
        for (name, bytes) in columns.iter().zip(record) {
            let value = std::str::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))?.trim();
            let multiline = *name == "description";
            let forbidden =
                |character: char| character.is_control() && !(multiline && matches!(character, '\n' | '\r' | '\t'));
            if value.chars().any(forbidden) {
                return Err(format!("{name} has a control character"));
            }
            values.push(value);
        }
        Ok(Self { columns, values })
    }

    fn text(&self, column: usize, max: usize) -> Result<&'r str, String> {
        let value = self.values[column];
        if value.len() > max && value.chars().count() > max {
            return Err(format!("{} is longer than {max} characters", self.columns[column]));
        }
        Ok(value)
    }

    fn required(&self, column: usize, max: usize) -> Result<&'r str, String> {
        let value = self.text(column, max)?;
        if value.is_empty() { Err(format!("{} is empty", self.columns[column])) } else { Ok(value) }
    }

    /// A handle goes into addresses.
    fn handle(&self, column: usize) -> Result<&'r str, String> {
        let value = self.required(column, 200)?;
        if value.contains(|character: char| character.is_whitespace() || "/?#%".contains(character)) {
            return Err(format!("{} has a blank or one of / ? # %", self.columns[column]));
        }
        Ok(value)
    }

    fn whole(&self, column: usize, min: i64, max: i64) -> Result<i64, String> {
        let (name, value) = (self.columns[column], self.values[column]);
        let number: i64 = value.parse().map_err(|_| format!("{name} is not a whole number: {value:?}"))?;
        if number < min {
            return Err(if min == 0 { format!("{name} is negative") } else { format!("{name} is below {min}") });
        }
        if number > max { Err(format!("{name} is above {max}")) } else { Ok(number) }
    }

    fn list(&self, column: usize, max: usize, each: usize) -> Result<Vec<&'r str>, String> {
        let name = self.columns[column];
        let value = self.values[column];
        if value.is_empty() {
            return Ok(Vec::new());
        }
        let items: Vec<&str> = value.split('|').map(str::trim).collect();
        if items.len() > max {
            return Err(format!("{name} has more than {max} entries"));
        }
        if items.iter().any(|item| item.is_empty()) {
            return Err(format!("{name} has an empty entry"));
        }
        if items.iter().any(|item| item.chars().count() > each) {
            return Err(format!("{name} has an entry longer than {each} characters"));
        }
        Ok(items)
    }

    fn money(&self, column: usize, currency: Currency) -> Result<i64, String> {
        let (name, value) = (self.columns[column], self.values[column]);
        if let Some(money) = Money::parse(value, currency) {
            return match money.amount {
                amount if amount < 0 => Err(format!("{name} is negative")),
                amount if amount > MAX_AMOUNT => {
                    Err(format!("{name} is above {}", Money::new(MAX_AMOUNT, currency).decimal()))
                }
                amount => Ok(amount),
            };
        }
        let digits = value.trim_start_matches('-');
        let decimal = digits.split_once('.').is_some_and(|(whole, fraction)| {
            let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            plain(whole) && plain(fraction)
        });
        Err(if decimal {
            format!("{name} has more decimals than {} has, or is out of range: {value:?}", currency.code())
        } else {
            format!("{name} is not a decimal amount: {value:?}")
        })
    }
}

/// Writes the row's columns as [`Kind::copy`] names them.
pub(super) fn encode(kind: Kind, fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    match kind {
        Kind::Products => product(fields, line),
        Kind::Variants => variant(fields, line),
        Kind::Prices => price(fields, line),
        Kind::Stock => stock(fields, line),
        Kind::Images => picture(fields, line),
        Kind::Collections => collection(fields, line),
        Kind::CollectionProducts => member(fields, line),
    }
}

fn derived(kind: &str, key: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{kind}:{key}").as_bytes())
}

fn distinct(name: &str, mut values: Vec<&str>) -> Result<(), String> {
    values.sort_unstable();
    let twice = values.windows(2).find(|pair| pair[0] == pair[1]);
    twice.map_or(Ok(()), |pair| Err(format!("{name} names {:?} twice", pair[0])))
}

fn product(fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    let handle = fields.handle(0)?;
    line.plain(derived("product", handle));
    line.text(handle);
    line.text(fields.required(1, 300)?);
    line.text(fields.text(2, 20_000)?);
    line.text_or_null(fields.text(3, 200)?);
    let mut tags = fields.list(4, MAX_TAGS, 100)?;
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| seen.insert(*tag));
    line.array(&tags);
    let options = fields.list(5, MAX_OPTIONS, 100)?;
    distinct("options", options.clone())?;
    line.array(&options);
    Ok(())
}

fn variant(fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    let sku = fields.required(1, 64)?;
    line.plain(derived("variant", sku));
    line.text(fields.handle(0)?);
    line.text(sku);
    line.text(fields.text(2, 300)?);
    line.array(&fields.list(3, MAX_OPTIONS, 200)?);
    line.plain(fields.whole(4, 0, i64::from(i32::MAX))?);
    Ok(())
}

fn price(fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    line.text(fields.required(0, 64)?);
    line.text(fields.required(1, 32)?);
    let currency = Currency::parse(fields.values[2])
        .ok_or_else(|| format!("currency is not three capital letters: {:?}", fields.values[2]))?;
    line.text(currency.code());
    let amount = fields.money(3, currency)?;
    line.plain(amount);
    if fields.values[4].is_empty() {
        line.text_or_null("");
        return Ok(());
    }
    let compare_at = fields.money(4, currency)?;
    if compare_at <= amount {
        return Err("compare_at is not above amount".to_owned());
    }
    line.plain(compare_at);
    Ok(())
}

fn stock(fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    line.text(fields.required(0, 64)?);
    line.plain(fields.whole(1, 0, MAX_ON_HAND)?);
    Ok(())
}

fn picture(fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    line.text(fields.handle(0)?);
    line.text_or_null(fields.text(1, 64)?);
    let url = fields.required(2, 2_000)?;
    if !(url.starts_with("https://") || url.starts_with("http://")) || url.contains(char::is_whitespace) {
        return Err(format!("url is not an http or https address: {url:?}"));
    }
    line.text(url);
    line.text(fields.text(3, 1_000)?);
    line.plain(fields.whole(4, 1, 20_000)?);
    line.plain(fields.whole(5, 1, 20_000)?);
    Ok(())
}

fn collection(fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    let handle = fields.handle(0)?;
    line.plain(derived("collection", handle));
    line.text(handle);
    line.text(fields.required(1, 300)?);
    line.text(fields.text(2, 20_000)?);
    line.plain(fields.whole(3, 0, i64::from(i32::MAX))?);
    Ok(())
}

fn member(fields: &Fields<'_>, line: &mut Line) -> Result<(), String> {
    line.text(fields.handle(0)?);
    line.text(fields.handle(1)?);
    line.plain(fields.whole(2, 0, i64::from(i32::MAX))?);
    Ok(())
}
