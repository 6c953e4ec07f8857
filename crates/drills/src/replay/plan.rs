//! From rows to invoices that can be played, with every row that cannot counted by reason.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::sellable::canonical_sku;

use super::countries::iso_code;
use super::kinds::{self, Count, LeftOut, LeftOutCounts, MOST_LINES, MOST_PENCE, MOST_PIECES};
use super::month::Row;

/// The longest title the shop takes, in characters.
const LONGEST_TITLE: usize = 300;

/// One line of an invoice: a code at a price, its rows' quantities summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The canonical code.
    pub(super) sku: String,
    /// The unit price in pence.
    pub(super) pence: i64,
    /// Pieces.
    pub(super) quantity: i64,
}

/// An invoice with at least one line that can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Invoice {
    /// Its number.
    pub(super) number: String,
    /// ISO 3166-1; `None` where the record names no country.
    pub(super) country: Option<&'static str>,
    /// Its lines in the order of the record.
    pub(super) lines: Vec<Line>,
}

/// What a replay does.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What is played, in the order of the record.
    pub(super) invoices: Vec<Invoice>,
    /// Rows of those invoices' lines.
    pub(super) played: Count,
    /// Everything else.
    pub(super) left_out: LeftOutCounts,
    /// All rows, counted apart from the two above.
    pub(super) read: Count,
    /// Invoices by the name of what is no country.
    pub(super) without_country: BTreeMap<String, u64>,
    /// By canonical code: a title for the shop, should it lack the code.
    pub(super) titles: BTreeMap<String, String>,
}

impl Line {
    /// What the line costs, in pence.
    pub(super) fn total(&self) -> i64 {
        self.pence * self.quantity
    }
}

impl Invoice {
    /// What the invoice costs, in pence.
    pub(super) fn total(&self) -> i64 {
        self.lines.iter().map(Line::total).sum()
    }

    /// How many pieces it has.
    pub(super) fn pieces(&self) -> i64 {
        self.lines.iter().map(|line| line.quantity).sum()
    }
}

impl Plan {
    /// Plans the rows; at most `limit` invoices are played.
    pub(super) fn new(rows: &[Row], limit: Option<usize>) -> Self {
        let mut plan = Self::default();
        for group in by_invoice(rows) {
            plan.add(&group, limit);
        }
        plan
    }

    /// Takes one invoice's rows in.
    fn add(&mut self, rows: &[&Row], limit: Option<usize>) {
        let mut lines: Vec<(Line, Count)> = Vec::new();
        for (row, pence) in self.sales(rows) {
            let sku = canonical_sku(&row.code);
            self.name(&sku, &row.description);
            let index = lines.iter().position(|(line, _)| line.sku == sku).unwrap_or_else(|| {
                lines.push((Line { sku, pence, quantity: 0 }, Count::default()));
                lines.len() - 1
            });
            let (line, count) = &mut lines[index];
            line.quantity = line.quantity.saturating_add(row.quantity);
            count.add(row);
        }
        let (mut kept, mut beyond) = (Vec::new(), Count::default());
        for (line, count) in lines {
            if line.quantity > MOST_PIECES || line.pence > MOST_PENCE || kept.len() == MOST_LINES {
                beyond.merge(count);
            } else {
                kept.push((line, count));
            }
        }
        if beyond.rows > 0 {
            self.left_out.entry(LeftOut::BeyondLimits).or_default().merge(beyond);
        }
        self.keep(rows, kept, limit);
    }

    /// The rows that are sales, with their price in pence; counts the others.
    fn sales<'a>(&mut self, rows: &[&'a Row]) -> Vec<(&'a Row, i64)> {
        let mut sales = Vec::new();
        let mut prices: HashMap<String, BTreeSet<i64>> = HashMap::new();
        for row in rows {
            self.read.add(row);
            match kinds::read(row) {
                Err(reason) => self.left_out.entry(reason).or_default().add(row),
                Ok(pence) => {
                    prices.entry(canonical_sku(&row.code)).or_default().insert(pence);
                    sales.push((*row, pence));
                }
            }
        }
        sales.retain(|(row, _)| {
            let single = prices.get(&canonical_sku(&row.code)).is_none_or(|prices| prices.len() == 1);
            if !single {
                self.left_out.entry(LeftOut::TwoPrices).or_default().add(row);
            }
            single
        });
        sales
    }

    /// Plays an invoice with these lines, if there are any and it was asked for.
    fn keep(&mut self, rows: &[&Row], lines: Vec<(Line, Count)>, limit: Option<usize>) {
        let Some(first) = rows.first().filter(|_| !lines.is_empty()) else { return };
        let asked_for = limit.is_none_or(|limit| self.invoices.len() < limit);
        let into = if asked_for { &mut self.played } else { self.left_out.entry(LeftOut::NotAskedFor).or_default() };
        for (_, count) in &lines {
            into.merge(*count);
        }
        if asked_for {
            let country = iso_code(&first.country);
            if country.is_none() {
                *self.without_country.entry(first.country.clone()).or_default() += 1;
            }
            let lines = lines.into_iter().map(|(line, _)| line).collect();
            self.invoices.push(Invoice { number: first.invoice.clone(), country, lines });
        }
    }

    /// Keeps the first description that is more than a note's question mark as the code's title.
    fn name(&mut self, sku: &str, description: &str) {
        if self.titles.contains_key(sku) {
            return;
        }
        let clean: String = description.chars().filter(|letter| !letter.is_control()).take(LONGEST_TITLE).collect();
        if clean.contains(|letter: char| letter.is_alphabetic()) {
            self.titles.insert(sku.to_owned(), clean.trim().to_owned());
        }
    }
}

/// The rows of each invoice, in the order of their first rows.
fn by_invoice(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut places: HashMap<(usize, &str), usize> = HashMap::new();
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let place = *places.entry((row.file, &row.invoice)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(row);
    }
    groups
}
