//! The operations that clients send, from folders and manifests.

use super::scratch::{BASE, Scratch, with};

fn scratch() -> Scratch {
    let head =
        with("  old: Old\n", "").replace("type Old {\n  x: Int\n}\n", "").replace("title: String!", "title: String");
    Scratch::new(&[
        ("base.graphql", BASE),
        ("head.graphql", &head),
        (
            "clients/ios/pages/product.graphql",
            "\"The page.\"\nquery Page($id: ID) { product(id: $id) { ...Card } }\nquery Home { old { ...Old } }",
        ),
        ("clients/ios/card.gql", "fragment Card on Product { title }\nfragment Old on Old { x }"),
        ("clients/ios/schema.graphql", BASE),
        ("clients/ios/node_modules/x/a.graphql", "query X { nothing }"),
        ("clients/web/a.graphql", "query A { product { id } }\nquery B { gone }"),
    ])
}

#[tokio::test]
async fn operations_that_break_are_named_by_client() {
    let said = scratch().check(&["--operations", "clients/ios", "--operations", "shop=clients/web"]).await;

    assert_eq!(said.code, 1, "{said:?}");
    insta::assert_snapshot!(said.out, @r#"
    base.graphql → head.graphql
    3 breaking, 0 dangerous, 0 safe

    What fails
      ✗ TYPE_REMOVED Old
        The type `Old` was removed.
        Operations that name it, in a fragment or for a variable, become invalid. Deprecate the fields that lead to it first, and remove it once they are unused.
        Used by ios (in Home).
        base.graphql:17:6
      ✗ FIELD_TYPE_CHANGED Product.title
        The type of `Product.title` changed from `String!` to `String`.
        Clients read it with the old type: selections or what they expect in the answer no longer fit. Add a field with the new type, deprecate this one with a date and the replacement, and remove it once it is unused.
        Used by ios (in Page).
        base.graphql:9:10  →  head.graphql:8:10
      ✗ FIELD_REMOVED Query.old
        The field `Query.old` was removed.
        Operations that select it become invalid. Deprecate it first, with a date and the replacement in the reason, and remove it once it is unused.
        Used by ios (in Home).
        base.graphql:4:3

    Operations that break
      ✗ ios: Home
        type condition `Old` of fragment `Old` is not a type defined in the schema  clients/ios/card.gql:2:17
        type `Query` does not have a field `old`  clients/ios/pages/product.graphql:3:14

    Tried 4 operations of clients: ios 2, shop 2; 1 broken.

    Invalid on the base already, so not counted
      ! shop: B
        type `Query` does not have a field `gone`  clients/web/a.graphql:2:11

    What to do
      Change it by addition: leave the old part, put the new one beside it, and mark the old one
      @deprecated(reason: "Use `new`. Removed after YYYY-MM-DD") until no client uses it.
      If the break is wanted, say so in schema-policy.toml:

        [[exempt]]
        kind = "TYPE_REMOVED"
        coordinate = "Old"
        reason = "why it may break"
        expires = 2026-12-28

      Operations break until their client has shipped new ones and the old ones are out of use. If ios may break,
      retire its operation or put an [[exempt_operation]] with client, operation, reason and expires into schema-policy.toml.
    "#);
    insta::assert_snapshot!(said.err, @"error: 3 changes would break clients, 1 operation of a client breaks");
}

#[tokio::test]
async fn an_operation_may_break_if_the_policy_says_so() {
    let scratch = scratch();
    let exempt = |what: &str| format!("{what}reason = \"is gone\"\nexpires = 2026-11-28\n");
    let change = |kind: &str, coordinate: &str| {
        exempt(&format!("[[exempt]]\nkind = \"{kind}\"\ncoordinate = \"{coordinate}\"\n"))
    };
    let mut policy = change("FIELD_REMOVED", "Query.old")
        + &change("TYPE_REMOVED", "Old")
        + &change("FIELD_TYPE_CHANGED", "Product.title");
    scratch.write("schema-policy.toml", &policy);

    let said = scratch.check(&["--operations", "clients/ios"]).await;
    assert_eq!((said.code, said.err.as_str()), (1, "error: 1 operation of a client breaks\n"), "{said:?}");

    policy += &exempt("[[exempt_operation]]\nclient = \"ios\"\noperation = \"Home\"\n");
    scratch.write("schema-policy.toml", &policy);
    scratch.check(&["--operations", "clients/ios"]).await.done();
    let other = scratch.check(&["--operations", "android=clients/ios"]).await;
    assert_eq!(other.code, 1, "{other:?}");
    assert!(other.out.contains("the exemption for operation Home of ios matches nothing here"), "{other:?}");
}

#[tokio::test]
async fn manifests_are_read_in_both_forms() {
    let scratch = scratch();
    scratch.write(
        "apollo.json",
        r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
            {"id": "1a", "name": "Home", "type": "query", "body": "query Home { old { x } }"}]}"#,
    );
    scratch.write("relay.json", r#"{"0c": "query Home { product { id } old { x } }"}"#);

    let apollo = scratch.check(&["--operations", "ios=apollo.json", "--format", "github"]).await;
    let relay = scratch.check(&["--operations", "relay.json"]).await;

    let line = apollo.out.lines().find(|line| line.contains("Home of ios")).unwrap_or_default();
    insta::assert_snapshot!(line, @"::error file=apollo.json,title=Operation Home of ios breaks::type `Query` does not have a field `old`.");
    assert!(relay.out.contains("✗ relay: Home\n") && relay.out.contains("relay.json#0c:1:"), "{relay:?}");
}
