//! What newer editions of GraphQL write and the parser cannot read yet.
//!
//! The parser (apollo-compiler 1) knows neither directives on directive definitions, `extend directive` and the
//! location `DIRECTIVE_DEFINITION` (September 2026) nor descriptions in executable documents (September 2025). Here
//! they are replaced by spaces, so that every offset stays, and what they say is kept apart. Once the parser's
//! second version is stable, this module can go.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::tokens::{Kind, Token, tokens};

/// The location that the parser does not know.
pub(crate) const DIRECTIVE_DEFINITION: &str = "DIRECTIVE_DEFINITION";

/// The stand-in for a directive that may stand on directives only: the grammar wants one location at least.
pub(crate) const STAND_IN: &str = "SCHEMA";

/// A schema's text as the parser reads it, and what it does not.
#[derive(Debug, Default)]
pub(crate) struct Readable {
    /// The text with spaces in place of what the parser cannot read; nothing if it can read all.
    pub(crate) text: Option<String>,
    /// A text in which, at the same offsets, every directive that was applied to a directive is applied to a scalar
    /// of that directive's name.
    pub(crate) applied: Option<String>,
    /// The directives that may stand on directives; true if nowhere else, so that [`STAND_IN`] is not meant.
    pub(crate) on_directives: HashMap<String, bool>,
    /// The directives that are extended, with the offset of the extension.
    pub(crate) extended: Vec<(String, usize)>,
}

/// Words after which `directive` is the name of a type and no keyword.
const NAMING: [&str; 10] = ["type", "interface", "scalar", "enum", "input", "union", "implements", "&", "|", "="];

/// Takes out of a schema what the parser cannot read.
pub(crate) fn schema(text: &str) -> Readable {
    if !text.contains("directive") {
        return Readable::default();
    }
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut pass =
        Pass { text, tokens: &tokens, blanks: Vec::new(), applied: Vec::new(), readable: Readable::default() };
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            "directive" if depth == 0 && token.kind == Kind::Name => pass.definition(index),
            _ => {}
        }
    }
    pass.finish()
}

struct Pass<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    blanks: Vec<(Range<usize>, &'static str)>,
    applied: Vec<(usize, &'a str, Range<usize>)>,
    readable: Readable,
}

impl Pass<'_> {
    /// Reads a definition or extension whose keyword `directive` is at an index.
    fn definition(&mut self, index: usize) {
        let previous = index.checked_sub(1).and_then(|index| self.tokens.get(index));
        let is_extension = previous.is_some_and(|token| token.is("extend"));
        if previous.is_some_and(|token| NAMING.iter().any(|word| token.is(word))) || !self.is(index + 1, "@") {
            return;
        }
        let Some(name) = self.tokens.get(index + 2).filter(|token| token.kind == Kind::Name) else { return };
        let first = if is_extension { index + 3 } else { self.after_brackets(index + 3) };
        let end = self.after_directives(first);
        let keyword = self.start(if is_extension { index - 1 } else { index });
        if end > first {
            let range = self.start(first)..self.end(end - 1);
            self.applied.push((keyword, name.text, range.clone()));
            self.blanks.push((if is_extension { keyword..range.end } else { range }, ""));
        }
        if is_extension {
            self.readable.extended.push((name.text.to_owned(), keyword));
        } else {
            self.locations(name.text, end);
        }
    }

    /// Takes the unknown location out of the list that follows an index.
    fn locations(&mut self, name: &str, mut index: usize) {
        if self.is(index, "repeatable") {
            index += 1;
        }
        if !self.is(index, "on") {
            return;
        }
        index += 1;
        let first = index;
        let (mut known, mut unknown) = (0, Vec::new());
        loop {
            if self.is(index, "|") {
                index += 1;
            } else if index != first {
                break;
            }
            match self.tokens.get(index) {
                Some(token) if token.is(DIRECTIVE_DEFINITION) => unknown.push(index),
                Some(token) if token.kind == Kind::Name => known += 1,
                _ => return,
            }
            index += 1;
        }
        for (nth, &at) in unknown.iter().enumerate() {
            self.readable.on_directives.insert(name.to_owned(), known == 0);
            let instead = if known == 0 && nth == 0 { STAND_IN } else { "" };
            // The sign before goes with it; one that is left at the start of the list is allowed there.
            let from = if instead.is_empty() && self.is(at - 1, "|") { at - 1 } else { at };
            self.blanks.push((self.start(from)..self.end(at), instead));
        }
    }

    /// The index after brackets that open at an index, or the index itself.
    fn after_brackets(&self, index: usize) -> usize {
        if !self.is(index, "(") {
            return index;
        }
        let mut depth = 0_usize;
        for (offset, token) in self.tokens.iter().skip(index).enumerate() {
            if ["(", "[", "{"].iter().any(|sign| token.is(sign)) {
                depth += 1;
            } else if [")", "]", "}"].iter().any(|sign| token.is(sign)) {
                depth -= 1;
                if depth == 0 {
                    return index + offset + 1;
                }
            }
        }
        self.tokens.len()
    }

    /// The index after the applied directives that start at an index.
    fn after_directives(&self, mut index: usize) -> usize {
        while self.is(index, "@") && self.tokens.get(index + 1).is_some_and(|token| token.kind == Kind::Name) {
            index = self.after_brackets(index + 2);
        }
        index
    }

    fn is(&self, index: usize, text: &str) -> bool {
        self.tokens.get(index).is_some_and(|token| token.is(text))
    }

    fn start(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.text.len(), |token| token.range.start)
    }

    fn end(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.text.len(), |token| token.range.end)
    }

    fn finish(mut self) -> Readable {
        if !self.blanks.is_empty() {
            self.readable.text = Some(blanked(self.text, &self.blanks));
        }
        if !self.applied.is_empty() {
            self.readable.applied = Some(shadow(self.text, &self.applied));
        }
        self.readable
    }
}

