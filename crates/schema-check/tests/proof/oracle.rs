//! What operations can see of a change: it is breaking if and only if an operation that was valid is no longer valid,
//! or can be answered in another shape. `SCHEMA_ORACLE_PAIRS` and `SCHEMA_SEED` set how many pairs, and from which
//! seed.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use tidegate_schema_check::operations::misplaced_values;
use tidegate_schema_check::{Change, Contract, Severity, changes};

use crate::about::about;
use crate::explanations::{meant, unseen};

use crate::operations::every::{Map, Operation, map, operations};
use crate::pairs::{Pair, pairs};
use crate::seeded::Seeded;
use crate::setting::setting;
use crate::shape::surprise;

/// How many operations a pair has at least.
const OPERATIONS: usize = 50;

/// How many disagreements are shown.
const SHOWN: usize = 12;

/// An operation that a change breaks.
pub(crate) struct Broken {
    pub(crate) operation: Operation,
    pub(crate) how: String,
}

/// What was found over all pairs.
#[derive(Default)]
struct Tally {
    pairs: usize,
    operations: usize,
    both: usize,
    neither: usize,
    explained: BTreeMap<&'static str, usize>,
    /// By kind, how often the only kind of breaking change was seen by an operation.
    seen: BTreeMap<&'static str, usize>,
    open: Vec<String>,
}

#[test]
fn a_change_is_breaking_if_an_operation_can_see_it() {
    let (count, seed) = (setting("SCHEMA_ORACLE_PAIRS", 150), setting("SCHEMA_SEED", 1));
    let mut tally = Tally::default();
    for pair in pairs(count, u64::try_from(seed).unwrap()) {
        judge(&pair, &mut tally);
    }
    println!(
        "{} pairs, {} operations; breaking for both {}, for neither {}",
        tally.pairs, tally.operations, tally.both, tally.neither
    );
    for (kind, count) in &tally.seen {
        println!("{count:7} seen, with no other breaking kind: {kind}");
    }
    for (reason, count) in &tally.explained {
        println!("{count:7} explained: {reason}");
    }
    let shown = tally.open.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(tally.open.is_empty(), "{} disagreements\n\n{shown}", tally.open.len());
}

fn judge(pair: &Pair, tally: &mut Tally) {
    let base = Contract::parse(&pair.base, "base.graphql").unwrap();
    let head = Contract::parse(&pair.head, "head.graphql").unwrap();
    let map = map(base.schema());
    let mut random = Seeded::new(7, u64::try_from(pair.number).unwrap());
    let all = operations(&map, head.schema(), OPERATIONS, &mut random);
    tally.pairs += 1;
    tally.operations += all.len();
    let broken: Vec<Broken> =
        all.into_iter().filter_map(|operation| break_of(&map, head.schema(), operation)).collect();
    let breaking: Vec<Change> =
        changes(&base, &head).into_iter().filter(|change| change.severity == Severity::Breaking).collect();
    let why = match (breaking.is_empty(), broken.first()) {
        (true, None) => return tally.neither += 1,
        (false, Some(_)) => {
            tally.both += 1;
            let kinds: BTreeSet<&str> = breaking.iter().map(|change| change.kind.name()).collect();
            if let (Some(kind), 1) = (kinds.first(), kinds.len()) {
                *tally.seen.entry(kind).or_default() += 1;
            }
            return;
        }
        (true, Some(_)) => meant(&broken),
        (false, None) => {
            let reasons = breaking.iter().map(|change| unseen(change, &map, head.schema()));
            reasons.collect::<Option<Vec<_>>>().and_then(|reasons| reasons.first().copied())
        }
    };
    match why {
        Some(reason) => *tally.explained.entry(reason).or_default() += 1,
        None => tally.open.push(told(pair, &breaking, &broken, (&base, &head))),
    }
}

fn told(pair: &Pair, breaking: &[Change], broken: &[Broken], (base, head): (&Contract, &Contract)) -> String {
    let changes: Vec<String> =
        breaking.iter().map(|change| format!("{} {}", change.kind.name(), change.path)).collect();
    let operation = broken.first().map(|broken| format!("{}\n{}", broken.operation.text, broken.how));
    let operation = operation.unwrap_or_else(|| match breaking.first() {
        Some(change) => format!("no operation breaks\n{}", about(&change.path, base, head)),
        None => String::new(),
    });
    format!("pair {} {:?}\nbreaking: {changes:?}\n{operation}", pair.number, pair.changes)
}

/// How the new schema breaks an operation of the old one.
pub(crate) fn break_of(map: &Map<'_>, head: &Valid<Schema>, operation: Operation) -> Option<Broken> {
    let old = match ExecutableDocument::parse_and_validate(map.schema, &operation.text, "operation.graphql") {
        Ok(old) if misplaced_values(map.schema, &old).is_empty() => old,
        Ok(_) => panic!("a value is wrong: {}", operation.text),
        Err(faulty) if operation.merges.is_some() => {
            drop(faulty);
            return None;
        }
        Err(faulty) => panic!("{}\n{}\n{}", operation.text, faulty.errors, map.schema),
    };
    let how = match ExecutableDocument::parse_and_validate(head, &operation.text, "operation.graphql") {
        Ok(new) if misplaced_values(head, &new).is_empty() => surprise((map.schema, &old), (head, &new))?,
        Ok(_) => "a value is no longer valid".to_owned(),
        Err(faulty) => faulty.errors.to_string(),
    };
    Some(Broken { operation, how })
}
