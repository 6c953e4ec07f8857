//! Every crate has the workspace's lints, every dependency is the workspace's, and each of those has its reason.

use std::collections::BTreeSet;

use anyhow::Context as _;
use toml::{Table, Value};

use super::finding::Finding;
use super::repository::TextFile;

const RULE: &str = "manifest";
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Checks every `Cargo.toml`.
pub(super) fn check(files: &[TextFile], findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let mut used = BTreeSet::new();
    for file in files.iter().filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml")) {
        let manifest = parse(file)?;
        check_crate(file, &manifest, findings);
        used.extend(dependencies(&manifest).into_iter().map(|(name, _)| name.to_owned()));
    }
    if let Some(file) = files.iter().find(|file| file.path == "Cargo.toml") {
        check_workspace(file, &parse(file)?, &used, findings);
    }
    Ok(())
}

fn parse(file: &TextFile) -> anyhow::Result<Table> {
    file.text.parse().with_context(|| format!("cannot read {}", file.path))
}

fn check_crate(file: &TextFile, manifest: &Table, findings: &mut Vec<Finding>) {
    let inherited = |value: &Value| value.get("workspace").and_then(Value::as_bool) == Some(true);
    if !manifest.get("lints").is_some_and(inherited) {
        findings.push(Finding::new(&file.path, 1, RULE, "say `[lints]` `workspace = true`"));
    }
    for (name, value) in dependencies(manifest) {
        if !inherited(value) {
            let text = format!("say `{name}.workspace = true`");
            findings.push(Finding::new(&file.path, line_of(&file.text, name), RULE, text));
        }
    }
}

/// All dependencies of a crate, those of single platforms included.
fn dependencies(manifest: &Table) -> Vec<(&str, &Value)> {
    let platforms = manifest.get("target").and_then(Value::as_table);
    let platforms = platforms.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    let tables = std::iter::once(manifest).chain(platforms);
    tables
        .flat_map(|table| TABLES.iter().filter_map(|kind| table.get(*kind).and_then(Value::as_table)))
        .flat_map(|table| table.iter().map(|(name, value)| (name.as_str(), value)))
        .collect()
}

fn check_workspace(file: &TextFile, manifest: &Table, used: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    let listed = manifest.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    for (name, value) in listed.and_then(Value::as_table).into_iter().flatten() {
        let line = line_of(&file.text, name);
        if !used.contains(name) {
            findings.push(Finding::new(&file.path, line, RULE, format!("no crate uses {name}")));
        }
        let ours = value.get("path").is_some();
        let reason = file.text.lines().nth(line - 1).and_then(|text| text.split_once(" # ")).map(|(_, reason)| reason);
        if !ours && reason.is_none_or(|reason| reason.trim().is_empty()) {
            let text = format!("say at the end of the line why {name} is needed");
            findings.push(Finding::new(&file.path, line, RULE, text));
        }
    }
}

/// The line that begins with a name.
fn line_of(manifest: &str, name: &str) -> usize {
    let names = |line: &str| {
        line.trim_start_matches('"').strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=', '"']))
    };
    manifest.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let file = |&(path, text): &(&str, &str)| TextFile { path: path.to_owned(), text: text.to_owned() };
        let mut findings = Vec::new();
        check(&files.iter().map(file).collect::<Vec<_>>(), &mut findings).unwrap_or_else(|error| panic!("{error}"));
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_follows_the_rules_passes() {
        let workspace = "[workspace.dependencies]\nours = { path = \"crates/ours\" }\nserde = \"1\" # JSON\n";
        let member = "[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n[dev-dependencies]\nours = { workspace = true }\n";
        assert!(findings(&[("Cargo.toml", workspace), ("crates/a/Cargo.toml", member)]).is_empty());
    }

    #[test]
    fn a_crate_says_nothing_of_its_own() {
        let member = "[dependencies]\nserde = \"1\"\n[target.'cfg(unix)'.dependencies]\nrustix = \"1\"\n";
        let expected = [
            "crates/a/Cargo.toml:1: manifest: say `[lints]` `workspace = true`",
            "crates/a/Cargo.toml:2: manifest: say `serde.workspace = true`",
            "crates/a/Cargo.toml:4: manifest: say `rustix.workspace = true`",
        ];
        assert_eq!(findings(&[("crates/a/Cargo.toml", member)]), expected);
    }

    #[test]
    fn the_workspace_lists_what_is_used_and_why() {
        let expected = [
            "Cargo.toml:2: manifest: no crate uses serde",
            "Cargo.toml:2: manifest: say at the end of the line why serde is needed",
        ];
        assert_eq!(findings(&[("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\n")]), expected);
    }
}
