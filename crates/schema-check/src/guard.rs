//! A look at a schema's text before the parser sees it.
//!
//! The parser keeps an error for every token that it does not expect, hundreds of bytes each, and goes on: a large
//! file that is no schema would take all memory. So what is plainly none is refused here, at its first fault.

use crate::tokens::{Kind, Token, tokens};

/// How deep brackets may be nested, which is what the parser allows as well.
const DEEPEST: usize = 500;

/// Words that start a definition or stand between its parts.
const KEYWORDS: [&str; 16] = [
    "schema",
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "scalar",
    "directive",
    "extend",
    "implements",
    "repeatable",
    "on",
    "query",
    "mutation",
    "subscription",
    "fragment",
];

/// Words and signs after which any name can stand outside of brackets.
const BEFORE_NAMES: [&str; 16] = [
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "scalar",
    "implements",
    "on",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "@",
    "&",
    "|",
    "=",
];

/// The offset and the words of the first thing that no schema has.
pub(crate) fn fault(text: &str) -> Option<(usize, &'static str)> {
    let mut depth = 0_usize;
    let mut previous: Option<Token<'_>> = None;
    for token in tokens(text) {
        if let Some(fault) = fault_of(&token, previous.as_ref(), depth) {
            return Some((token.range.start, fault));
        }
        if token.kind == Kind::Sign {
            match token.text {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
        }
        previous = Some(token);
    }
    None
}

fn fault_of(token: &Token<'_>, previous: Option<&Token<'_>>, depth: usize) -> Option<&'static str> {
    let after = |words: &[&str]| previous.is_some_and(|previous| words.iter().any(|word| previous.is(word)));
    let after_name = || previous.is_some_and(|previous| previous.kind == Kind::Name || previous.is(")"));
    match (token.kind, token.text) {
        (Kind::Name, word) if depth == 0 && !KEYWORDS.contains(&word) && !after(&BEFORE_NAMES) => {
            Some("syntax error: expected a definition")
        }
        (Kind::Name | Kind::Text, _) | (_, "\u{feff}") => None,
        (_, "{" | "(" | "[") if depth == 0 && !after_name() => Some("syntax error: expected a definition"),
        (_, "{" | "(" | "[") if depth >= DEEPEST => Some("brackets are nested too deep"),
        (_, "}" | ")" | "]") if depth == 0 => Some("syntax error: this bracket closes none"),
        (_, "{" | "}" | "(" | ")" | "[" | "]" | "!" | "$" | "&" | "." | ":" | "=" | "@" | "|" | "+" | "-") => None,
        _ => Some("syntax error: no GraphQL has this sign outside of a string"),
    }
}
