//! Schemas of git revisions, and the script that checks a history.

use std::path::Path;

use tokio::process::Command;

use super::scratch::{BASE, PROGRAM, Scratch, with};
use crate::command::Said;

/// The repository's own script.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.ci/schema-check");

async fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args([
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
        "-c",
        "init.defaultBranch=main",
    ]);
    let output = command.args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").output().await.unwrap();
    assert!(output.status.success(), "{arguments:?} {output:?}");
}

async fn commit(scratch: &Scratch, schema: &str, message: &str) {
    scratch.write("schema.graphql", schema);
    git(scratch.path(), &["add", "."]).await;
    git(scratch.path(), &["commit", "--quiet", "--message", message]).await;
}

/// A repository with the base, and a commit that renames a field.
async fn repository() -> Scratch {
    let scratch = Scratch::new(&[]);
    git(scratch.path(), &["init", "--quiet"]).await;
    commit(&scratch, BASE, "Begin").await;
    commit(&scratch, &with("title: String!", "name: String!"), "Rename the title").await;
    scratch
}

async fn script(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    let mut command = Command::new(SCRIPT);
    command.current_dir(folder).args(arguments).env("TIDEGATE_BIN", PROGRAM);
    for name in ["GITHUB_ACTIONS", "GITHUB_BASE_REF", "GITHUB_STEP_SUMMARY", "TIDEGATE_SCHEMA_USAGE"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Said { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

#[tokio::test]
async fn a_schema_may_be_a_file_of_a_revision() {
    let scratch = repository().await;
    let check = async |base: &str, head: &str| scratch.schema(&["check", "--base", base, "--head", head]).await;

    let said = check("HEAD~1:schema.graphql", "HEAD:schema.graphql").await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("HEAD~1:schema.graphql:9:3"), "{said:?}");
    check("HEAD:schema.graphql", "schema.graphql").await.done();
    check("HEAD:./schema.graphql", ":schema.graphql").await.done();

    let refused = async |base: &str| {
        let said = check(base, "schema.graphql").await;
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        said.err
    };
    insta::assert_snapshot!(refused("v9:schema.graphql").await, @r#"
    error: git knows no revision v9
    hint: `git fetch --tags` gets the tags that are missing
    "#);
    insta::assert_snapshot!(refused("HEAD:api.graphql").await, @r#"
    error: git has no file HEAD:api.graphql
    hint: the path is from the repository's top folder; HEAD:./api.graphql is from here
    "#);
    insta::assert_snapshot!(refused("HEAD:").await, @r#"
    error: there is no file HEAD:
    hint: a schema is a file, REVISION:PATH such as v1.2.0:schema.graphql, or the address of a server
    "#);
    let dash = scratch.schema(&["check", "--base=--help:schema.graphql"]).await;
    insta::assert_snapshot!(dash.err, @"error: --help:schema.graphql is no revision: one does not begin with a dash");
    let outside = Scratch::new(&[]).schema(&["check", "--base", "HEAD:schema.graphql"]).await;
    insta::assert_snapshot!(outside.err, @r#"
    error: this is not a git repository, so there is no revision HEAD
    hint: run it within the repository, or name a file
    "#);
}

#[tokio::test]
async fn before_the_first_tag_a_history_is_reported_and_after_it_fails() {
    let scratch = repository().await;
    let names = |said: &Said| said.out.contains("Rename the title");

    let strict = script(scratch.path(), &[], &[]).await;
    assert!(strict.code == 1 && names(&strict), "without a policy it fails: {strict:?}");
    scratch.write("schema-policy.toml", "unreleased = \"report\"\n[lint.rules]\ndescriptions = \"off\"\n");
    let reported = script(scratch.path(), &[], &[]).await;
    assert!(reported.code == 0 && names(&reported), "{reported:?}");
    let line = "    excused: FIELD_REMOVED Product.title (nothing has been released yet)\n";
    assert!(reported.out.contains(line), "{reported:?}");

    git(scratch.path(), &["tag", "v0.1.0"]).await;
    commit(&scratch, &with("title: String!", "name: String!").replace("SMALL", "SMALL LARGE"), "Add a size").await;
    let fine = script(scratch.path(), &[], &[]).await;
    assert!(fine.code == 0 && !names(&fine) && fine.out.contains("Since v0.1.0:"), "{fine:?}");
    commit(&scratch, &with("title: String!", "").replace("SMALL", "SMALL LARGE"), "Take the name away").await;
    commit(&scratch, &with("title: String!", "name: String!").replace("SMALL", "SMALL LARGE"), "Bring it back").await;
    let within = script(scratch.path(), &[], &[]).await;
    assert!(within.code == 1 && within.out.contains("Product.name"), "a break in between fails: {within:?}");

    git(scratch.path(), &["tag", "v0.2.0"]).await;
    scratch.write("schema.graphql", with("title: String!", ""));
    let uncommitted = script(scratch.path(), &[], &[]).await;
    assert!(uncommitted.code == 1 && uncommitted.out.contains("What is not committed:"), "{uncommitted:?}");
}

#[tokio::test]
async fn a_pull_request_gets_annotations_and_a_summary() {
    let scratch = repository().await;
    scratch.write("schema-policy.toml", "[lint.rules]\ndescriptions = \"warning\"\n");
    git(scratch.path(), &["tag", "v0.1.0", "HEAD~1"]).await;
    let summary = scratch.path().join("summary.md");
    let sarif = scratch.path().join("log.sarif");
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ("SCHEMA_SARIF", sarif.to_str().unwrap()),
    ];

    let said = script(scratch.path(), &[], &variables).await;

    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.out.contains("::error file=schema.graphql,line=7,col=6,title=FIELD_REMOVED Product.title"),
        "{said:?}"
    );
    assert!(said.out.contains("::warning file=schema.graphql,line="), "of the linter: {said:?}");
    assert!(std::fs::read_to_string(summary).unwrap().starts_with("## ❌ Schema: 1 change would break clients"));
    let log: serde_json::Value = serde_json::from_slice(&std::fs::read(sarif).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");
}

#[tokio::test]
async fn the_script_says_why_it_cannot_run() {
    let scratch = repository().await;
    let shallow = tempfile::tempdir().unwrap();
    let url = format!("file://{}", scratch.path().display());
    git(shallow.path(), &["clone", "--quiet", "--depth", "1", &url, "."]).await;
    let outside = tempfile::tempdir().unwrap();
    let ceiling = [("GIT_CEILING_DIRECTORIES", outside.path().to_str().unwrap())];

    let cut = script(shallow.path(), &[], &[]).await;
    let nowhere = script(outside.path(), &[], &ceiling).await;
    let without = script(scratch.path(), &[], &[("TIDEGATE_BIN", "no-such-program")]).await;

    assert_eq!((cut.code, nowhere.code, without.code), (2, 2, 2));
    insta::assert_snapshot!(cut.err, @"error: the clone is shallow, so earlier schemas are not there: `git fetch --unshallow --tags` (actions/checkout: fetch-depth: 0)");
    insta::assert_snapshot!(nowhere.err, @"error: this is not a git repository");
    insta::assert_snapshot!(without.err, @"error: there is no program no-such-program: set TIDEGATE_BIN");
    let revision = Command::new(PROGRAM)
        .current_dir(shallow.path())
        .args(["schema", "check", "--base", "v1:schema.graphql"])
        .output()
        .await
        .unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&revision.stderr), @r#"
    error: git knows no revision v1
    hint: this clone is shallow: `git fetch --unshallow --tags` gets the rest (with actions/checkout, fetch-depth: 0)
    "#);
}
