//! What is seen in the tokens, inside macros too: silenced lints, unfinished code, `select *`; and lines that are too
//! long, which rustfmt leaves alone in comments.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Literal, Spacing, TokenStream, TokenTree};

use super::finding::Finding;
use super::syntax::Source;

const COLUMNS: usize = 120;
const UNFINISHED: [&str; 3] = ["dbg", "todo", "unimplemented"];

/// Checks one file.
pub(super) fn check(source: &Source<'_>, findings: &mut Vec<Finding>) {
    let mut walk = Walk { path: source.path, literals: BTreeSet::new(), findings };
    walk.tokens(&source.tokens, false);
    let Walk { literals, findings, .. } = walk;
    for (index, line) in source.text.lines().enumerate() {
        let columns = line.chars().count();
        if columns > COLUMNS && !literals.contains(&(index + 1)) {
            let text = format!("{columns} columns, at most {COLUMNS}");
            findings.push(Finding::new(source.path, index + 1, "columns", text));
        }
    }
}

struct Walk<'a> {
    path: &'a str,
    /// The lines with text in quotes.
    literals: BTreeSet<usize>,
    findings: &'a mut Vec<Finding>,
}

impl Walk<'_> {
    fn tokens(&mut self, stream: &TokenStream, in_query: bool) {
        let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) if is_attribute(group, &tokens[..index]) => self.attribute(group),
                TokenTree::Group(group) => {
                    let query = called(&tokens[..index]).is_some_and(|name| name.starts_with("query"));
                    self.tokens(&group.stream(), in_query || query);
                }
                TokenTree::Literal(literal) => self.literal(literal, in_query),
                TokenTree::Punct(mark) if mark.as_char() == '!' => {
                    // `todo!=` compares; `todo!(` and `todo! {` call.
                    let calls =
                        mark.spacing() == Spacing::Alone && matches!(tokens.get(index + 1), Some(TokenTree::Group(_)));
                    let name = called(&tokens[..=index]).filter(|name| calls && UNFINISHED.contains(&name.as_str()));
                    if let Some(name) = name {
                        let line = mark.span().start().line;
                        self.findings.push(Finding::new(
                            self.path,
                            line,
                            "unfinished",
                            format!("{name}! is not for keeps"),
                        ));
                    }
                }
                TokenTree::Punct(_) | TokenTree::Ident(_) => {}
            }
        }
    }

    fn attribute(&mut self, group: &Group) {
        let mut tokens = group.stream().into_iter();
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return self.tokens(&group.stream(), false);
        };
        if name == "doc" {
            return;
        }
        if name == "allow" || name == "cfg_attr" && mentions_allow(&tokens.clone().collect()) {
            let text = "an exception is an `expect` with a reason";
            self.findings.push(Finding::new(self.path, name.span().start().line, "allow", text));
        }
        self.tokens(&tokens.collect(), false);
    }

    fn literal(&mut self, literal: &Literal, in_query: bool) {
        let text = literal.to_string();
        if !text.contains('"') {
            return;
        }
        let lines = literal.span().start().line..=literal.span().end().line;
        if in_query && selects_everything(&text) {
            self.findings.push(Finding::new(self.path, *lines.start(), "columns-named", "name the query's columns"));
        }
        self.literals.extend(lines);
    }
}

/// Whether a group in brackets stands behind `#` or `#!`.
fn is_attribute(group: &Group, before: &[TokenTree]) -> bool {
    let inner = is_mark(before.last(), '!') && is_mark(before.iter().rev().nth(1), '#');
    group.delimiter() == Delimiter::Bracket && (inner || is_mark(before.last(), '#'))
}

fn is_mark(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == wanted)
}

/// The macro that `name!` at the end of some tokens calls.
fn called(before: &[TokenTree]) -> Option<String> {
    match before {
        [.., TokenTree::Ident(name), TokenTree::Punct(mark)] if mark.as_char() == '!' => Some(name.to_string()),
        _ => None,
    }
}

fn mentions_allow(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "allow",
        TokenTree::Group(group) => mentions_allow(&group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn selects_everything(text: &str) -> bool {
    let text = text.replace("\\n", " ").to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || "(),\"".contains(c)).filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|two| two == ["select", "*"])
}

#[cfg(test)]
mod tests {
    use super::super::syntax::tests::findings;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        findings("a.rs", text, check)
    }

    #[test]
    fn lints_are_not_silenced() {
        let text = "#![allow(a)]\n#[allow(b)]\nfn f() {}\n#[cfg_attr(test, allow(c))]\nfn g() {}\n";
        let lines: Vec<String> = found(text);
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines.iter().all(|line| line.contains(": allow: ")), "{lines:?}");
        assert!(
            found("#[expect(a, reason = \"b\")]\nfn allow() {}\n// #[allow(a)]\nconst A: &str = \"#[allow(a)]\";\n")
                .is_empty()
        );
    }

    #[test]
    fn nothing_is_unfinished() {
        let expected = ["2: unfinished: todo! is not for keeps", "3: unfinished: dbg! is not for keeps"];
        assert_eq!(found("fn f() {\n    todo!();\n    assert!(dbg!(a));\n}\n"), expected);
        assert!(found("fn f() {\n    // todo!()\n    if todo!= a { todo(); }\n}\n").is_empty());
    }

    #[test]
    fn queries_name_their_columns() {
        let text = "fn f() {\n    sqlx::query_as!(A, \"SELECT  * from a\");\n    query!(\n        r#\"select a, (select\n *)\"#);\n}\n";
        let expected = ["2: columns-named: name the query's columns", "4: columns-named: name the query's columns"];
        assert_eq!(found(text), expected);
        assert!(
            found("/// select * from a\nfn f() { query!(\"select count(*) from a\"); say(\"select *\"); }\n")
                .is_empty()
        );
    }

    #[test]
    fn lines_are_bounded_except_for_text_in_quotes() {
        let long = "x".repeat(130);
        assert_eq!(found(&format!("/// {long}\nfn f() {{}}\n")), ["1: columns: 134 columns, at most 120"]);
        assert_eq!(found(&format!("// {long}\n")), ["1: columns: 133 columns, at most 120"]);
        assert!(found(&format!("const A: &str = \"{long}\";\nconst B: &str = \"a\n{long}\";\n")).is_empty());
        assert!(found(&format!("const A: &str = \"{}\";\n// ü{}\n", "é".repeat(50), "é".repeat(116))).is_empty());
    }
}
