//! Every case of the ledger is tested by a test that exists, or names the capability that is missing.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const CASES: u32 = 108;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    number: u32,
    title: String,
    state: State,
    /// `path::name` from the top of the repository, or `crate: name`.
    #[serde(default)]
    test: Vec<String>,
    missing: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum State {
    Tested,
    Absent,
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_case_is_tested_or_names_what_is_missing() {
    let text = std::fs::read_to_string(top().join("tests/attacks/ledger.toml")).unwrap();
    let ledger: Ledger = toml::from_str(&text).unwrap();
    let mut wrong = Vec::new();

    let numbers: BTreeSet<_> = ledger.case.iter().map(|case| case.number).collect();
    if ledger.case.len() != numbers.len() || numbers != (1..=CASES).collect() {
        wrong.push(format!("the numbers are not each of 1 to {CASES} once"));
    }
    let mut sources = BTreeMap::new();
    for case in &ledger.case {
        let reason = case.missing.as_deref().unwrap_or_default().trim();
        let sound = match case.state {
            State::Tested => !case.test.is_empty() && reason.is_empty(),
            State::Absent => case.test.is_empty() && !reason.is_empty(),
        };
        if !sound || case.title.trim().is_empty() {
            wrong.push(format!("case {} is neither tested nor absent", case.number));
        }
        for test in case.test.iter().filter(|test| !exists(test, &mut sources)) {
            wrong.push(format!("case {}: there is no test {test}", case.number));
        }
    }

    let tested = ledger.case.iter().filter(|case| case.state == State::Tested).count();
    println!("{tested} cases tested, {} absent", ledger.case.len() - tested);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a test of that name stands in its file, or in a file of its crate.
pub(crate) fn exists(test: &str, sources: &mut BTreeMap<PathBuf, Vec<String>>) -> bool {
    let (place, name) = match (test.split_once("::"), test.split_once(": ")) {
        (Some((path, name)), _) => (top().join(path), name),
        (None, Some((of_crate, name))) => (top().join("crates").join(of_crate), name),
        (None, None) => return false,
    };
    let texts = sources.entry(place.clone()).or_insert_with(|| {
        let mut texts = Vec::new();
        read(&place, &mut texts);
        texts
    });
    texts.iter().any(|text| declares(text, name))
}

/// Every Rust file at or below a path, except what packages bring.
fn read(path: &Path, texts: &mut Vec<String>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            let below = entry.unwrap().path();
            if !below.ends_with("node_modules") {
                read(&below, texts);
            }
        }
    } else if path.extension().is_some_and(|extension| extension == "rs")
        && let Ok(text) = std::fs::read_to_string(path)
    {
        texts.push(text);
    }
}

/// Whether a function of that name is marked as a test that runs.
fn declares(text: &str, name: &str) -> bool {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let declared = line.contains(&format!("fn {name}("));
        let above: Vec<_> = lines[..at].iter().rev().take_while(|line| line.starts_with("#[")).collect();
        let marked = above.iter().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"));
        declared && marked && !above.iter().any(|line| line.starts_with("#[ignore"))
    })
}

#[test]
fn a_test_that_does_not_exist_or_does_not_run_is_noticed() {
    let text = "#[test]\nfn runs() {}\n#[test]\n#[ignore = \"x\"]\nfn sleeps() {}\nfn helper() {}\n";

    assert!(declares(text, "runs"));
    assert!(!declares(text, "sleeps"));
    assert!(!declares(text, "helper"));
    assert!(!declares(text, "run"));
}
