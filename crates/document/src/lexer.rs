//! One linear pass over the bytes before any parser sees them.
//!
//! A parser recurses into nested brackets and overflows the stack, which aborts the process;
//! so nesting, tokens and lengths are bounded here, without recursion.

use crate::limits::Limits;
use crate::lines::Lines;
use crate::refusal::{Refusal, code};

/// Refuses text that is too long, too deep, or has too many or too long tokens.
pub(crate) fn check(text: &str, limits: &Limits) -> Result<(), Refusal> {
    if text.len() > limits.text_bytes {
        return Err(Refusal::new(
            code::QUERY_TOO_LARGE,
            format!("The document is longer than {} bytes.", limits.text_bytes),
        ));
    }
    Scan { bytes: text.as_bytes(), at: 0, tokens: 0, open: Vec::new(), limits }
        .run()
        .map_err(|(refusal, offset)| refusal.at(Some(Lines::new(text).location(offset))))
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    tokens: usize,
    /// The closing brackets that are awaited, innermost last.
    open: Vec<u8>,
    limits: &'a Limits,
}

type Outcome = Result<(), (Refusal, usize)>;

impl Scan<'_> {
    fn run(mut self) -> Outcome {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => self.at += 1,
                b'#' => self.skip_while(|byte| !matches!(byte, b'\n' | b'\r')),
                b'"' => self.string()?,
                b'_' | b'A'..=b'Z' | b'a'..=b'z' => {
                    let start = self.at;
                    self.skip_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
                    self.bound_length(start, self.limits.name_bytes, "name")?;
                }
                b'-' | b'0'..=b'9' => {
                    let start = self.at;
                    self.skip_while(|byte| matches!(byte, b'-' | b'+' | b'.') || byte.is_ascii_alphanumeric());
                    self.bound_length(start, self.limits.name_bytes, "number")?;
                }
                b'(' => self.open_bracket(b')')?,
                b'[' => self.open_bracket(b']')?,
                b'{' => self.open_bracket(b'}')?,
                b')' | b']' | b'}' => self.close_bracket(byte)?,
                b'.' if self.bytes[self.at..].starts_with(b"...") => {
                    self.at += 3;
                    self.count()?;
                }
                _ => {
                    self.at += 1;
                    self.count()?;
                }
            }
        }
        if self.open.is_empty() {
            return Ok(());
        }
        Err(self.malformed("a bracket is not closed"))
    }

    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|&byte| accept(byte)) {
            self.at += 1;
        }
    }

    fn count(&mut self) -> Outcome {
        self.tokens += 1;
        if self.tokens > self.limits.tokens {
            let message = format!("The document has more than {} tokens.", self.limits.tokens);
            return Err((Refusal::new(code::TOO_MANY_TOKENS, message), self.at));
        }
        Ok(())
    }

    fn bound_length(&mut self, start: usize, limit: usize, what: &str) -> Outcome {
        if self.at - start > limit {
            let message = format!("A {what} is longer than {limit} bytes.");
            return Err((Refusal::new(code::QUERY_TOO_LARGE, message), start));
        }
        self.count()
    }

    fn open_bracket(&mut self, closing: u8) -> Outcome {
        if self.open.len() == self.limits.brackets {
            let message = format!("Brackets are nested deeper than {} levels.", self.limits.brackets);
            return Err((Refusal::new(code::QUERY_TOO_DEEP, message), self.at));
        }
        self.open.push(closing);
        self.at += 1;
        self.count()
    }

    /// A bracket that closes another kind is refused here: a parser that recovers from it
    /// would stay nested while this count goes down.
    fn close_bracket(&mut self, byte: u8) -> Outcome {
        if self.open.pop() != Some(byte) {
            return Err(self.malformed("a bracket closes none"));
        }
        self.at += 1;
        self.count()
    }

    fn string(&mut self) -> Outcome {
        let start = self.at;
        let block = self.bytes[start..].starts_with(b"\"\"\"");
        self.at += if block { 3 } else { 1 };
        loop {
            let rest = &self.bytes[self.at..];
            match rest {
                [] => return Err(self.malformed("a string is not closed")),
                [b'\\', b'"', b'"', b'"', ..] if block => self.at += 4,
                [b'"', b'"', b'"', ..] if block => {
                    self.at += 3;
                    break;
                }
                [b'\\', _, ..] if !block => self.at += 2,
                [b'\n' | b'\r', ..] if !block => {
                    return Err(self.malformed("a string is not closed on its line"));
                }
                [b'"', ..] if !block => {
                    self.at += 1;
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.bound_length(start, self.limits.string_bytes, "string")
    }

    fn malformed(&self, what: &str) -> (Refusal, usize) {
        let refusal = Refusal::new(code::GRAPHQL_PARSE_FAILED, format!("Syntax error: {what}."));
        (refusal, self.at.min(self.bytes.len()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::check;
    use crate::limits::Limits;

    fn code(text: &str) -> Option<&'static str> {
        check(text, &Limits::default()).err().map(|refusal| refusal.code)
    }

    #[test]
    fn brackets_inside_strings_and_comments_do_not_nest() {
        let quoted = "[".repeat(200);
        assert_eq!(code(&format!("{{ a(b: \"{quoted}\\\"[\") }} # {quoted}")), None);
        assert_eq!(code(&format!("{{ a(b: \"\"\"{quoted}\\\"\"\"[ \" \"\"\") }}")), None);
    }

    #[test]
    fn a_wrong_closing_bracket_does_not_hide_nesting() {
        assert_eq!(code(&"[ } ".repeat(1_000)), Some("GRAPHQL_PARSE_FAILED"));
    }

    #[test]
    fn unclosed_text_is_malformed() {
        for text in ["{ a", "{ a(b: \"x) }", "\"\"\" x", "\"x\n\"", "}", "\"\\"] {
            assert_eq!(code(text), Some("GRAPHQL_PARSE_FAILED"), "{text}");
        }
    }

    #[test]
    fn the_refusal_points_at_the_bracket_that_is_one_too_many() {
        let text = format!("{{\n é {}", "[".repeat(65));
        let refusal = check(&text, &Limits::default()).unwrap_err();
        assert_eq!((refusal.locations[0].line, refusal.locations[0].column), (2, 67));
    }
}
