//! Pairs of schemas: one, and the same after some changes.

use crate::mutate::edit::{Edit, apply};
use crate::mutate::table::{Mutation, all};
use crate::schemas::base::{large, ours, small};
use crate::seeded::Seeded;

/// Two schemas.
pub(crate) struct Pair {
    /// The number that makes it again, with the seed.
    pub(crate) number: usize,
    /// What was changed.
    pub(crate) changes: Vec<&'static str>,
    pub(crate) base: String,
    pub(crate) head: String,
}

/// One pair in so many changes our own schema, or a large one.
const OURS: usize = 23;
const LARGE: usize = 211;

/// How many pairs come from one base, which is costly to make.
const PER_BASE: usize = 20;

/// Pair after pair. The first change of each goes round the table, so that all come up alike often.
pub(crate) fn pairs(count: usize, seed: u64) -> impl Iterator<Item = Pair> {
    let table = all();
    let stream = move |name: usize| Seeded::new(seed, u64::try_from(name).unwrap());
    let ours = ours(stream(0));
    let mut grown = None;
    let mut current = small(stream(2));
    let mut next_base = 3;
    (0..count).map(move |number| {
        if number % PER_BASE == PER_BASE - 1 {
            current = small(stream(next_base));
            next_base += 1;
        }
        let first = table[number % table.len()];
        let mut base = if number % OURS == OURS - 1 {
            ours.clone()
        } else if number % LARGE == LARGE - 1 {
            grown.get_or_insert_with(|| large(stream(1))).clone()
        } else {
            current.clone()
        };
        base.random = stream(1_000_000 + number);
        pair(number, &base, first, &table)
    })
}

fn pair(number: usize, base: &Edit, first: &'static Mutation, table: &[&'static Mutation]) -> Pair {
    let mut head = base.clone();
    let mut changes = Vec::new();
    let further = if head.random.chance(50) { 0 } else { head.random.below(6) };
    for step in 0..=further {
        let mutation = if step == 0 { first } else { *head.random.pick(table).unwrap() };
        if let Some(next) = apply(&head, mutation.change, false) {
            head = next;
            changes.push(mutation.name);
        }
    }
    Pair { number, changes, base: base.document.to_string(), head: head.document.to_string() }
}
