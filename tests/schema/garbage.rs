//! What is no schema, no policy, no server: exit code 2 and a sentence.

use super::scratch::{BASE, PROGRAM, Scratch};

#[tokio::test]
async fn what_is_no_schema_is_refused_in_a_sentence() {
    let scratch =
        Scratch::new(&[("base.graphql", BASE), ("empty.graphql", " \n"), ("odd.graphql", "type Query { a: Missing }")]);
    scratch.write("binary.graphql", [0x7f, b'E', b'L', b'F', 0xff, 0, 0xfe]);
    scratch.write("brackets.graphql", format!("type Query {{ a: {}Int{} }}", "[".repeat(10_000), "]".repeat(10_000)));
    scratch.write(
        "values.graphql",
        format!("type Query {{ a(b: Int = {}1{}): Int }}", "[".repeat(10_000), "]".repeat(10_000)),
    );
    scratch.write("braces.graphql", "{".repeat(10_000));
    scratch.write("quote.graphql", "\"\"\"never");
    let say = async |base: &str| {
        let said = scratch.schema(&["check", "--base", base]).await;
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        assert!(said.err.len() < 5_000, "{} bytes", said.err.len());
        said.err
    };

    insta::assert_snapshot!(say("empty.graphql").await, @"error: empty.graphql is empty");
    insta::assert_snapshot!(say("binary.graphql").await, @"error: binary.graphql is not text in UTF-8");
    insta::assert_snapshot!(say("odd.graphql").await, @r#"
    error: odd.graphql is not a valid GraphQL schema:
    odd.graphql:1:17: cannot find type `Missing` in this document
    "#);
    insta::assert_snapshot!(say("missing.graphql").await, @r#"
    error: there is no file missing.graphql
    hint: a schema is a file, REVISION:PATH such as v1.2.0:schema.graphql, or the address of a server
    "#);
    insta::assert_snapshot!(say(".").await, @"error: . is a folder, not a file");
    for deep in ["brackets.graphql", "values.graphql", "braces.graphql", "quote.graphql"] {
        let text = say(deep).await;
        assert!(text.starts_with(&format!("error: {deep} is not a valid GraphQL schema:\n")), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_reached_is_said_with_a_code() {
    let scratch = Scratch::new(&[]);
    let say = async |base: &str| {
        let said = scratch.schema(&["check", "--base", base]).await;
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        said.err
    };

    // Port 1 has no listener, and a password is never shown.
    insta::assert_snapshot!(say("http://me:hush@127.0.0.1:1/graphql?key=hush").await, @r#"
    error: http://127.0.0.1:1/graphql cannot be reached, or the connection broke (SERVER_UNREACHABLE)
    hint: check the address, and that the server runs and trusted certificates are installed
    "#);
    insta::assert_snapshot!(say("http://").await, @r#"
    error: what was given is no address of a server
    hint: it looks like https://shop.example/graphql
    "#);
    let odd = say("https://me:hush@127.0.0.1:99999/graphql").await;
    assert!(odd.contains("is no address of a server") && !odd.contains("hush"), "{odd}");
    let usage = scratch.schema(&["unused", "--days", "3", "--usage", "postgres://me:hush@127.0.0.1:1/x"]).await;
    assert!(usage.code == 2 && usage.err.starts_with("error: ") && !usage.err.contains("hush"), "{usage:?}");
    let usage = scratch.schema(&["unused", "--days", "3", "--usage", "mysql://x"]).await;
    insta::assert_snapshot!(usage.err, @r#"
    error: the address of the usage database is no postgres://…
    hint: it looks like postgres://user:password@host:5432/database
    "#);
}

#[tokio::test]
async fn a_policy_and_operations_are_read_strictly() {
    let scratch = Scratch::new(&[
        ("base.graphql", BASE),
        ("head.graphql", BASE),
        ("strct.toml", "strct = true\n"),
        ("empty/readme.md", ""),
        ("m.json", "[]"),
    ]);
    let say = async |more: &[&str]| {
        let said = scratch.check(more).await;
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        said.err
    };

    insta::assert_snapshot!(say(&["--policy", "strct.toml"]).await, @"error: strct.toml: line 1: unknown field `strct`, expected one of `strict`, `fail_on`, `unreleased`, `unreachable_types`, `severity`, `override`, `exempt`, `exempt_operation`, `usage`, `lint`");
    insta::assert_snapshot!(say(&["--policy", "none.toml"]).await, @"error: none.toml cannot be read: No such file or directory (os error 2)");
    insta::assert_snapshot!(say(&["--operations", "empty"]).await, @r#"
    error: there is no operation in empty
    hint: operations are read from .graphql and .gql files, and from manifests
    "#);
    insta::assert_snapshot!(say(&["--operations", "ios=nowhere"]).await, @r#"
    error: nowhere holds no operations
    hint: name a folder with .graphql or .gql files, a manifest (.json), or the address of a database
    "#);
    insta::assert_snapshot!(say(&["--operations", "m.json"]).await, @r#"error: m.json is no manifest: it is neither Apollo's manifest ({"format": "apollo-persisted-query-manifest", "operations": […]}) nor an object of documents by their hash"#);
    insta::assert_snapshot!(say(&["--header", "no colon"]).await, @r#"
    error: invalid value 'no colon' for '--header <NAME: VALUE>': a header is written 'Name: value'

    For more information, try '--help'.
    "#);
}

#[tokio::test]
async fn a_reader_that_goes_away_is_no_panic() {
    let scratch = Scratch::new(&[]);
    let script = format!("{PROGRAM} schema print | head -1");

    let output =
        tokio::process::Command::new("sh").current_dir(scratch.path()).args(["-c", &script]).output().await.unwrap();

    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
}
