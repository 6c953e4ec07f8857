#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

const BASE: &str =
    "type Query { product(id: ID): Product old: Old } type Product { title: String name: String } type Old { x: Int }";
const HEAD: &str = "type Query { product(id: ID!): Product } type Product { name: String }";

fn document(client: &str, source: &str, set: &str, text: &str) -> Document {
    Document { client: client.to_owned(), source: source.to_owned(), set: set.to_owned(), text: text.to_owned() }
}

fn tried(documents: &[Document]) -> Operations {
    let (base, head) = (Contract::parse(BASE, "base").unwrap(), Contract::parse(HEAD, "head").unwrap());
    check(&base, &head, documents)
}

fn lines(broken: &[Broken]) -> String {
    let mut lines = Vec::new();
    for one in broken {
        for fault in &one.faults {
            let (line, column) = (fault.line.unwrap_or_default(), fault.column.unwrap_or_default());
            lines.push(format!("{} {} {}:{line}:{column} {}", one.client, one.name, fault.source, fault.message));
        }
    }
    lines.join("\n")
}

#[test]
fn operations_that_break_are_named_with_client_and_place() {
    let result = tried(&[
        document("ios", "a.graphql", "ios", "query A { product { name } }\n\nquery B { product(id: 1) { name } }"),
        document("old", "b.graphql", "old", "\"What it was.\"\nquery C { old { x } }"),
    ]);

    insta::assert_snapshot!(lines(&result.broken), @r#"
    ios A a.graphql:1:11 the required argument `Query.product(id:)` is not provided
    old C b.graphql:2:11 type `Query` does not have a field `old`
    "#);
    assert!(result.already.is_empty());
    let counts: Vec<_> = result.clients.iter().map(|count| (&*count.client, count.operations)).collect();
    assert_eq!(counts, [("ios", 2), ("old", 1)]);
}

#[test]
fn fragments_are_shared_within_a_set_and_not_beyond() {
    let fragment = "fragment F on Product { title }";
    let operation = "query A($id: ID!) { product(id: $id) { ...F } }";
    let within =
        tried(&[document("ios", "a.graphql", "ios", operation), document("ios", "f.graphql", "ios", fragment)]);
    let beyond = tried(&[document("ios", "m#1", "1", operation), document("ios", "m#2", "2", fragment)]);

    insta::assert_snapshot!(lines(&within.broken), @"ios A f.graphql:1:25 type `Product` does not have a field `title`");
    insta::assert_snapshot!(lines(&beyond.already), @"ios A m#1:1:40 cannot find fragment `F` in this document");
}

#[test]
fn a_files_own_fragment_comes_first() {
    let own = "query A { product(id: 1) { ...F } } fragment F on Product { name }";
    let other = "fragment F on Product { title } query B { product(id: 1) { ...F } }";
    let result = tried(&[document("ios", "a", "ios", own), document("ios", "b", "ios", other)]);

    insta::assert_snapshot!(lines(&result.broken), @"ios B b:1:25 type `Product` does not have a field `title`");
}

#[test]
fn what_is_wrong_already_does_not_count() {
    let result = tried(&[
        document("ios", "a.graphql", "ios", "query A { nothing }"),
        document("ios", "b.graphql", "ios", "query {"),
        document("ios", "schema.graphql", "ios", "type Query { a: Int }"),
        document("ios", "empty.graphql", "ios", ""),
        document("web", "deep.graphql", "web", &"{a".repeat(10_000)),
    ]);

    assert!(result.broken.is_empty());
    insta::assert_snapshot!(lines(&result.already), @r#"
    ios (unreadable) b.graphql:1:8 syntax error: expected at least one Selection in Selection Set
    ios (unreadable) b.graphql:1:8 syntax error: expected R_CURLY, got EOF
    ios (unreadable) empty.graphql:1:1 syntax error: Unexpected <EOF>.
    ios A a.graphql:1:11 type `Query` does not have a field `nothing`
    web (unreadable) deep.graphql:1:1002 parser recursion limit reached
    "#);
}

#[test]
fn what_an_operation_uses_is_known_by_coordinate() {
    let schema = "directive @d(e: Int) on FIELD type Query { a(in: In, list: [E]): U } union U = A | B type A { x: Int } \
                  type B { y: Int } input In { f: E g: In h: Int } enum E { ONE TWO }";
    let contract = Contract::parse(schema, "s").unwrap();
    let of = |text: &str| {
        let result = check(&contract, &contract, &[document("ios", "a", "ios", text)]);
        assert!(result.already.is_empty(), "{:?}", result.already);
        result.uses[0].coordinates.iter().cloned().collect::<Vec<_>>().join(" ")
    };

    insta::assert_snapshot!(of("{ a(in: { g: { f: ONE } }, list: [TWO]) @d(e: 1) { ... on A { x } ...F } } fragment F on B { y }"), @"@d @d(e:) A A.x B B.y E E.ONE E.TWO In In.f In.g Int Query Query.a Query.a(in:) Query.a(list:) U");
    insta::assert_snapshot!(of("query ($in: In) { a(in: $in) { __typename } }"), @"E E.ONE E.TWO In In.f In.g In.h Int Query Query.a Query.a(in:) String U U.__typename");
}

#[test]
fn values_that_the_parser_lets_through_are_checked() {
    let schema = |one_of: &str, tag: &str| {
        let by = format!("input By {one_of} {{ id: ID sku: ID }}");
        let text = format!("type Query {{ find(by: By, tags: [{tag}], all: {tag} = \"\"): Int }} {by}");
        Contract::parse(&text, "schema").unwrap()
    };
    let documents = [
        document("ios", "a", "1", "query Two { find(by: { id: 1, sku: 2 }) }"),
        document("ios", "b", "2", "query Maybe($id: ID) { find(by: { id: $id }) }"),
        document("ios", "c", "3", "query Inside($tag: String) { find(tags: [$tag]) }"),
        document("ios", "d", "4", "query Null { find(all: null) }"),
        document("ios", "e", "5", "query Fine($id: ID!, $tag: String!) { find(by: { id: $id }, tags: [$tag, \"x\"]) }"),
    ];

    let result = check(&schema("", "String"), &schema("@oneOf", "String!"), &documents);

    insta::assert_snapshot!(lines(&result.already), @"");
    insta::assert_snapshot!(lines(&result.broken), @r"
    ios Inside c:1:42 variable `$tag` of type `String` is given where `String!` is wanted
    ios Maybe b:1:33 `By` takes exactly one field, which is never null
    ios Null d:1:24 expected value of type String!, found null
    ios Two a:1:22 `By` takes exactly one field, which is never null
    ");
}
