//! The same pairs, compared by GraphQL Inspector and by us: the same kinds, paths and severities, but for the waivers.
//! `cargo xtask schema-differential` sets how many pairs, and from which seed.

use std::collections::{BTreeMap, BTreeSet};

use tidegate_schema_check::{ChangeKind, Contract, Severity, changes};

use crate::about::about;
use crate::mutate::table::all;
use crate::pairs::{Pair, pairs};
use crate::reference::{Answer, judge};
use crate::setting::setting;
use crate::waivers::{Disagreement, Waiver, covering, waivers};

/// What was found over all pairs.
#[derive(Default)]
struct Tally {
    pairs: usize,
    alike: usize,
    changes: usize,
    agreed: usize,
    hits: BTreeMap<String, usize>,
    waived: Vec<usize>,
    open: BTreeMap<String, usize>,
    examples: Vec<String>,
    made: BTreeSet<&'static str>,
    /// Pairs that graphql-js does not take: the generator or apollo-compiler is wrong.
    refused: Vec<String>,
}

/// How often each kind must come up in a run of this many pairs or more.
const HITS: usize = 20;
const WHOLE_RUN: usize = 10_000;

#[test]
#[ignore = "needs the packages of differential/, see its README.md"]
fn changes_equal_those_of_the_inspector() {
    let (count, seed) = (setting("SCHEMA_PAIRS", 500), setting("SCHEMA_SEED", 1));
    let waivers = waivers();
    let mut tally = Tally { waived: vec![0; waivers.len()], ..Tally::default() };
    judge(pairs(count, u64::try_from(seed).unwrap()), false, |pair, answer| {
        compare(&pair, answer, &waivers, &mut tally);
    });
    report(&tally, &waivers);
    assert!(tally.refused.is_empty(), "{} refused by graphql-js\n{}", tally.refused.len(), tally.refused.join("\n"));
    assert!(tally.open.is_empty(), "{:#?}\n\n{}", tally.open, tally.examples.join("\n\n"));
    if count >= WHOLE_RUN {
        let unmade: Vec<&str> =
            all().iter().map(|mutation| mutation.name).filter(|name| !tally.made.contains(name)).collect();
        assert!(unmade.is_empty(), "these changes found no place: {unmade:?}");
        let idle: Vec<&str> = waivers
            .iter()
            .zip(&tally.waived)
            .filter(|(_, count)| **count == 0)
            .map(|(waiver, _)| waiver.name.as_str())
            .collect();
        assert!(idle.is_empty(), "these waivers cover nothing: {idle:?}");
        let rare: Vec<&str> = ChangeKind::ALL
            .iter()
            .filter(|kind| kind.is_inspectors() && !ChangeKind::NEVER.contains(kind))
            .map(|kind| kind.name())
            .filter(|name| tally.hits.get(*name).is_none_or(|hits| *hits < HITS))
            .collect();
        assert!(rare.is_empty(), "fewer than {HITS} times: {rare:?}");
    }
}

/// Severities by kind and path, sorted.
type Judged = BTreeMap<(String, String), Vec<Severity>>;

fn ours(base: &Contract, head: &Contract) -> Judged {
    let mut judged = Judged::new();
    for change in changes(base, head).into_iter().filter(|change| change.kind.is_inspectors()) {
        let key = (change.kind.name().to_owned(), change.path);
        judged.entry(key).or_default().push(change.severity);
    }
    for list in judged.values_mut() {
        list.sort();
    }
    judged
}

fn theirs(found: Vec<(String, Option<String>, String)>) -> Judged {
    let mut judged = Judged::new();
    for (kind, path, level) in found {
        let severity = match level.as_str() {
            "NON_BREAKING" => Severity::Safe,
            "DANGEROUS" => Severity::Dangerous,
            _ => Severity::Breaking,
        };
        judged.entry((kind, path.unwrap_or_default())).or_default().push(severity);
    }
    for list in judged.values_mut() {
        list.sort();
    }
    judged
}

fn compare(pair: &Pair, answer: Answer, waivers: &[Waiver], tally: &mut Tally) {
    let base = Contract::parse(&pair.base, "base.graphql").unwrap();
    let head = Contract::parse(&pair.head, "head.graphql").unwrap();
    let found = match answer {
        Answer::Changes(found) => found,
        Answer::Refused(why) => {
            tally.refused.push(format!("pair {} ({:?}): {why}", pair.number, pair.changes));
            return;
        }
    };
    tally.made.extend(&pair.changes);
    let (ours, theirs) = (ours(&base, &head), theirs(found));
    for ((kind, _), list) in &theirs {
        *tally.hits.entry(kind.clone()).or_default() += list.len();
    }
    let differing = disagreements(&ours, &theirs);
    tally.pairs += 1;
    tally.alike += usize::from(differing.is_empty());
    let all: usize = theirs.values().map(Vec::len).sum();
    tally.changes += all;
    tally.agreed += all - differing.iter().filter(|found| found.theirs.is_some()).count();
    for found in differing {
        if let Some(index) = covering(waivers, &found, &base, &head) {
            tally.waived[index] += 1;
        } else {
            let key = format!("{} ours {:?} theirs {:?}", found.kind, found.ours, found.theirs);
            let count = tally.open.entry(key).or_default();
            *count += 1;
            if *count == 1 {
                let about = about(&found.path, &base, &head);
                tally.examples.push(format!("pair {} {:?}: {found:?}\n{about}", pair.number, pair.changes));
            }
        }
    }
}

fn disagreements(ours: &Judged, theirs: &Judged) -> Vec<Disagreement> {
    let mut found = Vec::new();
    let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    for key in keys {
        let (mut left, mut right) = (ours.get(key).cloned().unwrap_or_default(), Vec::new());
        for severity in theirs.get(key).into_iter().flatten() {
            match left.iter().position(|ours| ours == severity) {
                Some(index) => drop(left.remove(index)),
                None => right.push(*severity),
            }
        }
        for index in 0..left.len().max(right.len()) {
            let (ours, theirs) = (left.get(index).copied(), right.get(index).copied());
            found.push(Disagreement { kind: key.0.clone(), path: key.1.clone(), ours, theirs });
        }
    }
    found
}

fn report(tally: &Tally, waivers: &[Waiver]) {
    println!(
        "{} pairs, {} alike in everything; {} changes, {} alike",
        tally.pairs, tally.alike, tally.changes, tally.agreed
    );
    for kind in ChangeKind::ALL.iter().filter(|kind| kind.is_inspectors()) {
        println!("{:7} {}", tally.hits.get(kind.name()).copied().unwrap_or_default(), kind.name());
    }
    for (waiver, count) in waivers.iter().zip(&tally.waived) {
        println!("{count:7} waived: {}: {}", waiver.name, waiver.reason.trim());
    }
}
