//! Where the stock service speaks another HTTP than ours.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tidegate_testkit::Answer;

use super::stock::{Reference, json_post};

/// GraphQL over HTTP asks for 4xx and no `data` when nothing was executed; the stock service says 200 and `data: null`.
#[tokio::test]
async fn deviation_a_request_that_was_not_executed_is_a_400_without_data() {
    let reference = Reference::new().await;
    for document in ["{", "{ nothing }", "query A { __typename } query B { __typename }"] {
        let ((ours_status, ours), (status, stock)) = reference.both(&json!({ "query": document })).await;
        assert_eq!((ours_status, ours.get("data")), (400, None), "{document}");
        assert_eq!((status, stock.get("data")), (200, Some(&Value::Null)), "{document}");
    }
}

/// A mutation over GET can be made by any page's image; any content type can be sent by any page's form.
#[tokio::test]
async fn deviation_only_a_post_of_json_is_executed() {
    let reference = Reference::new().await;
    let sessions = "select count(*) from session";
    let before = reference.shop.database.count(sessions).await;
    let uri = "/graphql?query=mutation%7BsessionStart%7Bsession%7Bid%7D%7D%7D";
    let form = r#"{"query":"mutation { sessionStart { session { id } } }"}"#;

    let get = reference.buyer.client.request(Request::get(uri), Body::empty()).await;
    let text = reference
        .buyer
        .client
        .request(Request::post("/graphql").header("content-type", "text/plain"), Body::from(form))
        .await;
    assert_eq!((get.status.as_u16(), text.status.as_u16()), (405, 415));
    assert_eq!(reference.shop.database.count(sessions).await, before);

    let get = reference.ask(Request::get(uri).body(Body::empty()).unwrap()).await;
    let text = reference
        .ask(Request::post("/graphql").header("content-type", "text/plain").body(Body::from(form)).unwrap())
        .await;
    assert_eq!((get.status, text.status), (200, 200));
    assert_eq!(reference.shop.database.count(sessions).await, before + 2);
}

/// A batch multiplies whatever one request may cost.
#[tokio::test]
async fn deviation_a_batch_is_refused() {
    let reference = Reference::new().await;

    let ((status, ours), (stock_status, stock)) =
        reference.both(&json!([{ "query": "{ __typename }" }, { "query": "{ __typename }" }])).await;

    assert_eq!((status, &ours["errors"][0]["extensions"]["code"]), (400, &json!("BATCHING_DISABLED")));
    assert_eq!((stock_status, stock.as_array().map(Vec::len)), (200, Some(2)));
}

/// What an answer says about itself is no part of the data.
#[tokio::test]
async fn extensions_are_ours_alone() {
    let reference = Reference::new().await;

    let ((_, ours), (_, stock)) = reference.both(&json!({ "query": "{ __typename }" })).await;

    let mut told: Vec<_> = ours["extensions"].as_object().unwrap().keys().cloned().collect();
    told.sort_unstable();
    assert_eq!(
        (told, stock.get("extensions")),
        (vec!["context".to_owned(), "cost".to_owned(), "requestId".to_owned()], None)
    );
}

fn content_type(answer: &Answer) -> &str {
    answer.headers["content-type"].to_str().unwrap()
}

/// GraphQL over HTTP lets the client choose the type of the answer; the stock service has one for all.
#[tokio::test]
async fn deviation_the_answer_has_the_type_that_was_asked_for() {
    let reference = Reference::new().await;
    let query = json!({ "query": "{ __typename }" }).to_string();
    for (accept, status, expected) in [
        ("application/json", 200, "application/json; charset=utf-8"),
        ("application/graphql-response+json", 200, "application/graphql-response+json; charset=utf-8"),
        ("text/html", 406, "application/json; charset=utf-8"),
    ] {
        let request = Request::post("/graphql").header("content-type", "application/json").header("accept", accept);
        let ours = reference.buyer.client.request(request, Body::from(query.clone())).await;
        assert_eq!((ours.status.as_u16(), content_type(&ours)), (status, expected), "{accept}");

        let mut request = json_post(query.clone());
        request.headers_mut().insert("accept", accept.parse().unwrap());
        let stock = reference.ask(request).await;
        assert_eq!((stock.status, stock.content_type.as_str()), (200, "application/graphql-response+json"), "{accept}");
    }
}

/// A client reads errors as GraphQL has them; the stock service answers Rust's debug text, without a type.
#[tokio::test]
async fn deviation_malformed_json_is_an_error_of_graphql() {
    let reference = Reference::new().await;
    for (body, words) in [
        ("{", "EOF while parsing an object"),
        ("", "EOF while parsing a value"),
        ("{'query':'{a}'}", "key must be a string"),
    ] {
        let ours = reference.buyer.client.post(body).await;
        assert_eq!((ours.status.as_u16(), ours.code()), (400, "INVALID_JSON"), "{body}");

        let stock = reference.ask(json_post(body.to_owned())).await;
        assert_eq!((stock.status, stock.content_type.as_str(), &stock.body), (400, "", &Value::Null), "{body}");
        assert!(stock.text.starts_with("InvalidRequest(Error(") && stock.text.contains(words), "{}", stock.text);
    }
}

/// Without a limit one request can fill the memory; the stock service reads whatever comes.
#[tokio::test]
async fn deviation_a_large_body_is_refused() {
    let reference = Reference::new().await;
    let body = format!("{}{}", json!({ "query": "{ __typename }" }), " ".repeat(4 * 1024 * 1024));

    let ours = reference.buyer.client.post(&body).await;
    let stock = reference.ask(json_post(body)).await;

    assert_eq!((ours.status.as_u16(), ours.code()), (413, "BODY_TOO_LARGE"));
    assert_eq!((stock.status, stock.body), (200, json!({ "data": { "__typename": "Query" } })));
}

/// A request without a document is malformed; the stock service takes it for an empty document.
#[tokio::test]
async fn deviation_a_request_without_a_query_is_malformed() {
    let reference = Reference::new().await;

    let ((ours_status, ours), (status, stock)) = reference.both(&json!({ "variables": {} })).await;

    assert_eq!((ours_status, &ours["errors"][0]["extensions"]["code"]), (400, &json!("BAD_REQUEST")));
    assert_eq!((status, &stock["data"]), (200, &Value::Null));
    assert!(stock["errors"][0]["message"].as_str().unwrap().contains("expected"), "{stock}");
}
