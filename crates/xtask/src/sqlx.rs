//! `cargo xtask sqlx`: what is known about the store's SQL, taken from a database made for the purpose.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, bail};
use tidegate_local_postgres::{Binaries, LocalPostgres, Settings};

use crate::{process, workspace};

const COMMITTED: &str = "crates/store/.sqlx";

/// Arguments of `cargo xtask sqlx`.
#[derive(Debug, clap::Args)]
pub(crate) struct SqlxArgs {
    /// Fail if the committed files are not what the database says, and write none
    #[arg(long)]
    check: bool,
    /// An empty database to use, rather than a private one
    #[arg(long, value_name = "URL", env = "TIDEGATE_SQLX_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

/// The files of one folder, by name.
type Files = BTreeMap<String, String>;

/// Describes every query afresh, then writes the files or compares them.
pub(crate) fn run(args: &SqlxArgs) -> anyhow::Result<()> {
    let root = workspace::root()?;
    let target = workspace::metadata()?.target_directory.into_std_path_buf();
    let fresh = empty_folder(target.join("sqlx-fresh"))?;
    if let Some(url) = &args.database {
        describe(&root, url, "psql".into(), &fresh, &target)?;
    } else {
        let binaries = Binaries::find()?;
        let server = LocalPostgres::start(&binaries, &Settings::throwaway(target.join("sqlx-database")))?;
        describe(&root, &server.url("postgres"), psql(&binaries), &fresh, &target)?;
        server.stop()?;
    }
    let described = read(&fresh)?;
    if described.is_empty() {
        bail!("the store was compiled, but no query was described");
    }
    let committed = root.join(COMMITTED);
    if !args.check {
        return write(&committed, &described);
    }
    let differences = differences(&read(&committed)?, &described);
    if differences.is_empty() {
        println!("{COMMITTED} is what the database says of {} queries", described.len());
        return Ok(());
    }
    for difference in &differences {
        println!("{difference}");
    }
    bail!("{COMMITTED} is not what the database says: run `cargo xtask sqlx`");
}

/// Migrates the database and compiles the store against it.
fn describe(root: &Path, url: &str, psql: OsString, fresh: &Path, target: &Path) -> anyhow::Result<()> {
    let mut migrations = Command::new(psql);
    // Like the program's own runner, each file is one transaction.
    migrations.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--dbname", url]);
    for file in migration_files(&root.join("migrations"))? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let transaction = !text.starts_with("-- no-transaction");
        migrations.args(if transaction { &["--command=begin"][..] } else { &[] });
        migrations.arg("--file").arg(&file);
        migrations.args(if transaction { &["--command=commit"][..] } else { &[] });
    }
    let status = migrations.status().context("cannot run psql")?;
    if !status.success() {
        bail!("the migrations cannot be applied: {status}");
    }
    let _touched = Touched::new(root.join("crates/store/src/lib.rs"))?;
    // Finished files are renamed into place, so both folders are on one file system.
    let unfinished = empty_folder(target.join("sqlx-unfinished"))?;
    let mut cargo = workspace::cargo();
    cargo.current_dir(root).args(["check", "--quiet", "--package", "tidegate-store", "--all-targets"]);
    cargo.env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", fresh).env("SQLX_TMP", unfinished);
    process::run(cargo.env("DATABASE_URL", url))
}

/// A file that cargo takes for changed while this lives: the queries of what is not compiled are not described.
/// Afterwards it is as old as before, so that nothing else is compiled again, unless somebody has written it meanwhile.
struct Touched {
    path: PathBuf,
    before: SystemTime,
    after: SystemTime,
}

impl Touched {
    fn new(path: PathBuf) -> anyhow::Result<Self> {
        let touch = || {
            let before = modified(&path)?;
            fs::write(&path, fs::read(&path)?)?;
            Ok::<_, io::Error>((before, modified(&path)?))
        };
        let (before, after) = touch().with_context(|| format!("cannot touch {}", path.display()))?;
        Ok(Self { path, before, after })
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        if modified(&self.path).is_ok_and(|now| now == self.after) {
            // At worst the store is compiled once more.
            let _ = File::options().write(true).open(&self.path).and_then(|file| file.set_modified(self.before));
        }
    }
}

fn modified(path: &Path) -> io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

/// The client that came with the server's programs, where it did.
fn psql(binaries: &Binaries) -> OsString {
    let beside = binaries.directory().join("psql");
    if beside.exists() { beside.into() } else { "psql".into() }
}

fn migration_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    Ok(files)
}

fn empty_folder(path: PathBuf) -> anyhow::Result<PathBuf> {
    if path.exists() {
        fs::remove_dir_all(&path).with_context(|| format!("cannot empty {}", path.display()))?;
    }
    fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(path)
}

fn read(folder: &Path) -> anyhow::Result<Files> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let file = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path())?))
    };
    entries.map(file).collect::<io::Result<_>>().with_context(|| format!("cannot read {}", folder.display()))
}

/// Makes the folder hold these files alone.
fn write(folder: &Path, files: &Files) -> anyhow::Result<()> {
    let old = read(folder).unwrap_or_default();
    let changes = differences(&old, files);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for name in old.keys().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(folder.join(name)).with_context(|| format!("cannot remove {name}"))?;
    }
    for (name, text) in files.iter().filter(|(name, text)| old.get(*name) != Some(text)) {
        fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    for change in &changes {
        println!("{change}");
    }
    println!("{} queries, {} changes", files.len(), changes.len());
    Ok(())
}

/// One line for each query that is not in both, or is described differently.
fn differences(old: &Files, new: &Files) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, text) in new {
        match old.get(name) {
            None => lines.push(format!("new: {}", query(text))),
            Some(known) if known != text => lines.push(format!("changed: {}", query(text))),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|(name, _)| !new.contains_key(*name));
    lines.extend(gone.map(|(_, text)| format!("gone: {}", query(text))));
    lines
}

/// The query that a file describes, on one line.
fn query(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let query = value["query"].as_str().unwrap_or("a file that describes no query");
    let line = query.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(150).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|&(name, query)| (name.to_owned(), serde_json::json!({ "query": query }).to_string())).collect()
    }

    #[test]
    fn differing_queries_are_listed_by_their_text() {
        let old = files(&[("a", "select 1"), ("b", "select\n  2"), ("c", "select 3")]);
        let new = files(&[("a", "select 1"), ("c", "select 4"), ("d", "select 5")]);
        assert_eq!(differences(&old, &new), ["changed: select 4", "new: select 5", "gone: select 2"]);
        assert!(differences(&new, &new).is_empty());
    }

    #[test]
    fn migrations_run_in_the_order_of_their_names() {
        let files =
            migration_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")).unwrap_or_default();
        assert!(files.len() > 3 && files.is_sorted());
        assert!(files.iter().all(|file| file.extension().is_some_and(|extension| extension == "sql")));
    }
}