/// A text with ranges replaced by a shorter text and spaces; line ends stay.
fn blanked(text: &str, ranges: &[(Range<usize>, &'static str)]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (range, instead) in ranges {
        let instead = instead.bytes().chain(std::iter::repeat(b' '));
        for (byte, new) in bytes.iter_mut().take(range.end).skip(range.start).zip(instead) {
            if *byte != b'\n' && *byte != b'\r' {
                *byte = new;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Spaces and line ends, and for each entry a scalar of its name and, at their own offsets, its directives.
fn shadow(text: &str, applied: &[(usize, &str, Range<usize>)]) -> String {
    let mut bytes: Vec<u8> = text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect();
    for (keyword, name, directives) in applied {
        let head = [b"scalar ", name.as_bytes()].concat();
        for (byte, new) in bytes.iter_mut().skip(*keyword).zip(head) {
            *byte = new;
        }
        for (byte, old) in bytes.iter_mut().zip(text.bytes()).take(directives.end).skip(directives.start) {
            *byte = old;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An executable document without descriptions of operations, fragments and variables, which the parser cannot
/// read (GraphQL of September 2025). Everything else keeps its offset, line and column.
#[must_use]
pub fn without_descriptions(text: &str) -> Cow<'_, str> {
    if !text.contains('"') {
        return Cow::Borrowed(text);
    }
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let is_keyword =
        |token: &Token<'_>| ["query", "mutation", "subscription", "fragment"].iter().any(|word| token.is(word));
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    let mut blanks = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1);
        let is_default = index.checked_sub(1).and_then(|index| tokens.get(index)).is_some_and(|token| token.is("="));
        match token.text {
            "{" => braces += 1,
            "}" => braces = braces.saturating_sub(1),
            "(" | "[" => brackets += 1,
            ")" | "]" => brackets = brackets.saturating_sub(1),
            _ if token.kind != Kind::Text || braces > 0 || is_default => {}
            _ if brackets == 0 && next.is_some_and(is_keyword) => {
                blanks.push((token.range.clone(), ""));
            }
            _ if brackets == 1 && next.is_some_and(|next| next.is("$")) => blanks.push((token.range.clone(), "")),
            _ => {}
        }
    }
    if blanks.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(blanked(text, &blanks)) }
}
