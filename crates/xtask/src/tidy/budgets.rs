//! How long a file and a function may be.

use syn::visit::{self, Visit};
use syn::{Attribute, Block, Signature};

use super::finding::Finding;
use super::syntax::{Source, is_for_tests};

const RULE: &str = "budget";
const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
const TEST_LINES: usize = 100;

/// Checks one file.
pub(super) fn check(source: &Source<'_>, findings: &mut Vec<Finding>) {
    let lines = source.text.lines().count();
    if lines > FILE_LINES {
        let text = format!("{lines} lines, at most {FILE_LINES}");
        findings.push(Finding::new(source.path, FILE_LINES + 1, RULE, text));
    }
    Functions { path: source.path, in_test: source.is_test, findings }.visit_file(&source.file);
}

struct Functions<'a> {
    path: &'a str,
    in_test: bool,
    findings: &'a mut Vec<Finding>,
}

impl Functions<'_> {
    /// Goes into what is perhaps for tests only.
    fn within(&mut self, attributes: &[Attribute], go: impl FnOnce(&mut Self)) {
        let outside = self.in_test;
        self.in_test |= is_for_tests(attributes);
        go(self);
        self.in_test = outside;
    }

    /// Counts from the line with `fn` to the one with the closing brace.
    fn measure(&mut self, signature: &Signature, body: &Block) {
        let first = signature.fn_token.span.start().line;
        let lines = body.brace_token.span.close().end().line + 1 - first;
        let most = if self.in_test { TEST_LINES } else { FUNCTION_LINES };
        if lines > most {
            let text = format!("`{}` has {lines} lines, at most {most}", signature.ident);
            self.findings.push(Finding::new(self.path, first, RULE, text));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.within(&module.attrs, |functions| visit::visit_item_mod(functions, module));
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.within(&function.attrs, |functions| {
            functions.measure(&function.sig, &function.block);
            visit::visit_item_fn(functions, function);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.within(&function.attrs, |functions| {
            functions.measure(&function.sig, &function.block);
            visit::visit_impl_item_fn(functions, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::tests::findings;
    use super::*;

    fn function(name: &str, lines: usize) -> String {
        format!("fn {name}() {{\n{}}}\n", "    a();\n".repeat(lines - 2))
    }

    #[test]
    fn files_are_bounded() {
        assert!(findings("a.rs", &"\n".repeat(400), check).is_empty());
        assert_eq!(findings("a.rs", &"\n".repeat(401), check), ["401: budget: 401 lines, at most 400"]);
    }

    #[test]
    fn functions_are_bounded() {
        let text = format!("{}{}", function("fits", 60), function("long", 61));
        assert_eq!(findings("a.rs", &text, check), ["61: budget: `long` has 61 lines, at most 60"]);
        let text = format!("struct A;\nimpl A {{\n{}}}\n", function("method", 61));
        assert_eq!(findings("a.rs", &text, check), ["3: budget: `method` has 61 lines, at most 60"]);
    }

    #[test]
    fn tests_have_more_room() {
        let marked = format!("#[tokio::test]\nasync {}#[test]\n{}", function("fits", 100), function("long", 101));
        assert_eq!(findings("a.rs", &marked, check), ["103: budget: `long` has 101 lines, at most 100"]);
        let module = format!("#[cfg(test)]\nmod tests {{\n{}}}\n{}", function("helper", 61), function("long", 61));
        assert_eq!(findings("a.rs", &module, check), ["65: budget: `long` has 61 lines, at most 60"]);
        assert!(findings("crates/a/tests/b.rs", &function("helper", 61), check).is_empty());
    }
}
