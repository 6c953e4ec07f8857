//! Texts with `{{placeholders}}`: checked when they are read, so that filling them cannot fail.

use std::fmt::Write as _;

/// A text, cut at its placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Placeholder(&'static str),
}

/// What a value is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// With the characters escaped that mean something in HTML, also within attributes.
    Html,
}

/// What fills the placeholders.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<(&'static str, String)>);

impl Values {
    /// Sets a value. Line breaks and other control characters become spaces: a value is a part of a line.
    pub(super) fn set(&mut self, name: &'static str, value: &str) {
        let line = value.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
        self.0.push((name, line));
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(have, _)| *have == name).map_or("", |(_, value)| value)
    }
}

impl Text {
    /// Reads a text that may have these placeholders. The error is the end of a sentence about the text.
    pub(super) fn parse(text: &str, allowed: &[&'static str]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((plain, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else {
                return Err("has a {{ without its }}".to_owned());
            };
            let name = name.trim();
            let Some(known) = allowed.iter().find(|known| **known == name) else {
                return Err(format!("has the placeholder {{{{{name}}}}}; known are {}", allowed.join(", ")));
            };
            pieces.extend([Piece::Plain(plain.to_owned()), Piece::Placeholder(known)]);
            rest = after;
        }
        pieces.push(Piece::Plain(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// Whether one of these placeholders is in it.
    pub(super) fn has_one_of(&self, names: &[&str]) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Placeholder(name) if names.contains(name)))
    }

    /// The text with its values.
    pub(super) fn fill(&self, values: &Values, form: Form) -> String {
        let mut filled = String::new();
        for piece in &self.0 {
            match (piece, form) {
                (Piece::Plain(text), _) => filled.push_str(text),
                (Piece::Placeholder(name), Form::Plain) => filled.push_str(values.get(name)),
                (Piece::Placeholder(name), Form::Html) => escape(values.get(name), &mut filled),
            }
        }
        filled
    }
}

/// Appends a text to HTML, so that it means itself both between tags and in quoted attributes.
pub(super) fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' => {
                // Writing to a string cannot fail.
                let _ = write!(html, "&#{};", u32::from(character));
            }
            other => html.push(other),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_and_escaped_in_html_only() {
        let text = Text::parse("<b>{{name}}</b> {{ name }}", &["name"]).unwrap();
        let mut values = Values::default();
        values.set("name", "a<\"&'>\r\nBcc: b");

        assert_eq!(text.fill(&values, Form::Plain), "<b>a<\"&'>  Bcc: b</b> a<\"&'>  Bcc: b");
        let html = text.fill(&values, Form::Html);
        assert_eq!(html, "<b>a&#60;&#34;&#38;&#39;&#62;  Bcc: b</b> a&#60;&#34;&#38;&#39;&#62;  Bcc: b");
    }

    #[test]
    fn a_value_is_not_read_as_a_template() {
        let text = Text::parse("{{a}}{{b}}", &["a", "b"]).unwrap();
        let mut values = Values::default();
        values.set("a", "{{b}}");
        values.set("b", "secret");

        assert_eq!(text.fill(&values, Form::Plain), "{{b}}secret");
    }

    #[test]
    fn faults_are_told() {
        let parse = |text| Text::parse(text, &["link", "token"]).unwrap_err();

        assert_eq!(parse("a {{link"), "has a {{ without its }}");
        assert_eq!(parse("a {{lnk}}"), "has the placeholder {{lnk}}; known are link, token");
        assert!(Text::parse("a } b { {c} }}", &[]).is_ok());
    }
}
