//! What the engine gets wrong on its own, and right behind this crate.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod toy;

use async_graphql::{Request, Variables};
use serde_json::{Value, json};
use tidegate_document::{Documents, Limits, Refusal, code};

const SDL: &str = include_str!("differential/toy.graphql");

const TWICE: &str = "mutation { steps ...F } fragment F on Mutation { steps ... { steps } }";

fn limits() -> Limits {
    Limits::default()
}

async fn run(text: &str, variables: Value) -> Result<Value, Vec<Refusal>> {
    let Value::Object(variables) = variables else { unreachable!("variables are an object") };
    let documents = Documents::new(SDL, limits(), 0).unwrap();
    let bound = documents.prepare(text)?.bind(None, variables)?;
    let known = bound.known.clone();
    let (request, _) = bound.into_request();
    let response = toy::schema().execute(request.data(toy::Steps::default())).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    let answer = response.data.into_json().unwrap();
    if let Some(known) = known {
        assert_eq!(known.into_json().unwrap(), answer);
    }
    Ok(answer)
}

#[tokio::test]
async fn the_name_of_the_root_alone_is_known_without_the_engine() {
    let known = |text: &str, variables: Value| {
        let Value::Object(variables) = variables else { unreachable!("variables are an object") };
        let bound = Documents::new(SDL, limits(), 0).unwrap().prepare(text).unwrap().bind(None, variables).unwrap();
        bound.known.map(|known| known.into_json().unwrap())
    };
    for text in ["{ b: __typename ...F __typename } fragment F on Query { b: __typename }", "mutation { __typename }"] {
        assert_eq!(known(text, json!({})), Some(run(text, json!({})).await.unwrap()));
    }
    let conditional = "query($with: Boolean!) { __typename matrix @include(if: $with) }";
    assert_eq!(known(conditional, json!({ "with": false })), Some(json!({ "__typename": "Query" })));
    assert_eq!(known(conditional, json!({ "with": true })), None);
    assert_eq!(known("{ matrix @skip(if: true) }", json!({})), None);
    assert_eq!(known("{ __schema { queryType { name } } }", json!({})), None);
}

async fn engine_alone(text: &str, variables: Value) -> (async_graphql::Response, i32) {
    let steps = std::sync::Arc::new(toy::Steps::default());
    let request = Request::new(text).variables(Variables::from_json(variables));
    let schema = toy::schema();
    let response = schema.execute(request.data(std::sync::Arc::clone(&steps))).await;
    let ran = steps.0.load(std::sync::atomic::Ordering::SeqCst);
    (response, ran)
}

#[tokio::test]
async fn a_mutation_selected_again_through_fragments_runs_once() {
    assert_eq!(run(TWICE, json!({})).await.unwrap(), json!({ "steps": 1 }));
    let (_, ran) = engine_alone(TWICE, json!({})).await;
    assert_eq!(ran, 3, "the engine has been mended; this crate may do less");
}

const BAD_SECOND: &str = "mutation($id: ID!, $by: Int) { steps rename(input: {id: $id, name: \"a\"}) { id } \
     bump(by: $by, key: \"k\") { id } }";

#[tokio::test]
async fn bad_input_of_a_later_mutation_lets_none_run() {
    for variables in [json!({}), json!({ "id": null }), json!({ "id": [] }), json!({ "id": 1, "by": null })] {
        let refusals = run(BAD_SECOND, variables).await.unwrap_err();
        assert_eq!(refusals[0].code, code::BAD_USER_INPUT);
    }
    let (_, ran) = engine_alone(BAD_SECOND, json!({})).await;
    assert!(ran > 0, "the engine has been mended; this crate may do less");
}

#[tokio::test]
async fn a_directive_sees_the_default_of_its_variable() {
    let text = "query($with: Boolean = false) { matrix @include(if: $with) __typename }";
    assert_eq!(run(text, json!({})).await.unwrap(), json!({ "__typename": "Query" }));
}

#[tokio::test]
async fn an_absent_variable_leaves_the_arguments_default() {
    let omitted = run("{ item(by: {id: 1}) { price label parts(filter: {}) { name } } }", json!({})).await;
    let text = "query($scale: Float = 1.5, $tag: String, $name: String) {
        item(by: {id: 1}) { price(scale: $scale) label(tag: $tag) parts(filter: {name: $name}) { name } } }";
    assert_eq!(run(text, json!({})).await, omitted);
}

#[tokio::test]
async fn selections_merge_below_objects_and_lists() {
    let apart = "{ item(by: {id: 1}) { parts { name } parts { of { id } } ...F } }
        fragment F on Item { parts { count of { size } } }";
    let together = "{ item(by: {id: 1}) { parts { name of { id size } count } } }";
    assert_eq!(run(apart, json!({})).await, run(together, json!({})).await);
}

#[tokio::test]
async fn a_field_sees_every_selection_below_it() {
    let text = "query($no: Boolean = false) { item(by: {id: 1}) { id } ...F
        item(by: {id: 1}) @include(if: $no) { price } }
        fragment F on Query { item(by: {id: 1}) { ... on Node { label } } }";
    let documents = Documents::new(SDL, limits(), 0).unwrap();
    let bound = documents.prepare(text).unwrap().bind(None, serde_json::Map::new()).unwrap();
    assert_eq!(bound.root_fields, ["item"]);
    let root = &bound.operation.selection_set.node.items;
    assert_eq!(root.len(), 1);
    let async_graphql::parser::types::Selection::Field(item) = &root[0].node else {
        panic!("the fragment is flattened")
    };
    assert_eq!(item.node.selection_set.node.items.len(), 2);
}

#[tokio::test]
async fn one_of_takes_exactly_one_field() {
    for text in [
        "{ item(by: {}) { id } }",
        "{ item(by: {id: 1, slug: \"a\"}) { id } }",
        "{ item(by: {id: null}) { id } }",
        "query($v: ID) { item(by: {id: $v}) { id } }",
    ] {
        assert_eq!(run(text, json!({})).await.unwrap_err()[0].code, code::BAD_USER_INPUT, "{text}");
    }
    let text = "query($by: ItemBy!) { item(by: $by) { id } }";
    for value in [json!({}), json!({ "id": 1, "slug": "a" }), json!({ "id": null })] {
        assert_eq!(run(text, json!({ "by": value })).await.unwrap_err()[0].code, code::BAD_USER_INPUT);
    }
    assert!(run(text, json!({ "by": { "position": 1 } })).await.is_ok());
}

#[tokio::test]
async fn values_of_undeclared_variables_are_ignored() {
    assert!(run("{ matrix }", json!({ "extra": 1 })).await.is_ok());
}

#[tokio::test]
async fn introspection_works() {
    let text = "{ __schema { queryType { name } types { name fields(includeDeprecated: true) { name } } }
        __type(name: \"Item\") { name } }";
    let data = run(text, json!({})).await.unwrap();
    assert_eq!(data["__schema"]["queryType"]["name"], "Query");
    assert_eq!(data["__type"]["name"], "Item");
}
