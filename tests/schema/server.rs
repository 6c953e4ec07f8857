//! Schemas that servers tell of themselves.

use tidegate_testkit::Shop;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::scratch::Scratch;
use crate::identity::run;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_our_gateway_tells_is_what_the_program_prints() {
    let shop = Shop::empty(|_| {}).await;
    let running = run(&shop).await;
    let url = format!("http://{}/graphql", running[0].address());
    let scratch = Scratch::new(&[]);

    let told = scratch.schema(&["print", "--introspect", &url, "--header", "X-Nothing: 1"]).await;
    let printed = scratch.schema(&["print"]).await;

    scratch.write("told.graphql", told.done());
    scratch.write("printed.graphql", printed.done());
    let check = async |base: &str, head: &str| {
        scratch.schema(&["check", "--base", base, "--head", head]).await.done().replace(&url, "http://server/graphql")
    };
    // The engine prints no descriptions of a directive's arguments, and not the one it has for every schema.
    insta::assert_snapshot!(check("told.graphql", "printed.graphql").await, @r#"
    told.graphql → printed.graphql
    0 breaking, 0 dangerous, 4 safe

    Safe
      + DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED @inContext(country:)  `@inContext(country:)` no longer has a description
      + DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED @inContext(currency:)  `@inContext(currency:)` no longer has a description
      + DIRECTIVE_ARGUMENT_DESCRIPTION_CHANGED @inContext(language:)  `@inContext(language:)` no longer has a description
      + SCHEMA_DESCRIPTION_CHANGED schema  The schema no longer has a description
    "#);
    assert_eq!(
        check(&url, "told.graphql").await,
        "http://server/graphql → told.graphql\n0 breaking, 0 dangerous, 0 safe\n"
    );
    for gateway in running {
        gateway.stop().await;
    }
}

#[tokio::test]
async fn what_is_printed_is_sorted_and_the_same_each_time() {
    let scratch = Scratch::new(&[]);

    let printed = scratch.schema(&["print"]).await;

    assert_eq!(scratch.schema(&["print"]).await.out, *printed.done());
    let keywords = ["type ", "input ", "enum ", "interface ", "union ", "scalar "];
    let names = printed.out.lines().filter_map(|line| keywords.iter().find_map(|keyword| line.strip_prefix(keyword)));
    let names: Vec<&str> = names.map(|rest| rest.split([' ', '{']).next().unwrap_or(rest)).collect();
    assert!(names.len() > 50 && names.is_sorted(), "{names:?}");
    for kept in [
        "input ProductRef @oneOf {",
        "\"What a buyer is going to order. ",
        "directive @inContext(",
        "@specifiedBy(url: ",
    ] {
        assert!(printed.out.contains(kept), "{kept}");
    }
}

/// A server that answers every connection the same.
async fn server(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 16_384];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    format!("http://{address}")
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}

#[tokio::test]
async fn a_server_that_tells_no_schema_is_named_with_a_code() {
    let scratch = Scratch::new(&[]);
    let say = async |answer: String| {
        let url = server(answer).await;
        let said = scratch.schema(&["print", "--introspect", &format!("{url}/graphql")]).await;
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        said.err.replace(&url, "http://server")
    };

    let refused = r#"{"errors": [{"message": "Introspection is disabled", "extensions": {"code": "NO"}}]}"#;
    insta::assert_snapshot!(say(http("200 OK", "", refused)).await, @r#"
    error: http://server/graphql: the server refused the introspection: Introspection is disabled (NO) (INTROSPECTION_REFUSED)
    hint: the server may want a header (--header), or have introspection switched off
    "#);
    insta::assert_snapshot!(say(http("400 Bad Request", "", refused)).await, @r#"
    error: http://server/graphql: the server refused the introspection: Introspection is disabled (NO) (INTROSPECTION_REFUSED)
    hint: the server may want a header (--header), or have introspection switched off
    "#);
    insta::assert_snapshot!(say(http("403 Forbidden", "", "no")).await, @"error: http://server/graphql answered 403 Forbidden (INTROSPECTION_STATUS)");
    insta::assert_snapshot!(say(http("200 OK", "", "<html>")).await, @r#"
    error: http://server/graphql answered something that is not JSON (INTROSPECTION_NOT_JSON)
    hint: give the address that takes queries; it often ends in /graphql
    "#);
    insta::assert_snapshot!(say(http("200 OK", "", "{\"data\": {}}")).await, @"error: http://server/graphql: the answer is not what the specification describes: it has no `__schema` (INTROSPECTION_MALFORMED)");
    insta::assert_snapshot!(say(http("302 Found", "location: https://a:b@example.org/x?y\r\n", "")).await, @r#"
    error: http://server/graphql redirects to https://example.org/x (SERVER_REDIRECTS)
    hint: give that address, if it is the one you mean
    "#);
    insta::assert_snapshot!(say(http("200 OK", "", &" ".repeat(33 * 1024 * 1024))).await, @"error: http://server/graphql answered more than 32 MiB (ANSWER_TOO_LARGE)");
    insta::assert_snapshot!(say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned()).await, @r#"
    error: http://server/graphql cannot be reached, or the connection broke (SERVER_UNREACHABLE)
    hint: check the address, and that the server runs and trusted certificates are installed
    "#);
}

#[tokio::test]
async fn a_schema_may_be_the_text_at_an_address() {
    let scratch = Scratch::new(&[("head.graphql", "type Query { a: Int }")]);
    let url = server(http("200 OK", "", "type Query { a: Int b: Int }")).await;

    let said = scratch.schema(&["check", "--base", &format!("{url}/schema.graphql"), "--head", "head.graphql"]).await;

    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("FIELD_REMOVED Query.b"), "{said:?}");
}
