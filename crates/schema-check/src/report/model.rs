//! What a report is about.

use std::collections::BTreeMap;

use serde::Serialize;
use time::{Date, Duration};

use super::annotation::{Annotation, Gravity};
use super::words;
use crate::change::{Place, Severity};
use crate::contract::Contract;
use crate::dates;
use crate::operations::{Operations, TRUSTED};
use crate::parts::{Part, parts};
use crate::policy::{Judged, Verdict};
use crate::usage::Usage;

/// One of the two schemas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// What to call it, such as `v1.2.0:schema.graphql`.
    pub name: String,
    /// The file that annotations point at, such as `schema.graphql`.
    pub file: String,
}

/// Everything a report says.
#[derive(Debug, Clone)]
pub struct Report {
    /// The schema before.
    pub base: Side,
    /// The schema after.
    pub head: Side,
    /// The file with the policy.
    pub policy_file: String,
    /// The day it is.
    pub today: Date,
    /// The changes under the policy.
    pub verdict: Verdict,
    /// The clients' operations, if they were tried.
    pub operations: Option<Operations>,
    /// Recorded usage, if it was read.
    pub usage: Option<Usage>,
    /// For each change where the head has it or what it was in, for annotations.
    nearest: Vec<Option<Place>>,
    /// By kind and what they are in, the coordinates of changes.
    siblings: BTreeMap<(&'static str, String), Vec<String>>,
}

/// How many changes of each severity there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// What breaks.
    pub breaking: usize,
    /// What is dangerous.
    pub dangerous: usize,
    /// What is safe.
    pub safe: usize,
}

impl Report {
    /// Puts a report together.
    #[must_use]
    pub fn new(base: Side, head: (Side, &Contract), policy_file: String, today: Date, verdict: Verdict) -> Self {
        let (head, contract) = head;
        let parts = parts(contract.schema());
        let by_coordinate: BTreeMap<&str, &Part<'_>> =
            parts.iter().map(|part| (part.coordinate.as_str(), part)).collect();
        let nearest = |judged: &Judged| {
            let lookup = |coordinate: &str| by_coordinate.get(coordinate).and_then(|part| part.place(contract));
            let around = judged.change.coordinate.split_once('(').map_or("", |(field, _)| field);
            let owner = judged.change.coordinate.split_once('.').map_or("", |(owner, _)| owner);
            judged.change.head.or_else(|| lookup(around)).or_else(|| lookup(owner))
        };
        let severe = |judged: &Judged| judged.severity > Severity::Safe;
        let nearest =
            verdict.changes.iter().map(|judged| if severe(judged) { nearest(judged) } else { None }).collect();
        let mut siblings = BTreeMap::<(&'static str, String), Vec<String>>::new();
        for change in verdict.changes.iter().map(|judged| &judged.change) {
            let place = words::around(&change.coordinate).to_owned();
            siblings.entry((change.kind.name(), place)).or_default().push(change.coordinate.clone());
        }
        Self { base, head, policy_file, today, verdict, operations: None, usage: None, nearest, siblings }
    }

    /// The coordinates of changes of a kind within one type, field or directive.
    pub(super) fn siblings(&self, kind: &'static str, place: &str) -> &[String] {
        self.siblings.get(&(kind, place.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// How many changes of each severity there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let of = |severity| self.verdict.changes.iter().filter(|judged| judged.severity == severity).count();
        Counts { breaking: of(Severity::Breaking), dangerous: of(Severity::Dangerous), safe: of(Severity::Safe) }
    }

    /// The first change that fails, for an example.
    pub(super) fn example(&self) -> Option<&Judged> {
        self.verdict.changes.iter().find(|judged| judged.fails)
    }

    /// An exemption as the policy has it, good for thirty days.
    pub(super) fn exemption(&self, judged: &Judged) -> String {
        format!(
            "[[exempt]]\nkind = \"{}\"\ncoordinate = \"{}\"\nreason = \"why it may break\"\nexpires = {}\n",
            judged.change.kind.name(),
            judged.change.coordinate,
            dates::show(self.today + Duration::days(30)),
        )
    }
}

/// What is to be seen beside the code: all but safe changes, and operations that break.
#[must_use]
pub fn annotations(report: &Report) -> Vec<Annotation> {
    let severe = report.verdict.changes.iter().zip(&report.nearest);
    let severe = severe.filter(|(judged, _)| judged.severity > Severity::Safe);
    let changes = severe.map(|(judged, place)| {
        let change = &judged.change;
        let mut message = words::sentence(&change.message);
        let renamed = words::renamed(report, judged);
        for more in
            [change.reason.clone(), renamed, words::users(&judged.users, report.usage.as_ref())].into_iter().flatten()
        {
            message = format!("{message} {}", words::sentence(&more));
        }
        Annotation {
            gravity: if judged.fails { Gravity::Error } else { Gravity::Warning },
            rule: change.kind.name().to_owned(),
            title: format!("{} {} ({})", change.kind.name(), change.coordinate, words::severity(judged.severity)),
            message,
            file: report.head.file.clone(),
            place: *place,
            coordinate: Some(change.coordinate.clone()),
            excuse: judged.excuse.as_ref().map(words::excuse),
        }
    });
    let operations = report.verdict.operations.iter().map(|judged| {
        let broken = &judged.broken;
        let fault = broken.faults.first();
        let at = fault.and_then(|fault| Some(Place { line: fault.line?, column: fault.column? }));
        // Lines within an entry of a manifest are not lines of the manifest.
        let source = fault.map_or(&broken.source, |fault| &fault.source);
        let (file, entry) = source.split_once('#').map_or((&**source, None), |(file, entry)| (file, Some(entry)));
        // What is in the database is in no file; the schema's is what made it break.
        let file = if file == TRUSTED { &report.head.file } else { file };
        let faults: Vec<&str> = broken.faults.iter().map(|fault| fault.message.as_str()).collect();
        Annotation {
            gravity: if judged.excuse.is_none() { Gravity::Error } else { Gravity::Warning },
            rule: "OPERATION_BROKEN".to_owned(),
            title: format!("Operation {} of {} breaks", broken.name, broken.client),
            message: words::sentence(&faults.join("; ")),
            file: file.to_owned(),
            place: at.filter(|_| entry.is_none()),
            coordinate: None,
            excuse: judged.excuse.as_ref().map(words::excuse),
        }
    });
    let expired = report.verdict.expired.iter().map(|text| (Gravity::Error, "EXEMPTION_EXPIRED", text));
    let idle = report.verdict.idle.iter().map(|text| (Gravity::Note, "EXEMPTION_IDLE", text));
    let policy = expired.chain(idle).map(|(gravity, rule, text)| Annotation {
        gravity,
        rule: rule.to_owned(),
        title: "Schema policy".to_owned(),
        message: words::sentence(text),
        file: report.policy_file.clone(),
        place: None,
        coordinate: None,
        excuse: None,
    });
    changes.chain(operations).chain(policy).collect()
}
