//! The tokens of a GraphQL text, for the passes that go before the parser.
//!
//! Nothing is refused here: what is no token is passed on as one, and the parser refuses it.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Name,
    /// A string or block string, with its quotes.
    Text,
    /// Anything else: a sign, a number's part.
    Sign,
}

/// A token and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its text.
    pub(crate) text: &'a str,
    /// Its bytes in the whole text.
    pub(crate) range: Range<usize>,
}

impl Token<'_> {
    /// Whether it is this name or sign, and not a string.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

/// The tokens of a text, without spaces, commas and comments.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let token = next(text, at)?;
        at = token.range.end;
        Some(token)
    })
}

/// The first token at or after an offset.
fn next(text: &str, mut at: usize) -> Option<Token<'_>> {
    let bytes = text.as_bytes();
    loop {
        let byte = *bytes.get(at)?;
        let (kind, end) = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = until(bytes, at, |byte| byte == b'\n' || byte == b'\r');
                continue;
            }
            b'"' => (Kind::Text, end_of_text(bytes, at)),
            _ if is_of_name(byte) => (Kind::Name, until(bytes, at, |byte| !is_of_name(byte))),
            _ if byte.is_ascii() => (Kind::Sign, at + 1),
            _ => (Kind::Sign, until(bytes, at, |byte| byte.is_ascii())),
        };
        return Some(Token { kind, text: text.get(at..end).unwrap_or_default(), range: at..end });
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The first byte after `at` that ends a run, or the end of the text.
fn until(bytes: &[u8], at: usize, ends: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(at + 1).position(|byte| ends(*byte)).map_or(bytes.len(), |length| at + 1 + length)
}

/// Where the string that starts at `at` ends; one that is not closed ends with its line, or with the text.
fn end_of_text(bytes: &[u8], at: usize) -> usize {
    let block = bytes.get(at..at + 3) == Some(b"\"\"\"");
    let mut end = at + if block { 3 } else { 1 };
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'"' if !block => return end + 1,
            b'"' if bytes.get(end..end + 3) == Some(b"\"\"\"") => return end + 3,
            b'\\' if block && bytes.get(end + 1..end + 4) == Some(b"\"\"\"") => end += 4,
            b'\\' if !block && !matches!(bytes.get(end + 1), None | Some(b'\n' | b'\r')) => {
                end = until(bytes, end + 1, |byte| byte & 0b1100_0000 != 0b1000_0000);
            }
            b'\n' | b'\r' if !block => return end,
            _ => end += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).map(|token| token.text).collect()
    }

    #[test]
    fn strings_comments_and_signs_are_told_apart() {
        let text = "query q # \"no\n(\"a \\\" b\", \"\"\"c \\\"\"\" d\"\"\") {…é x}";

        assert_eq!(
            texts(text),
            ["query", "q", "(", "\"a \\\" b\"", "\"\"\"c \\\"\"\" d\"\"\"", ")", "{", "…é", "x", "}"]
        );
    }

    #[test]
    fn an_open_string_ends_with_its_line_and_an_open_block_with_the_text() {
        assert_eq!(texts("\"a\nb"), ["\"a", "b"]);
        assert_eq!(texts("\"\"\"a\nb"), ["\"\"\"a\nb"]);
        assert_eq!(texts("\"\\é\" \"\\"), ["\"\\é\"", "\"\\"]);
    }
}
