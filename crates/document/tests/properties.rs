//! Any text is answered, none panics; and a cache changes nothing.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
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

#[test]
fn a_cache_changes_nothing_and_is_bounded() {
    let (with, without) = (documents(200_000), documents(0));
    for round in 0..2_000 {
        let text = format!("{{ matrix a{round}: matrix }}");
        let kept = with.prepare(&text).unwrap();
        assert_eq!(kept.hash(), without.prepare(&text).unwrap().hash());
    }
    let (count, bytes) = with.kept();
    assert!(count > 0 && bytes <= 200_000, "{count} documents, {bytes} bytes");
    assert_eq!(without.kept(), (0, 0));
    let text = "{ matrix }";
    assert!(std::sync::Arc::ptr_eq(&with.prepare(text).unwrap(), &with.prepare(text).unwrap()));
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
