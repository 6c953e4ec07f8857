//! A process remembers nothing between two requests: nothing global that changes, no lock or map in what lives long.
//! A lock or a channel inside a function is a request's own business.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, UseTree};

use super::finding::Finding;
use super::syntax::{Source, is_for_tests};

const RULE: &str = "state";

/// Types whose content changes behind a shared reference.
const CHANGING: &[&str] = &[
    "ArcSwap",
    "Cache",
    "Cell",
    "DashMap",
    "DashSet",
    "Lazy",
    "LazyCell",
    "LazyLock",
    "Mutex",
    "OnceCell",
    "OnceLock",
    "OnceMap",
    "RefCell",
    "RwLock",
    "UnsafeCell",
    "watch",
];

/// Crates that are there to remember.
const REMEMBERING: &[&str] =
    &["arc_swap", "cached", "dashmap", "lazy_static", "lru", "moka", "once_cell", "parking_lot", "quick_cache"];

/// Crates that serve no request.
const BESIDE: &[&str] = &["crates/testkit/", "crates/drills/", "crates/xtask/"];

/// Checks one file.
pub(super) fn check(source: &Source<'_>, findings: &mut Vec<Finding>) {
    if source.is_test || BESIDE.iter().any(|folder| source.path.starts_with(folder)) {
        return;
    }
    State { path: source.path, findings }.visit_file(&source.file);
}

struct State<'a> {
    path: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl State<'_> {
    fn report(&mut self, line: usize, text: String) {
        self.findings.push(Finding::new(self.path, line, RULE, text));
    }
}

impl<'ast> Visit<'ast> for State<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        let line = item.ident.span().start().line;
        if matches!(item.mutability, syn::StaticMutability::Mut(_)) {
            self.report(line, format!("`{}` is a global that changes", item.ident));
        } else if let Some(word) = changing(&item.ty, true) {
            self.report(line, format!("`{}` is a global with a {word}", item.ident));
        }
        visit::visit_item_static(self, item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if let Some(word) = changing(&field.ty, false) {
            let name = field.ident.as_ref().map_or_else(|| "a field".to_owned(), |name| format!("`{name}`"));
            self.report(field.ty.span().start().line, format!("{name} holds a {word}"));
        }
        visit::visit_field(self, field);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        if let Some(word) = changing(&item.ty, false) {
            self.report(item.ident.span().start().line, format!("`{}` names a {word}", item.ident));
        }
        visit::visit_item_type(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for name in first_names(&item.tree).into_iter().filter(|name| REMEMBERING.contains(&name.as_str())) {
            self.report(item.use_token.span.start().line, format!("{name} is there to remember"));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let first = path.segments.first().filter(|_| path.segments.len() > 1).map(|segment| segment.ident.to_string());
        if let Some(name) = first.filter(|name| REMEMBERING.contains(&name.as_str())) {
            self.report(path.span().start().line, format!("{name} is there to remember"));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if matches!(name.as_str(), "thread_local" | "lazy_static") {
            self.report(call.path.span().start().line, format!("{name}! makes a global that changes"));
        }
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

/// The first word of a type that changes behind a shared reference.
fn changing(of: &syn::Type, atomics: bool) -> Option<String> {
    struct Words(bool, Option<String>);
    impl<'ast> Visit<'ast> for Words {
        fn visit_ident(&mut self, ident: &'ast syn::Ident) {
            let word = ident.to_string();
            if self.1.is_none() && (CHANGING.contains(&word.as_str()) || self.0 && word.starts_with("Atomic")) {
                self.1 = Some(word);
            }
        }
        fn visit_macro(&mut self, call: &'ast syn::Macro) {
            self.visit_tokens(&call.tokens);
        }
    }
    impl Words {
        fn visit_tokens(&mut self, tokens: &TokenStream) {
            for token in tokens.clone() {
                match token {
                    TokenTree::Ident(ident) => self.visit_ident(&ident),
                    TokenTree::Group(group) => self.visit_tokens(&group.stream()),
                    TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                }
            }
        }
    }
    let mut words = Words(atomics, None);
    words.visit_type(of);
    words.1
}

fn first_names(tree: &UseTree) -> Vec<String> {
    match tree {
        UseTree::Path(path) => vec![path.ident.to_string()],
        UseTree::Name(name) => vec![name.ident.to_string()],
        UseTree::Rename(rename) => vec![rename.ident.to_string()],
        UseTree::Group(group) => group.items.iter().flat_map(first_names).collect(),
        UseTree::Glob(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::tests::findings;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        findings("crates/gateway/src/a.rs", text, check)
    }

    #[test]
    fn globals_do_not_change() {
        assert_eq!(found("static mut A: u8 = 0;"), ["1: state: `A` is a global that changes"]);
        assert_eq!(found("static A: std::sync::OnceLock<u8> = x();"), ["1: state: `A` is a global with a OnceLock"]);
        assert_eq!(
            found("fn f() {\n    static A: AtomicU64 = x();\n}"),
            ["2: state: `A` is a global with a AtomicU64"]
        );
        assert_eq!(
            found("thread_local! { static A: u8 = 0; }"),
            ["1: state: thread_local! makes a global that changes"]
        );
        assert!(found("static A: &str = \"Mutex\";\nconst B: u8 = 1;").is_empty());
    }

    #[test]
    fn what_lives_long_holds_no_lock_and_no_map() {
        let text = "struct A {\n    b: u8,\n    c: Arc<Mutex<u8>>,\n}\nenum D {\n    E(DashMap<u8, u8>),\n}\n";
        assert_eq!(found(text), ["3: state: `c` holds a Mutex", "6: state: a field holds a DashMap"]);
        assert_eq!(found("type A = RwLock<u8>;"), ["1: state: `A` names a RwLock"]);
        assert!(found("struct A { hits: AtomicU64 }\nfn f() { let a = Mutex::new(0); }").is_empty());
    }

    #[test]
    fn crates_that_remember_are_named() {
        assert_eq!(found("use quick_cache::sync::Cache as C;"), ["1: state: quick_cache is there to remember"]);
        assert_eq!(found("fn f() { moka::sync::new(); }"), ["1: state: moka is there to remember"]);
    }

    #[test]
    fn tests_and_what_serves_no_request_may() {
        assert!(found("#[cfg(test)]\nmod tests {\n    static A: Mutex<u8> = x();\n}").is_empty());
        assert!(findings("crates/testkit/src/a.rs", "static A: OnceLock<u8> = x();", check).is_empty());
    }
}
