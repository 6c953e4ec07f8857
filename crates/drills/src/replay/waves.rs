//! Invoices that need different prices for one code are played in different waves; prices are written between waves.

use std::collections::BTreeMap;

use super::plan::Invoice;

/// Invoices that can be played at the same prices.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wave {
    /// The unit price of each code in it, in pence.
    pub(super) prices: BTreeMap<String, i64>,
    /// Pieces of each code that it needs.
    pub(super) pieces: BTreeMap<String, i64>,
    /// Which invoices, by their place in the plan.
    pub(super) invoices: Vec<usize>,
}

/// Puts each invoice into the first wave in which all its codes have its prices.
pub(super) fn assign(invoices: &[Invoice]) -> Vec<Wave> {
    let mut waves: Vec<Wave> = Vec::new();
    for (index, invoice) in invoices.iter().enumerate() {
        let place = waves.iter().position(|wave| wave.takes(invoice)).unwrap_or_else(|| {
            waves.push(Wave::default());
            waves.len() - 1
        });
        waves[place].add(index, invoice);
    }
    waves
}

impl Wave {
    fn takes(&self, invoice: &Invoice) -> bool {
        invoice.lines.iter().all(|line| self.prices.get(&line.sku).is_none_or(|price| *price == line.pence))
    }

    fn add(&mut self, index: usize, invoice: &Invoice) {
        for line in &invoice.lines {
            self.prices.insert(line.sku.clone(), line.pence);
            *self.pieces.entry(line.sku.clone()).or_default() += line.quantity;
        }
        self.invoices.push(index);
    }
}
