//! Any text is answered, none panics; and a cache changes nothing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde_json::json;
use tidegate_document::{Documents, Limits};

const SDL: &str = include_str!("differential/toy.graphql");

fn documents(cache_bytes: u64) -> Documents {
    Documents::new(SDL, Limits::default(), cache_bytes).unwrap()
}

const WORDS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "...",
    ":",
    "$",
    "@",
    "!",
    "=",
    "\"",
    "\"\"\"",
    "\\",
    "#",
    "\n",
    "query",
    "mutation",
    "fragment",
    "on",
    "item",
    "Item",
    "Query",
    "by",
    "id",
    "node",
    "skip",
    "if",
    "true",
    "null",
    "1",
    "-1.5e3",
    "v",
    "F",
    "__typename",
    "\u{feff}",
    "é",
    "\u{1F600}",
    "\0",
];

fn token() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS).prop_map(str::to_owned);
    prop_oneof![9 => word, 1 => any::<char>().prop_map(String::from)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = documents(0).prepare(&text);
    }

    #[test]
    fn any_tokens_are_answered(tokens in prop::collection::vec(token(), 0..80)) {
        let text = tokens.join(" ");
        if let Ok(prepared) = documents(0).prepare(&text) {
            for operation in prepared.operations() {
                let _ = prepared.bind(operation.name, serde_json::Map::new());
            }
        }
    }
}

/// Documents with everything that binding looks at, and the variables to bind them to.
fn bindable() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("{ matrix }", json!({})),
        ("{ matrix a: matrix(rows: [[1, 2], [null]]) }", json!({})),
        ("{ __typename }", json!({})),
        ("{ __schema { queryType { name } } }", json!({})),
        ("query Q($rows: [[Int]!] = [[3]]) { matrix(rows: $rows) }", json!({})),
        ("query Q($rows: [[Int]!] = [[3]]) { matrix(rows: $rows) }", json!({ "rows": [[4, null]] })),
        (
            "query($by: ItemBy!, $with: Boolean!) { item(by: $by) { ...F @include(if: $with) ... on Item { id } } }
             fragment F on Item { parts(first: 250) { name of { label(tag: \"x\") } } }",
            json!({ "by": { "slug": "mug" }, "with": true }),
        ),
        (
            "query($by: ItemBy!, $with: Boolean!) { item(by: $by) { ...F @include(if: $with) ... on Item { id } } }
             fragment F on Item { parts(first: 250) { name of { label(tag: \"x\") } } }",
            json!({ "by": { "slug": "mug" }, "with": false }),
        ),
        ("mutation M { steps bump(key: \"k\") { id } }", json!({})),
        ("query($by: ItemBy!) { item(by: $by) { id } }", json!({ "by": {} })),
    ]
}

#[test]
fn a_cache_changes_nothing() {
    let (with, without) = (documents(1 << 20), documents(0));
    let bound = |documents: &Documents, text: &str, variables: &serde_json::Value| {
        let variables = variables.as_object().unwrap().clone();
        format!("{:#?}", documents.prepare(text).and_then(|prepared| prepared.bind(None, variables)))
    };
    let mut outcomes = std::collections::HashSet::new();
    for (text, variables) in bindable() {
        let miss = bound(&with, text, &variables);
        let hit = bound(&with, text, &variables);
        let never = bound(&without, text, &variables);
        // All that is bound: the operation, its variables, what it costs, what is known of the answer.
        assert_eq!((&hit, &never), (&miss, &miss), "{text}");
        outcomes.insert(miss);
    }
    assert_eq!((outcomes.len(), with.kept().0, without.kept()), (10, 8, (0, 0)));
}

#[test]
fn a_cache_is_bounded() {
    let documents = documents(200_000);
    for round in 0..2_000 {
        documents.prepare(&format!("{{ matrix a{round}: matrix }}")).unwrap();
    }
    let (count, bytes) = documents.kept();
    assert!(count > 0 && bytes <= 200_000, "{count} documents, {bytes} bytes");
    let text = "{ matrix }";
    assert!(std::sync::Arc::ptr_eq(&documents.prepare(text).unwrap(), &documents.prepare(text).unwrap()));
}

#[test]
fn the_longest_text_is_kept() {
    let documents = documents(16 << 20);
    let text = format!("{{ matrix {} }}", " ".repeat(65_000));
    documents.prepare(&text).unwrap();
    assert_eq!(documents.kept().0, 1);
}

#[test]
fn refused_texts_are_not_kept() {
    let documents = documents(1 << 20);
    for round in 0..100 {
        assert!(documents.prepare(&format!("{{ wrong{round} }}")).is_err());
    }
    assert_eq!(documents.kept().0, 0);
}

#[test]
fn a_schema_that_is_not_valid_is_refused() {
    assert!(Documents::new("type Query { a: Missing }", Limits::default(), 0).is_err());
}
