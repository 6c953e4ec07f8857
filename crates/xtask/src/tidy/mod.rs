//! `cargo xtask tidy`: the rules that the compiler does not know. One file here for each kind of rule, and one for the
//! exceptions.

mod allowed;
mod arrows;
mod budgets;
mod disk;
mod finding;
mod manifests;
mod migrations;
mod repository;
mod state;
mod syntax;
mod tokens;
mod wording;

use anyhow::bail;

use crate::workspace;

/// Checks the repository; prints each finding as `path:line: rule: text`.
pub(crate) fn run() -> anyhow::Result<()> {
    let files = repository::files(&workspace::root()?)?;
    let mut findings = Vec::new();
    arrows::check(&workspace::metadata()?, &files, &mut findings);
    manifests::check(&files, &mut findings)?;
    migrations::check(&files, &mut findings);
    wording::check(&files, &mut findings);
    for source in syntax::sources(&files, &mut findings) {
        budgets::check(&source, &mut findings);
        state::check(&source, &mut findings);
        disk::check(&source, &mut findings);
        tokens::check(&source, &mut findings);
    }
    let findings = allowed::without_allowed(findings, allowed::ALLOWED);
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("{} files are tidy", files.len());
        return Ok(());
    }
    bail!("{} findings", findings.len());
}
