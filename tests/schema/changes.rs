//! What is printed of changes, in each form, and the exit codes.

use serde_json::Value;

use super::scratch::{BASE, Scratch, TODAY, with};

#[tokio::test]
async fn the_same_schema_breaks_nothing() {
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", BASE)]);

    let said = scratch.check(&[]).await;

    insta::assert_snapshot!(said.done(), @"");
    assert_eq!(scratch.check(&["--quiet"]).await.done(), "");
}

#[tokio::test]
async fn a_renamed_field_fails_and_says_what_to_do() {
    let head = with("title: String!", "name: String!");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);

    let said = scratch.check(&[]).await;

    assert_eq!(said.code, 1, "{said:?}");
    insta::assert_snapshot!(said.out, @"");
    insta::assert_snapshot!(said.err, @"");
    assert_eq!(scratch.check(&["--quiet"]).await.out, said.out);
    let coloured = scratch.check(&["--color", "always"]).await.out;
    assert!(coloured.contains("\x1b[1;31m✗\x1b[0m") && !said.out.contains('\x1b'));
}

#[tokio::test]
async fn a_stricter_argument_fails_and_a_new_enum_value_does_not() {
    let head = with("product(id: ID)", "product(id: ID!)").replace("SMALL", "SMALL LARGE");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);

    let said = scratch.check(&[]).await;

    assert_eq!(said.code, 1, "{said:?}");
    insta::assert_snapshot!(said.out, @"");

    let only_value = with("SMALL", "SMALL LARGE");
    scratch.write("head.graphql", &only_value);
    scratch.check(&[]).await.done();
    scratch.write("schema-policy.toml", "[severity]\nENUM_VALUE_ADDED = \"breaking\"\n");
    let said = scratch.check(&[]).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("Breaking here, dangerous by itself") || said.out.contains("breaking here, dangerous by itself"), "{said:?}");
}

#[tokio::test]
async fn every_form_says_the_same() {
    let head = with("title: String!", "name: String!").replace("SMALL", "SMALL LARGE");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);
    let form = async |format: &str| {
        let said = scratch.check(&["--format", format, "--file", "api/schema.graphql"]).await;
        assert_eq!(said.code, 1, "{said:?}");
        said.out
    };

    let json: Value = serde_json::from_str(&form("json").await).unwrap();
    insta::assert_json_snapshot!(json, @"");
    insta::assert_snapshot!(form("github").await, @"");
    insta::assert_snapshot!(form("markdown").await, @"");
    let sarif: Value = serde_json::from_str(&form("sarif").await).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let levels: Vec<_> = results.iter().map(|result| (&result["ruleId"], &result["level"])).collect();
    assert_eq!(format!("{levels:?}"), r#"[(String("FIELD_REMOVED"), String("error")), (String("ENUM_VALUE_ADDED"), String("warning"))]"#);
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "api/schema.graphql");
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 7, "where the type is");
}

#[tokio::test]
async fn an_exemption_excuses_its_change_until_it_expires() {
    let head = with("title: String!", "name: String!");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);
    let policy = |coordinate: &str, expires: &str| {
        let text = format!(
            "[[exempt]]\nkind = \"FIELD_REMOVED\"\ncoordinate = \"{coordinate}\"\nreason = \"never worked\"\nexpires = {expires}\n"
        );
        scratch.write("schema-policy.toml", text);
    };

    policy("Product.title", TODAY);
    let excused = scratch.check(&[]).await;
    insta::assert_snapshot!(excused.done(), @"");

    policy("Product.title", "2026-11-27");
    let expired = scratch.check(&[]).await;
    assert_eq!(expired.code, 1, "{expired:?}");
    insta::assert_snapshot!(expired.out, @"");
    insta::assert_snapshot!(expired.err, @"");

    policy("Product.size", TODAY);
    let idle = scratch.check(&[]).await;
    assert_eq!(idle.code, 1, "{idle:?}");
    assert!(idle.out.contains("the exemption for FIELD_REMOVED Product.size matches nothing here"), "{idle:?}");

    policy("Product.size", "2026-11-27");
    scratch.write("head.graphql", BASE);
    assert_eq!(scratch.check(&[]).await.code, 1, "an expired exemption fails by itself");
}

#[tokio::test]
async fn before_a_release_the_policy_may_report_only() {
    let head = with("title: String!", "name: String!");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);

    assert_eq!(scratch.check(&["--unreleased"]).await.code, 1);
    scratch.write("schema-policy.toml", "unreleased = \"report\"\n");
    let said = scratch.check(&["--unreleased"]).await;
    assert!(said.done().contains("Excused: nothing has been released yet."), "{said:?}");
    assert_eq!(scratch.check(&[]).await.code, 1);
}

#[tokio::test]
async fn a_changelog_is_for_people_who_write_clients() {
    let head = with("title: String!", "title: String! @deprecated(reason: \"Use `name`.\")\n  name: String!")
        .replace("  old: Old\n", "")
        .replace("type Old {\n  x: Int\n}\n", "type New {\n  y: Int\n}\n");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);

    let said = scratch.schema(&["changelog", "--from", "base.graphql", "--to", "head.graphql"]).await;

    insta::assert_snapshot!(said.done(), @"");
}
