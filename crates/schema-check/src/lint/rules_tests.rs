#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use time::macros::date;

use super::*;
use crate::policy::{LintExemption, LintPolicy};

const TODAY: Date = date!(2026 - 11 - 28);

fn linted(schema: &str, policy: &LintPolicy) -> Linted {
    lint(&Contract::parse(schema, "s.graphql").unwrap(), policy, TODAY)
}

/// What all rules but some say.
fn said(schema: &str, without: &[&str]) -> String {
    let rules = without.iter().map(|rule| ((*rule).to_owned(), Level::Off)).collect();
    let linted = linted(schema, &LintPolicy { rules, exemptions: Vec::new() });
    let line = |finding: &Finding| {
        let place = finding.place.map(|at| format!("{}:{}", at.line, at.column)).unwrap_or_default();
        format!("{place} {:?} {} {}: {}", finding.level, finding.rule, finding.coordinate, finding.message)
    };
    linted.findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn names() {
    let schema = "directive @Dir(An_arg: Int) on FIELD\ntype Query { Field: snake_case arg(A: In): Int }\n\
                  type snake_case { b: E }\ninput In { c_d: Int }\nenum E { one TWO Three }";

    insta::assert_snapshot!(said(schema, &["descriptions"]), @r#"
    1:12 Error member-names @Dir: `Dir` is not in camelCase
    1:16 Error member-names @Dir(An_arg:): `An_arg` is not in camelCase
    2:14 Error member-names Query.Field: `Field` is not in camelCase
    2:36 Error member-names Query.arg(A:): `A` is not in camelCase
    3:6 Error type-names snake_case: `snake_case` is not in PascalCase
    4:12 Error member-names In.c_d: `c_d` is not in camelCase
    5:10 Error enum-value-names E.one: `one` is not in UPPER_CASE
    5:18 Error enum-value-names E.Three: `Three` is not in UPPER_CASE
    "#);
}

#[test]
fn descriptions() {
    let schema =
        "\"A\" type Query { \"b\" b(\"c\" c: In d: Int): E e: Int }\n\"I\" input In { f: Int }\n\" \" enum E { G }";

    insta::assert_snapshot!(said(schema, &[]), @r#"
    1:34 Error descriptions Query.b(d:): it has no description: say what a client can rely on
    1:45 Error descriptions Query.e: it has no description: say what a client can rely on
    2:16 Error descriptions In.f: it has no description: say what a client can rely on
    3:10 Error descriptions E: it has no description: say what a client can rely on
    3:14 Error descriptions E.G: it has no description: say what a client can rely on
    "#);
}

#[test]
fn deprecations_name_a_replacement_and_a_day() {
    let schema = r#"type Query {
  a: Int @deprecated
  b: Int @deprecated(reason: "Use `c`. Removed after 2027-01-31")
  c: Int @deprecated(reason: "Use `Other.field`. Removed after 2026-11-27")
  d: E @deprecated(reason: "Use `E.NEW` instead")
}
enum E { NEW OLD @deprecated(reason: "Use `NEW`. Removed after 2026-11-28") }"#;

    insta::assert_snapshot!(said(schema, &["descriptions"]), @r#"
    2:3 Error deprecation-reason Query.a: its deprecation names no replacement: write @deprecated(reason: "Use `other`. Removed after …")
    2:3 Error deprecation-date Query.a: its deprecation has no date: say from when on it may be gone, as in "Removed after 2027-01-31"
    4:3 Error deprecation-reason Query.c: its deprecation names `Other.field`, which the schema does not have
    4:3 Warning deprecation-overdue Query.c: it was to be gone after 2026-11-27: remove it, or give a later date
    5:3 Error deprecation-date Query.d: its deprecation has no date: say from when on it may be gone, as in "Removed after 2027-01-31"
    "#);
}

#[test]
fn shapes() {
    let schema = "schema { query: Query mutation: Changes }\ntype Query { id: ID n: Node list: [Int!] items: [Int]! nodes: [Thing!]! }\n\
                  interface Node { id: ID! }\ntype Thing implements Node { id: ID! }\n\
                  type Changes { a: APayload! b: APayload c: Thing! d: [APayload!]! }\ntype APayload { e: Int }\ntype Lost { f: Int }";

    insta::assert_snapshot!(said(schema, &["descriptions"]), @r#"
    2:14 Error id-not-null Query.id: it is ID, and an id is ID!
    2:29 Warning lists-not-null Query.list: the list may be null: write [T!]! and answer an empty one
    2:42 Warning list-items-not-null Query.items: an item of the list may be null: write [T!] if none ever is
    2:56 Warning pages-for-nodes Query.nodes: it is a list of nodes, which may grow: make it a connection while nobody uses it
    5:29 Error mutation-payloads Changes.b: it answers APayload, which may be null: say what was refused within the payload
    5:41 Error mutation-payloads Changes.c: it answers Thing!: make it an object or union named …Payload, so that more can be said later
    5:51 Error mutation-payloads Changes.d: it answers [APayload!]!: make it an object or union named …Payload, so that more can be said later
    7:6 Warning unreachable-types Lost: no operation can reach it: remove it
    "#);
}

#[test]
fn connections() {
    let fine = "type Query { things(first: Int, after: String): ThingConnection! back(last: Int!, before: Cursor): ThingConnection }\n\
                scalar Cursor\ntype ThingConnection { edges: [ThingEdge!]! nodes: [Int!]! pageInfo: PageInfo! }\n\
                type ThingEdge { node: Int! cursor: Cursor! }\ntype PageInfo { hasNextPage: Boolean! }";
    let odd = "type Query { things(first: String, after: String): ThingConnection! other: OtherConnection }\n\
               type ThingConnection { edges: [ThingEdge!]! pageInfo: PageInfo }\ntype OtherConnection { edges: Int }\n\
               type ThingEdge { value: Int! cursor: [String!] }\ntype PageInfo { hasNextPage: Boolean! }";

    assert_eq!(said(fine, &["descriptions"]), "");
    insta::assert_snapshot!(said(odd, &["descriptions"]), @r#"
    1:14 Error connection-arguments Query.things: it takes neither `first: Int` with `after` nor `last: Int` with `before`
    1:69 Error connection-arguments Query.other: it takes neither `first: Int` with `after` nor `last: Int` with `before`
    2:6 Error connection-shape ThingConnection: its edges have no `node`
    2:6 Error connection-shape ThingConnection: its edges have no `cursor` that is a scalar
    2:6 Error connection-shape ThingConnection: it has no `pageInfo: PageInfo!`
    3:6 Error connection-shape OtherConnection: it has no `edges` that are a list of objects
    3:6 Error connection-shape OtherConnection: it has no `pageInfo: PageInfo!`
    4:30 Warning lists-not-null ThingEdge.cursor: the list may be null: write [T!]! and answer an empty one
    "#);
}

#[test]
fn the_policy_has_levels_and_exemptions() {
    let exemption = |rule: &str, coordinate: &str| LintExemption {
        rule: rule.to_owned(),
        coordinate: coordinate.to_owned(),
        reason: "why".to_owned(),
    };
    let policy = LintPolicy {
        rules: [("type-names".to_owned(), Level::Warning)].into(),
        exemptions: vec![exemption("descriptions", "*"), exemption("member-names", "Query.a")],
    };

    let linted = linted("type Query { a: other } type other { b: Int }", &policy);

    assert!(!linted.fails());
    assert_eq!(linted.findings.len(), 1);
    assert_eq!((linted.findings[0].rule, linted.findings[0].level), ("type-names", Level::Warning));
    assert_eq!(linted.exempted, 4);
    insta::assert_snapshot!(linted.idle.join("\n"), @"the exemption from member-names for Query.a takes nothing away: remove it");
}
