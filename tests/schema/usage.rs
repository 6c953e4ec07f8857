//! Recorded usage and trusted documents, in a database with made rows.

use tidegate_testkit::Database;

use super::scratch::{BASE, Scratch, with};

/// Thirty days before the test's, each with one use of something else.
const HISTORY: &str = "insert into schema_usage (day, coordinate, client, requests)
    select d::date, 'Product.id', 'web', 5 from generate_series('2026-10-29'::date, '2026-11-27', interval '1 day') d";

fn renamed() -> Scratch {
    Scratch::new(&[("base.graphql", BASE), ("head.graphql", &with("title: String!", "name: String!"))])
}

async fn used(database: &Database, day: &str, coordinate: &str, client: &str, requests: u32) {
    let sql = format!(
        "insert into schema_usage (day, coordinate, client, requests) values ('{day}', '{coordinate}', '{client}', {requests})"
    );
    database.run(&sql).await;
}

#[tokio::test]
async fn what_no_client_has_used_for_thirty_days_may_go() {
    let (scratch, database) = (renamed(), Database::new().await);
    database.run(HISTORY).await;
    // Long ago, and long before that: in other months than the window.
    used(&database, "2026-10-28", "Product.title", "pos-1", 9).await;
    used(&database, "2025-12-01", "Product.title", "old-ios", 9).await;
    let check = async |more: &[&str]| {
        let mut arguments = vec!["--usage", database.url.as_str()];
        arguments.extend(more);
        scratch.check(&arguments).await
    };

    let unused = check(&[]).await;
    insta::assert_snapshot!(unused.done(), @r#"
    base.graphql → head.graphql
    1 breaking, 0 dangerous, 1 safe

    Breaking, but excused
      ! FIELD_REMOVED Product.title
        The field `Product.title` was removed.
        Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.
        Perhaps it is called `Product.name` now: clients cannot follow a new name, so leave the old field beside it.
        Excused: no client has used it for 30 days.
        base.graphql:9:3

    Safe
      + FIELD_ADDED Product.name  The field `Product.name` of the type `String!` was added

    Usage is recorded for 30 of the last 30 days.
    "#);
    assert_eq!(check(&["--strict"]).await.code, 1);
    assert_eq!(scratch.check(&[]).await.code, 1, "without usage it fails");

    scratch.write("schema-policy.toml", "[usage]\nprotected_clients = [\"pos-*\"]\n");
    let protected = check(&[]).await;
    assert_eq!(protected.code, 1, "{protected:?}");
    assert!(protected.out.contains("Used by pos-1 (0 requests in 30 days, last on 2026-10-28)."), "{protected:?}");
    scratch.write("schema-policy.toml", "[usage]\nwindow_days = 31\nmin_recorded_days = 30\n");
    assert_eq!(check(&[]).await.code, 1, "within a longer window it was used");
    scratch.write("schema-policy.toml", "");

    used(&database, "2026-11-28", "Product.title", "web", 1204).await;
    used(&database, "2026-11-01", "Product.title", "ios", 1).await;
    let still = check(&[]).await;
    assert_eq!(still.code, 1, "{still:?}");
    let line = still.out.lines().find(|line| line.contains("Used by")).unwrap_or_default();
    insta::assert_snapshot!(line, @"    Used by ios (1 request in 30 days, last on 2026-11-01); web (1204 requests in 30 days, last on 2026-11-28).");
}

#[tokio::test]
async fn a_history_that_is_too_short_excuses_nothing() {
    let (scratch, database) = (renamed(), Database::new().await);
    let check = async || scratch.check(&["--usage", &database.url]).await;

    let none = check().await;
    assert!(none.code == 1 && none.out.contains("Usage is recorded for 0 of the last 30 days"), "{none:?}");
    database.run(HISTORY).await;
    database.run("delete from schema_usage where day = '2026-11-10'").await;
    let gap = check().await;
    assert!(gap.code == 1 && gap.out.contains("Usage is recorded for 29 of the last 30 days"), "{gap:?}");
    let unused = scratch.schema(&["unused", "--usage", &database.url, "--days", "30", "--today", "2026-11-28"]).await;
    assert_eq!(unused.code, 2, "{unused:?}");
    insta::assert_snapshot!(unused.err, @r#"
    error: usage is recorded for 29 of the last 30 days, so nothing can be said of 30 days
    hint: ask for fewer --days, or again later
    "#);
    scratch.write("schema-policy.toml", "[usage]\nmin_recorded_days = 29\n");
    check().await.done();
}

#[tokio::test]
async fn a_type_that_only_an_old_clients_document_uses_is_named() {
    let head = with("  old: Old\n", "").replace("type Old {\n  x: Int\n}\n", "");
    let scratch = Scratch::new(&[("base.graphql", BASE), ("head.graphql", &head)]);
    let database = Database::new().await;
    database.run(HISTORY).await;
    let document = |number: u32, client: &str, name: &str, body: &str, retired: &str| {
        format!(
            "insert into trusted_document (hash, client, name, body, created_at, retired_at)
             values (lpad('{number}', 64, '0'), '{client}', {name}, '{body}', '2026-01-01', {retired});"
        )
    };
    // More than one page of them.
    let many = "insert into trusted_document (hash, client, body, created_at)
        select lpad(to_hex(n), 64, '0'), 'web', 'query P' || n || ' { product { id } }', '2026-01-01'
        from generate_series(1000, 1600) n";
    let documents = document(1, "old-ios", "'Home'", "query Home { old { x } }", "null")
        + &document(2, "older-ios", "null", "query Home { old { x } }", "'2026-02-01'");
    database.run(&documents).await;
    database.run(many).await;

    let said = scratch.check(&["--operations", &database.url, "--usage", &database.url]).await;

    assert_eq!(said.code, 1, "{said:?}");
    insta::assert_snapshot!(said.out, @r#"
    base.graphql → head.graphql
    2 breaking, 0 dangerous, 0 safe

    What fails
      ✗ TYPE_REMOVED Old
        The type `Old` was removed.
        Operations that name it, in a fragment or for a variable, become invalid. Deprecate the fields that lead to it first, and remove it once they are unused.
        Used by old-ios (in Home).
        base.graphql:17:6
      ✗ FIELD_REMOVED Query.old
        The field `Query.old` was removed.
        Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.
        Used by old-ios (in Home).
        base.graphql:4:3

    Operations that break
      ✗ old-ios: Home
        type `Query` does not have a field `old`  trusted document#Home:1:14

    Tried 602 operations of clients: old-ios 1, web 601; 1 broken.

    Usage is recorded for 30 of the last 30 days.

    What to do
      Change it by addition: leave the old part, put the new one beside it, and mark the old one
      @deprecated(reason: "Use `new`. Removed after YYYY-MM-DD") until no client uses it.
      If the break is wanted, say so in schema-policy.toml:

        [[exempt]]
        kind = "TYPE_REMOVED"
        coordinate = "Old"
        reason = "why it may break"
        expires = 2026-12-28

      Operations break until their client has shipped new ones and the old ones are out of use. If old-ios may break,
      retire its operation or put an [[exempt_operation]] with client, operation, reason and expires into schema-policy.toml.
    "#);
    insta::assert_snapshot!(said.err, @"error: 2 changes would break clients, 1 operation of a client breaks");
    database.run("update trusted_document set retired_at = '2026-11-01' where client = 'old-ios'").await;
    scratch.check(&["--operations", &database.url, "--usage", &database.url]).await.done();
}

#[tokio::test]
async fn what_is_unused_is_listed_by_days() {
    let (scratch, database) = (renamed(), Database::new().await);
    database.run(HISTORY).await;
    used(&database, "2026-10-01", "Product.title", "web", 1).await;
    used(&database, "2026-11-28", "Query.product", "web", 1).await;
    let unused = async |format: &str| {
        let arguments = [
            "unused",
            "--usage",
            &database.url,
            "--days",
            "30",
            "--today",
            "2026-11-28",
            "--schema",
            "base.graphql",
            "--format",
            format,
        ];
        scratch.schema(&arguments).await.done().to_owned()
    };

    insta::assert_snapshot!(unused("text").await, @r#"
    6 parts of the schema were used by no client within the last 30 days.

    Old.x               never in the records
    Product.size        never in the records
    Query.old           never in the records
    Query.product(id:)  never in the records
    Size.SMALL          never in the records
    Product.title       last 2026-10-01, 58 days ago
    "#);
    let json: serde_json::Value = serde_json::from_str(&unused("json").await).unwrap();
    assert_eq!(json["unused"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn rows_are_bounded_and_of_applications() {
    let database = Database::new().await;
    let refused = async |sql: &str| {
        let mut connection = database.connect().await;
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.is_err()
    };
    let usage = |coordinate: &str, client: &str, requests: i32| {
        format!("insert into schema_usage values ('2026-11-28', '{coordinate}', '{client}', {requests})")
    };
    assert!(!refused(&usage("A.b", "web", 1)).await);
    for (coordinate, client, requests) in [("", "web", 1), ("A.c", "", 1), ("A.d", "web", 0)] {
        assert!(refused(&usage(coordinate, client, requests)).await);
    }
    assert!(refused(&usage("A.b", "web", 1)).await, "a row for each application and day");
    assert!(refused(&usage(&"x".repeat(513), "web", 1)).await && refused(&usage("A.e", &"x".repeat(65), 1)).await);
}
