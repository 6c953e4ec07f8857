#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use apollo_compiler::ExecutableDocument;
use apollo_compiler::introspection::partial_execute;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use serde_json::json;

use super::*;
use crate::contract::Contract;
use crate::introspection::{PROBE, abilities, query};

/// What a server with a schema answers.
fn asked(contract: &Contract, question: &str) -> Value {
    let schema = contract.schema();
    let document = ExecutableDocument::parse_and_validate(schema, question, "q.graphql").unwrap();
    let operation = document.operations.get(None).unwrap();
    let variables = coerce_variable_values(schema, operation, &JsonMap::default()).unwrap();
    let implementers = schema.implementers_map();
    let answer = partial_execute(schema, &implementers, &document, operation, &variables).unwrap();
    serde_json::to_value(answer).unwrap()
}

/// One of everything.
const WHOLE: &str = r#""""
All of it.

  Indented, with """ "quotes" \ and a tab	.
"""
schema {
  query: Root
  mutation: Change
}

type Change implements Node & Other {
  id: ID!
  "Says \"why\"."
  do(
    "What."
    what: In! = {list: [1, 2], e: ONE}
    old: Int @deprecated(reason: "Use `what`.")
  ): [[U!]]! @deprecated
}

scalar Day @specifiedBy(url: "https://example.org/day")

enum E {
  ONE
  """
  Two
  lines
  """
  TWO @deprecated(reason: "Use `ONE`.")
}

input In {
  list: [Int!] = [1]
  e: E
}

interface Node implements Other {
  id: ID!
}

input One @oneOf {
  a: Int
  b: String
}

interface Other {
  id: ID!
}

type Root {
  a(one: One, day: Day, first: Int = 10, text: String = "a\"b"): Node
}

union U = Change | Root

"Marks."
directive @mark(at: [Int]) repeatable on FIELD | OBJECT
"#;

#[test]
fn a_schema_comes_back_whole() {
    let schema = WHOLE.replace("\\\"\"\"", "\"\"\"").replacen("with \"\"\"", "with \\\"\"\"", 1);
    let contract = Contract::parse(&schema, "s.graphql").unwrap();
    let can = abilities(&asked(&contract, PROBE)).unwrap();

    let text = sdl(&asked(&contract, &query(can))).unwrap();

    insta::assert_snapshot!(text, @r#"
    "All of it.\n\n  Indented, with \"\"\" \"quotes\" \\ and a tab\t."
    schema {
      query: Root
      mutation: Change
    }

    type Change implements Node & Other {
      id: ID!
      "Says \"why\"."
      do(
        "What."
        what: In! = {list: [1, 2], e: ONE}
        old: Int @deprecated(reason: "Use `what`.")
      ): [[U!]]! @deprecated
    }

    scalar Day @specifiedBy(url: "https://example.org/day")

    enum E {
      ONE
      """
      Two
      lines
      """
      TWO @deprecated(reason: "Use `ONE`.")
    }

    input In {
      list: [Int!] = [1]
      e: E
    }

    interface Node implements Other {
      id: ID!
    }

    input One {
      a: Int
      b: String
    }

    interface Other {
      id: ID!
    }

    type Root {
      a(one: One, day: Day, first: Int = 10, text: String = "a\"b"): Node
    }

    union U = Change | Root

    "Marks."
    directive @mark(at: [Int]) repeatable on FIELD | OBJECT
    "#);
    let again = Contract::parse(&text, "again.graphql").unwrap();
    assert_eq!(sdl(&asked(&again, &query(can))).unwrap(), text, "printed again it is the same");
}

#[test]
fn one_of_and_a_type_without_members_are_printed() {
    let id = json!({ "kind": "SCALAR", "name": "ID" });
    let answer = json!({ "data": { "__schema": { "queryType": { "name": "Q" }, "types": [
        { "kind": "INPUT_OBJECT", "name": "By", "isOneOf": true, "inputFields": [{ "name": "id", "type": id }] },
        { "kind": "OBJECT", "name": "Q", "fields": [{ "name": "a", "type": id }], "description": "" },
    ] } } });

    insta::assert_snapshot!(sdl(&answer).unwrap(), @r#"
    schema {
      query: Q
    }

    input By @oneOf {
      id: ID
    }

    type Q {
      a: ID
    }
    "#);
}

#[test]
fn an_older_server_is_asked_for_less() {
    let probe = json!({ "data": {
        "schema": { "fields": [{ "name": "types", "args": [] }] },
        "type": { "fields": [{ "name": "inputFields", "args": [] }] },
        "field": { "fields": [{ "name": "args", "args": [] }] },
        "directive": { "fields": [{ "name": "args", "args": [] }] },
        "input": { "fields": [{ "name": "name", "args": [] }] },
    } });

    let question = query(abilities(&probe).unwrap());

    for newer in ["specifiedByURL", "isOneOf", "isRepeatable", "args(", "inputFields("] {
        assert!(!question.contains(newer), "{newer}: {question}");
    }
    assert_eq!(question.matches("isDeprecated").count(), 2, "of fields and enum values: {question}");
}

#[test]
fn what_is_no_schema_is_said_in_a_sentence() {
    let say = |answer: Value| sdl(&answer).unwrap_err().to_string();
    let ty = |ty: Value| json!({ "data": { "__schema": { "queryType": { "name": "Q" }, "types": [ty] } } });

    insta::assert_snapshot!(
        say(json!({ "errors": [{ "message": "no\nway", "extensions": { "code": "FORBIDDEN" } }] })), @"the server refused the introspection: no way (FORBIDDEN)");
    insta::assert_snapshot!(say(json!([1])), @"the answer is not one of a GraphQL server: it has neither data nor errors");
    insta::assert_snapshot!(say(json!({ "data": null })), @"the answer is not one of a GraphQL server: it has neither data nor errors");
    insta::assert_snapshot!(say(json!({ "data": { "__schema": null } })), @"the answer is not what the specification describes: it has no `__schema`");
    insta::assert_snapshot!(say(ty(json!({ "kind": "THING", "name": "T" }))), @r#"the answer is not what the specification describes: T has the kind "THING""#);
    insta::assert_snapshot!(
        say(ty(json!({ "kind": "OBJECT", "name": "Q", "fields": [{ "name": "a", "type": { "kind": "LIST" } }] }))), @"the answer is not what the specification describes: a LIST of nothing");
}
