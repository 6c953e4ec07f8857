//! The server writes no files: a replica's disk is not where anything is kept.

use syn::UseTree;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::finding::Finding;
use super::syntax::{Source, is_for_tests};

const RULE: &str = "disk";

/// What writes, by the name before it. `*` is an import of everything.
const WRITERS: &[(&str, &[&str])] = &[
    (
        "fs",
        &[
            "*",
            "copy",
            "create_dir",
            "create_dir_all",
            "hard_link",
            "remove_dir",
            "remove_dir_all",
            "remove_file",
            "rename",
            "set_permissions",
            "symlink",
            "write",
        ],
    ),
    ("File", &["create", "create_new", "options"]),
    ("OpenOptions", &["new"]),
    ("DirBuilder", &["new"]),
    ("tempfile", &["NamedTempFile", "TempDir", "tempdir", "tempfile"]),
];

/// Checks one file.
pub(super) fn check(source: &Source<'_>, findings: &mut Vec<Finding>) {
    if !source.is_test {
        Disk { path: source.path, findings }.visit_file(&source.file);
    }
}

struct Disk<'a> {
    path: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl Disk<'_> {
    fn judge(&mut self, names: &[String], line: usize) {
        let Some([before, name]) = names.last_chunk::<2>() else {
            return;
        };
        if WRITERS.iter().any(|(writer, list)| writer == before && list.contains(&name.as_str())) {
            let text = format!("`{before}::{name}` writes to the disk");
            self.findings.push(Finding::new(self.path, line, RULE, text));
        }
    }

    /// Judges each name that an import brings in.
    fn import(&mut self, tree: &UseTree, before: &mut Vec<String>, line: usize) {
        let leaf = match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before, line);
                before.pop();
                return;
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before, line);
                }
                return;
            }
            UseTree::Name(name) => name.ident.to_string(),
            UseTree::Rename(rename) => rename.ident.to_string(),
            UseTree::Glob(_) => "*".to_owned(),
        };
        before.push(leaf);
        self.judge(before, line);
        before.pop();
    }
}

impl<'ast> Visit<'ast> for Disk<'_> {
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

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&item.tree, &mut Vec::new(), item.use_token.span.start().line);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.judge(&names, path.span().start().line);
        visit::visit_path(self, path);
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
    fn writing_is_found() {
        let text = "fn f() {\n    std::fs::write(a, b);\n    tokio::fs::remove_file(a);\n    File::create(a);\n}\n";
        let expected = [
            "2: disk: `fs::write` writes to the disk",
            "3: disk: `fs::remove_file` writes to the disk",
            "4: disk: `File::create` writes to the disk",
        ];
        assert_eq!(found(text), expected);
        assert_eq!(found("use std::fs::{self, rename};"), ["1: disk: `fs::rename` writes to the disk"]);
        assert_eq!(found("use tokio::fs::*;"), ["1: disk: `fs::*` writes to the disk"]);
    }

    #[test]
    fn reading_and_tests_are_free() {
        assert!(found("use std::fs;\nfn f() { fs::read(a); File::open(a); a.write(b); }").is_empty());
        assert!(found("#[cfg(test)]\nmod tests {\n    fn f() { fs::write(a, b); }\n}").is_empty());
        assert!(found("#[test]\nfn f() { fs::write(a, b); }").is_empty());
    }
}
