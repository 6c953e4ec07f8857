//! The linter, on our own schema and on another.

use super::scratch::{Scratch, TODAY};

/// The repository's policy.
const POLICY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema-policy.toml");

#[tokio::test]
async fn our_own_schema_passes_with_no_remark() {
    let said = Scratch::new(&[]).schema(&["lint", "--policy", POLICY, "--format", "json"]).await;

    let report: serde_json::Value = serde_json::from_str(said.done()).unwrap();
    assert_eq!((&report["findings"], &report["idle"]), (&serde_json::json!([]), &serde_json::json!([])));
}

#[tokio::test]
async fn another_schema_is_told_what_could_be_better() {
    let schema = "\"Q\"\ntype Query {\n  \"A\"\n  Old_field: Int @deprecated\n}\n";
    let scratch = Scratch::new(&[("schema.graphql", schema)]);
    let lint = async |more: &[&str]| {
        let mut arguments = vec!["lint", "--schema", "schema.graphql", "--today", TODAY];
        arguments.extend(more);
        scratch.schema(&arguments).await
    };

    let said = lint(&[]).await;
    assert_eq!(said.code, 1, "{said:?}");
    insta::assert_snapshot!(said.out, @r#"
    error member-names Query.Old_field  schema.graphql:4:3
      `Old_field` is not in camelCase.
    error deprecation-reason Query.Old_field  schema.graphql:4:3
      its deprecation names no replacement: write @deprecated(reason: "Use `other`. Removed after …").
    error deprecation-date Query.Old_field  schema.graphql:4:3
      its deprecation has no date: say from when on it may be gone, as in "Removed after 2027-01-31".
    schema.graphql: 3 errors, 0 warnings, 0 exempted by schema-policy.toml
    "#);
    insta::assert_snapshot!(said.err, @r#"
    error: schema.graphql does not pass
    hint: change the schema, or set levels and exemptions under [lint] in schema-policy.toml
    "#);
    insta::assert_snapshot!(lint(&["--format", "github"]).await.out, @r#"
    ::error file=schema.graphql,line=4,col=3,title=member-names Query.Old_field::`Old_field` is not in camelCase.
    ::error file=schema.graphql,line=4,col=3,title=deprecation-reason Query.Old_field::its deprecation names no replacement: write @deprecated(reason: "Use `other`. Removed after …").
    ::error file=schema.graphql,line=4,col=3,title=deprecation-date Query.Old_field::its deprecation has no date: say from when on it may be gone, as in "Removed after 2027-01-31".
    "#);
    insta::assert_snapshot!(lint(&["--format", "markdown"]).await.out, @r#"
    ## ❌ Schema lint: 3 errors, 0 warnings, 0 exempted by schema-policy.toml

    | | Rule | Where | What |
    |---|---|---|---|
    | error | member-names | `Query.Old_field`, line 4 | `Old_field` is not in camelCase. |
    | error | deprecation-reason | `Query.Old_field`, line 4 | its deprecation names no replacement: write &#64;deprecated(reason: "Use `other`. Removed after …"). |
    | error | deprecation-date | `Query.Old_field`, line 4 | its deprecation has no date: say from when on it may be gone, as in "Removed after 2027-01-31". |
    "#);
    assert!(lint(&["--format", "sarif"]).await.out.contains("\"ruleId\": \"member-names\""));

    scratch.write(
        "schema-policy.toml",
        "[lint.rules]\ndeprecation-reason = \"off\"\ndeprecation-date = \"warning\"\n\
         [[lint.exempt]]\nrule = \"member-names\"\ncoordinate = \"Query.Old*\"\nreason = \"it was so\"\n",
    );
    let said = lint(&[]).await;
    insta::assert_snapshot!(said.done(), @r#"
    warning deprecation-date Query.Old_field  schema.graphql:4:3
      its deprecation has no date: say from when on it may be gone, as in "Removed after 2027-01-31".
    schema.graphql: 0 errors, 1 warning, 1 exempted by schema-policy.toml
    "#);
}
