//! What is printed of changes, in each form, and the exit codes.

use serde_json::Value;

use super::scratch::{BASE, Scratch, TODAY, with};

#[tokio::test]
async fn the_same_schema_breaks_nothing() {
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", BASE)]);

    let said = scratch.check(&[]).await;

    insta::assert_snapshot!(said.done(), @r#"
    base.graphql → head.graphql
    0 breaking, 0 dangerous, 0 safe
    "#);
    assert_eq!(scratch.check(&["--quiet"]).await.done(), "");
}

#[tokio::test]
async fn a_renamed_field_fails_and_says_what_to_do() {
    let head = with("title: String!", "name: String!");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);

    let said = scratch.check(&[]).await;

    assert_eq!(said.code, 1, "{said:?}");
    insta::assert_snapshot!(said.out, @r#"
    base.graphql → head.graphql
    1 breaking, 0 dangerous, 1 safe

    What fails
      ✗ FIELD_REMOVED Product.title
        The field `Product.title` was removed.
        Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.
        Perhaps it is called `Product.name` now: clients cannot follow a new name, so leave the old field beside it.
        base.graphql:9:3

    Safe
      + FIELD_ADDED Product.name  The field `Product.name` of the type `String!` was added

    What to do
      Change it by addition: leave the old part, put the new one beside it, and mark the old one
      @deprecated(reason: "Use `new`. Removed after YYYY-MM-DD") until no client uses it.
      If the break is wanted, say so in schema-policy.toml:

        [[exempt]]
        kind = "FIELD_REMOVED"
        coordinate = "Product.title"
        reason = "why it may break"
        expires = 2026-12-28
    "#);
    insta::assert_snapshot!(said.err, @"error: 1 change would break clients");
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
    insta::assert_snapshot!(said.out, @r#"
    base.graphql → head.graphql
    1 breaking, 1 dangerous, 0 safe

    What fails
      ✗ FIELD_ARGUMENT_TYPE_CHANGED Query.product(id:)
        The type of `Query.product(id:)` changed from `ID` to `ID!`.
        Operations that send it with the old type, as a literal or through a variable, become invalid. Add an argument with the new type beside it, deprecate this one and remove it once it is unused.
        base.graphql:3:15  →  head.graphql:3:15

    Dangerous: operations stay valid, but may behave differently
      ! ENUM_VALUE_ADDED Size.LARGE
        The enum `Size` has the value `LARGE` now.
        Answers may hold a value that clients do not know. Those that switch over the values without a default fail on it; say that it comes before it is returned.
        head.graphql:14:9

    What to do
      Change it by addition: leave the old part, put the new one beside it, and mark the old one
      @deprecated(reason: "Use `new`. Removed after YYYY-MM-DD") until no client uses it.
      If the break is wanted, say so in schema-policy.toml:

        [[exempt]]
        kind = "FIELD_ARGUMENT_TYPE_CHANGED"
        coordinate = "Query.product(id:)"
        reason = "why it may break"
        expires = 2026-12-28
    "#);

    let only_value = with("SMALL", "SMALL LARGE");
    scratch.write("head.graphql", &only_value);
    scratch.check(&[]).await.done();
    scratch.write("schema-policy.toml", "[severity]\nENUM_VALUE_ADDED = \"breaking\"\n");
    let said = scratch.check(&[]).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.out.contains("Breaking here, dangerous by itself")
            || said.out.contains("breaking here, dangerous by itself"),
        "{said:?}"
    );
}

/// A renamed field and a new value, in one form.
async fn form(format: &str) -> String {
    let head = with("title: String!", "name: String!").replace("SMALL", "SMALL LARGE");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);
    let said = scratch.check(&["--format", format, "--file", "api/schema.graphql"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    said.out
}

#[tokio::test]
async fn programs_get_everything() {
    let json: Value = serde_json::from_str(&form("json").await).unwrap();
    insta::assert_json_snapshot!(json, @r#"
    {
      "base": {
        "file": "base.graphql",
        "name": "base.graphql"
      },
      "changes": [
        {
          "base": {
            "column": 3,
            "file": "base.graphql",
            "line": 9
          },
          "byPolicy": null,
          "coordinate": "Product.title",
          "excuse": null,
          "fails": true,
          "head": null,
          "kind": "FIELD_REMOVED",
          "message": "The field `Product.title` was removed",
          "ownSeverity": "breaking",
          "path": "Product.title",
          "reason": "Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.",
          "severity": "breaking",
          "users": []
        },
        {
          "base": null,
          "byPolicy": null,
          "coordinate": "Size.LARGE",
          "excuse": null,
          "fails": false,
          "head": {
            "column": 9,
            "file": "api/schema.graphql",
            "line": 14
          },
          "kind": "ENUM_VALUE_ADDED",
          "message": "The enum `Size` has the value `LARGE` now",
          "ownSeverity": "dangerous",
          "path": "Size.LARGE",
          "reason": "Answers may hold a value that clients do not know. Those that switch over the values without a default fail on it; say that it comes before it is returned.",
          "severity": "dangerous",
          "users": []
        },
        {
          "base": null,
          "byPolicy": null,
          "coordinate": "Product.name",
          "excuse": null,
          "fails": false,
          "head": {
            "column": 3,
            "file": "api/schema.graphql",
            "line": 9
          },
          "kind": "FIELD_ADDED",
          "message": "The field `Product.name` of the type `String!` was added",
          "ownSeverity": "safe",
          "path": "Product.name",
          "reason": null,
          "severity": "safe",
          "users": []
        }
      ],
      "counts": {
        "breaking": 1,
        "dangerous": 1,
        "safe": 1
      },
      "fails": true,
      "head": {
        "file": "api/schema.graphql",
        "name": "head.graphql"
      },
      "operations": null,
      "policy": {
        "expired": [],
        "file": "schema-policy.toml",
        "idle": []
      },
      "summary": "1 change would break clients",
      "today": "2026-11-28",
      "usage": null
    }
    "#);
}

#[tokio::test]
async fn every_form_says_the_same() {
    insta::assert_snapshot!(form("github").await, @r#"
    ::error file=api/schema.graphql,line=7,col=6,title=FIELD_REMOVED Product.title (breaking)::The field `Product.title` was removed. Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused. Perhaps it is called `Product.name` now: clients cannot follow a new name, so leave the old field beside it.
    ::warning file=api/schema.graphql,line=14,col=9,title=ENUM_VALUE_ADDED Size.LARGE (dangerous)::The enum `Size` has the value `LARGE` now. Answers may hold a value that clients do not know. Those that switch over the values without a default fail on it; say that it comes before it is returned.
    "#);
    insta::assert_snapshot!(form("markdown").await, @r#"
    ## ❌ Schema: 1 change would break clients

    1 breaking, 1 dangerous, 1 safe, from `base.graphql` to `head.graphql`.

    ### Fails

    | What | Why | Who |
    |---|---|---|
    | `Product.title` FIELD_REMOVED | The field `Product.title` was removed. Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused. Perhaps it is called `Product.name` now: clients cannot follow a new name, so leave the old field beside it. |  |

    ### Dangerous

    | What | Why | Who |
    |---|---|---|
    | `Size.LARGE` ENUM_VALUE_ADDED, line 14 | The enum `Size` has the value `LARGE` now. Answers may hold a value that clients do not know. Those that switch over the values without a default fail on it; say that it comes before it is returned. |  |

    <details><summary>1 safe</summary>

    - The field `Product.name` of the type `String!` was added.

    </details>

    **What to do.** Change by addition: leave the old part, put the new one beside it and mark the old one `` @deprecated(reason: "Use `new`. Removed after YYYY-MM-DD") ``. If the break is wanted, say so in `schema-policy.toml`:

    ```toml
    [[exempt]]
    kind = "FIELD_REMOVED"
    coordinate = "Product.title"
    reason = "why it may break"
    expires = 2026-12-28
    ```
    "#);
    let sarif: Value = serde_json::from_str(&form("sarif").await).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let levels: Vec<_> = results.iter().map(|result| (&result["ruleId"], &result["level"])).collect();
    assert_eq!(
        format!("{levels:?}"),
        r#"[(String("FIELD_REMOVED"), String("error")), (String("ENUM_VALUE_ADDED"), String("warning"))]"#
    );
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
    insta::assert_snapshot!(excused.done(), @r#"
    base.graphql → head.graphql
    1 breaking, 0 dangerous, 1 safe

    Breaking, but excused
      ! FIELD_REMOVED Product.title
        The field `Product.title` was removed.
        Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.
        Perhaps it is called `Product.name` now: clients cannot follow a new name, so leave the old field beside it.
        Excused: exempt until 2026-11-28: never worked.
        base.graphql:9:3

    Safe
      + FIELD_ADDED Product.name  The field `Product.name` of the type `String!` was added
    "#);

    policy("Product.title", "2026-11-27");
    let expired = scratch.check(&[]).await;
    assert_eq!(expired.code, 1, "{expired:?}");
    insta::assert_snapshot!(expired.out, @r#"
    base.graphql → head.graphql
    1 breaking, 0 dangerous, 1 safe

    What fails
      ✗ FIELD_REMOVED Product.title
        The field `Product.title` was removed.
        Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.
        Perhaps it is called `Product.name` now: clients cannot follow a new name, so leave the old field beside it.
        base.graphql:9:3

    What is wrong with the policy
      the exemption for FIELD_REMOVED Product.title expired on 2026-11-27 (never worked); take the change back, or give it a new date

    Safe
      + FIELD_ADDED Product.name  The field `Product.name` of the type `String!` was added

    What to do
      Change it by addition: leave the old part, put the new one beside it, and mark the old one
      @deprecated(reason: "Use `new`. Removed after YYYY-MM-DD") until no client uses it.
      If the break is wanted, say so in schema-policy.toml:

        [[exempt]]
        kind = "FIELD_REMOVED"
        coordinate = "Product.title"
        reason = "why it may break"
        expires = 2026-12-28
    "#);
    insta::assert_snapshot!(expired.err, @"error: 1 change would break clients, 1 exemption has expired");

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

    insta::assert_snapshot!(said.done(), @r#"
    ## base.graphql → head.graphql

    ### Breaking

    - The type `Old` was removed. Operations that name it, in a fragment or for a variable, become invalid. Deprecate the fields that lead to it first, and remove it once they are unused.
    - The field `Query.old` was removed. Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.

    ### Deprecated

    - The field `Product.title` is deprecated now: Use `name`.

    ### Added

    - The type `New` was added.
    - The field `Product.name` of the type `String!` was added.
    "#);
}
