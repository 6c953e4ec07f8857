//! Rust files, parsed once for all checks.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use syn::{Attribute, Item};

use super::finding::Finding;
use super::repository::TextFile;

/// A parsed file.
pub(super) struct Source<'a> {
    /// From the repository's top folder.
    pub(super) path: &'a str,
    /// All of it.
    pub(super) text: &'a str,
    /// As tokens: what macros are given is seen here alone.
    pub(super) tokens: TokenStream,
    /// As items.
    pub(super) file: syn::File,
    /// Whether all of it is compiled for tests only.
    pub(super) is_test: bool,
}

/// Parses every Rust file.
pub(super) fn sources<'a>(files: &'a [TextFile], findings: &mut Vec<Finding>) -> Vec<Source<'a>> {
    let mut sources = Vec::new();
    for file in files.iter().filter(|file| file.has_extension("rs")) {
        let parsed = file.text.parse::<TokenStream>().map_err(|error| error.to_string());
        let parsed = parsed.and_then(|tokens| {
            let file = syn::parse2::<syn::File>(tokens.clone()).map_err(|error| error.to_string())?;
            Ok((tokens, file))
        });
        match parsed {
            Ok((tokens, parsed)) => {
                sources.push(Source { path: &file.path, text: &file.text, tokens, file: parsed, is_test: false });
            }
            Err(error) => findings.push(Finding::new(&file.path, 1, "syntax", error)),
        }
    }
    let modules: BTreeSet<String> = sources.iter().flat_map(|source| test_modules(source.path, &source.file)).collect();
    for source in &mut sources {
        source.is_test = is_test_path(source.path) || modules.iter().any(|module| belongs(source.path, module));
    }
    sources
}

/// Whether an item is compiled for tests only, or is one.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        if path.is_ident("cfg") {
            let condition = attribute.meta.require_list().map(|list| list.tokens.to_string()).unwrap_or_default();
            return condition == "test" || condition.starts_with("all (test") || condition.starts_with("all(test");
        }
        path.segments.last().is_some_and(|segment| segment.ident == "test")
    })
}

fn is_test_path(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/")
}

/// The files, without their ending, that a file declares as modules for tests.
fn test_modules(path: &str, file: &syn::File) -> Vec<String> {
    let stem = path.trim_end_matches(".rs");
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let folder = if matches!(name, "mod" | "lib" | "main") { folder } else { stem };
    let declared = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() && is_for_tests(&module.attrs) => Some(&module.ident),
        _ => None,
    });
    declared.map(|name| format!("{folder}/{name}")).collect()
}

fn belongs(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What a check finds in one file, as `line: rule: text`.
    pub(in super::super) fn findings(
        path: &str,
        text: &str,
        check: impl Fn(&Source<'_>, &mut Vec<Finding>),
    ) -> Vec<String> {
        let files = [TextFile { path: path.to_owned(), text: text.to_owned() }];
        let mut findings = Vec::new();
        for source in sources(&files, &mut findings) {
            check(&source, &mut findings);
        }
        let prefix = format!("{path}:");
        findings.iter().map(|finding| finding.to_string().replacen(&prefix, "", 1)).collect()
    }

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn files_for_tests_are_known() {
        let files = [
            file("crates/a/src/keys.rs", "#[cfg(test)]\nmod key_tests;\n#[cfg(not(test))]\nmod rows;\n"),
            file("crates/a/src/keys/key_tests.rs", ""),
            file("crates/a/src/keys/key_tests/more.rs", ""),
            file("crates/a/src/keys/rows.rs", ""),
            file("crates/a/tests/all.rs", ""),
        ];
        let sources = sources(&files, &mut Vec::new());
        let tests: Vec<bool> = sources.iter().map(|source| source.is_test).collect();
        assert_eq!(tests, [false, true, true, false, true]);
    }

    #[test]
    fn what_does_not_parse_is_a_finding() {
        let found = findings("a.rs", "fn {", |_, _| {});
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("1: syntax: "), "{found:?}");
    }
}
