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
    insta::assert_snapshot!(said.out, @"");
    insta::assert_snapshot!(said.err, @"");
    insta::assert_snapshot!(lint(&["--format", "github"]).await.out, @"");
    insta::assert_snapshot!(lint(&["--format", "markdown"]).await.out, @"");
    assert!(lint(&["--format", "sarif"]).await.out.contains("\"ruleId\": \"member-names\""));

    scratch.write(
        "schema-policy.toml",
        "[lint.rules]\ndeprecation-reason = \"off\"\ndeprecation-date = \"warning\"\n\
         [[lint.exempt]]\nrule = \"member-names\"\ncoordinate = \"Query.Old*\"\nreason = \"it was so\"\n",
    );
    let said = lint(&[]).await;
    insta::assert_snapshot!(said.done(), @"");
}
