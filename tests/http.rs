//! The HTTP side: what is let in, and how it is answered.

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use bytes::Bytes;
use serde_json::{Value, json};
use tidegate_gateway::config::{Mode, Secret};
use tidegate_testkit::{Answer, Client, Database, Shop};

use crate::attacks::{assert_silent, refusal};

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

fn post() -> Builder {
    Request::post("/graphql").header("host", "localhost").header("content-type", "application/json")
}

async fn get(client: &Client, path: &str) -> Answer {
    client.request(Request::get(path).header("host", "localhost"), Body::empty()).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn only_post_executes() {
    let shop = Shop::open().await;
    let mutation = "/graphql?query=mutation%7BsessionStart%7Bsession%7Bid%7D%7D%7D";
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "AVERYLONGMETHOD"] {
        for path in ["/graphql", mutation] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("host", "localhost")
                .header("content-type", "application/json");
            let answer = shop.client().request(request, Body::from(TYPENAME)).await;
            assert_eq!((answer.status.as_u16(), header(&answer, "allow")), (405, "POST"), "{method}");
            assert_silent(&answer);
        }
    }
    assert_eq!(shop.database.count("select count(*) from session").await, 0);
    for path in ["/livez", "/readyz", "/.well-known/jwks.json", "/media/product/prod_1/a.svg"] {
        let answer = shop.client().request(Request::post(path).header("host", "localhost"), Body::empty()).await;
        assert_eq!(
            (answer.status.as_u16(), header(&answer, "allow"), refusal(&answer).as_str()),
            (405, "GET, HEAD", "METHOD_NOT_ALLOWED")
        );
    }
}

#[tokio::test]
async fn only_json_is_read() {
    let shop = Shop::open().await;
    let mutation = r#"{"query":"mutation { sessionStart { session { id } } }"}"#;
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/graphql"),
        Some("text/plain; application/json"),
        Some("application/json; charset=utf-16"),
        Some("application/jsonx"),
        Some(""),
    ] {
        let mut request = Request::post("/graphql").header("host", "localhost");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = shop.client().request(request, Body::from(mutation)).await;
        assert_eq!(
            (answer.status.as_u16(), refusal(&answer).as_str()),
            (415, "UNSUPPORTED_MEDIA_TYPE"),
            "{content_type:?}"
        );
    }
    for encoding in ["gzip", "br", "zstd", "deflate", "gzip, gzip"] {
        let answer = shop.client().request(post().header("content-encoding", encoding), Body::from(mutation)).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{encoding}");
    }
    assert_eq!(shop.database.count("select count(*) from session").await, 0);
    for fine in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        let request = Request::post("/graphql").header("host", "localhost").header("content-type", fine);
        assert_eq!(shop.client().request(request, Body::from(TYPENAME)).await.status, 200, "{fine}");
    }
}

#[tokio::test]
async fn a_body_has_a_limit_with_and_without_a_length() {
    let shop = Shop::empty(|_| {}).await;
    let padded = |bytes: usize| format!("{TYPENAME}{}", " ".repeat(bytes - TYPENAME.len()));
    let limit = 1024 * 1024;
    assert_eq!(shop.client().request(post(), Body::from(padded(limit))).await.status, 200);

    let chunks = |count: usize| {
        let chunk = Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 64 * 1024]));
        Body::from_stream(futures_util::stream::iter(
            (0..count).map(move |_| Ok::<_, std::io::Error>(chunk.as_ref().unwrap().clone())),
        ))
    };
    for body in [Body::from(padded(limit + 1)), chunks(17), chunks(100_000)] {
        let answer = shop.client().request(post(), body).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (413, "BODY_TOO_LARGE"));
        assert_eq!(header(&answer, "connection"), "close");
    }
}

#[tokio::test]
async fn a_request_is_one_json_object_of_the_known_shape() {
    let shop = Shop::empty(|_| {}).await;
    for (body, code) in [
        ("", "INVALID_JSON"),
        ("{", "INVALID_JSON"),
        ("{}{}", "INVALID_JSON"),
        ("{'query':'{a}'}", "INVALID_JSON"),
        ("query=%7Ba%7D", "INVALID_JSON"),
        ("null", "BAD_REQUEST"),
        ("1", "BAD_REQUEST"),
        ("{}", "BAD_REQUEST"),
        (r#"{"query":1}"#, "BAD_REQUEST"),
        (r#"{"query":"{a}","variables":"{}"}"#, "BAD_REQUEST"),
        (r#"{"query":"{a}","operationName":7}"#, "BAD_REQUEST"),
        (r#"{"query":""}"#, "GRAPHQL_PARSE_FAILED"),
        (r#"{"query":"{ __typename }","operationName":"Other"}"#, "OPERATION_NOT_FOUND"),
        ("[]", "BATCHING_DISABLED"),
        (&format!("[{TYPENAME}]"), "BATCHING_DISABLED"),
        (&format!("[{TYPENAME},{TYPENAME}]"), "BATCHING_DISABLED"),
        (&format!("[{}{TYPENAME}]", format!("{TYPENAME},").repeat(10_000)), "BATCHING_DISABLED"),
        (r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"00"}}}"#, "PERSISTED_QUERY_NOT_SUPPORTED"),
    ] {
        let answer = shop.client().post(body).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (400, code), "{shown}: {}", answer.text);
        assert!(answer.body.get("data").is_none(), "an operation that did not run has no data");
    }
}

#[tokio::test]
async fn the_answer_has_the_type_that_was_asked_for() {
    let shop = Shop::empty(|_| {}).await;
    let (json, newer) = ("application/json; charset=utf-8", "application/graphql-response+json; charset=utf-8");
    for (accept, expected) in [
        ("*/*", json),
        ("application/json", json),
        ("application/graphql-response+json", newer),
        ("application/graphql-response+json, application/json;q=0.9", newer),
        ("text/html, */*;q=0.1", json),
    ] {
        for (body, status) in [(TYPENAME, 200), (r#"{"query":"{ nothing }"}"#, 400), ("{", 400)] {
            let answer = shop.client().request(post().header("accept", accept), Body::from(body)).await;
            assert_eq!(
                (answer.status.as_u16(), header(&answer, "content-type")),
                (status, expected),
                "{accept} {body}"
            );
        }
    }
    for accept in [
        "text/html",
        "application/xml",
        "multipart/mixed",
        "multipart/mixed; deferSpec=20220824",
        "text/event-stream",
        "application/json;q=0",
        "",
    ] {
        let answer = shop.client().request(post().header("accept", accept), Body::from(TYPENAME)).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (406, "NOT_ACCEPTABLE"), "{accept}");
    }
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let shop = Shop::open().await;
    let mut ids = std::collections::HashSet::new();
    let mut guest = shop.guest().await;
    guest.set("x-request-id", "mine");
    let answers = [
        shop.client().post(TYPENAME).await,
        guest.post(TYPENAME).await,
        shop.client().post("{").await,
        get(&shop.client(), "/nothing").await,
        get(&shop.client(), "/livez").await,
        get(&shop.client(), "/readyz").await,
        get(&shop.client(), "/media/product/prod_1/a.svg").await,
    ];
    for answer in &answers {
        assert_eq!(header(answer, "x-content-type-options"), "nosniff");
        let id = header(answer, "x-request-id");
        assert!(id.len() == 36 && ids.insert(id.to_owned()), "{id}");
        assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("set-cookie"));
    }
    for answer in &answers[..6] {
        assert_eq!(header(answer, "cache-control"), "no-store");
    }
    assert_eq!(answers[0].at("/extensions/requestId"), header(&answers[0], "x-request-id"));
}

#[tokio::test]
async fn what_a_proxy_would_say_is_not_believed_from_a_client() {
    let shop = Shop::open().await;
    let query =
        json!({ "query": "{ product(by: { handle: \"mug\" }) { featuredImage { url } } viewer { session { id } } }" })
            .to_string();
    let plain = shop.client().request(post(), Body::from(query.clone())).await;
    let mut spoofed = post();
    for (name, value) in [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "for=127.0.0.1;host=evil.example"),
        ("x-user-id", "1"),
        ("x-original-url", "/admin"),
        ("x-http-method-override", "GET"),
        ("cookie", "session=1; __Host-session=2"),
        ("x-request-id", "1"),
    ] {
        spoofed = spoofed.header(name, value);
    }
    let spoofed = shop.client().request(spoofed, Body::from(query.clone())).await;
    let elsewhere = Request::post("/graphql").header("host", "evil.example").header("content-type", "application/json");
    let elsewhere = shop.client().request(elsewhere, Body::from(query)).await;

    assert_eq!(plain.data(), spoofed.data());
    assert_eq!(plain.data(), elsewhere.data());
    assert!(plain.at("/data/product/featuredImage/url").starts_with("http://shop.test/media/"));
}

#[tokio::test]
async fn readiness_follows_the_database() {
    let shop = Shop::empty(|settings| settings.database_wait = std::time::Duration::from_secs(3)).await;
    let name = shop.database.ask("current_database()").await;
    let ready = get(&shop.client(), "/readyz").await;
    assert_eq!(
        (ready.status.as_u16(), &ready.body["status"], &ready.body["database"]),
        (200, &json!("ready"), &json!("reachable"))
    );
    let other = get(&shop.client(), "/readyz").await;
    assert_eq!(ready.body, other.body, "replicas that answer alike say so");

    shop.database.run("update _sqlx_migrations set success = false where version = 20261123000001").await;
    let behind = get(&shop.client(), "/readyz").await;
    assert_eq!((behind.status.as_u16(), &behind.body["migrations"]), (503, &json!("not current")));
    shop.database.run("update _sqlx_migrations set success = true").await;

    let server = Database { url: shop.database.url.replace(&name, "postgres") };
    server.run(&format!("alter database {name} allow_connections false")).await;
    server.run(&format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")).await;
    let gone = get(&shop.client(), "/readyz").await;
    let alive = get(&shop.client(), "/livez").await;
    let query = shop.client().send("{ products { nodes { id } } }", json!({})).await;
    assert_eq!((gone.status.as_u16(), &gone.body["database"]), (503, &json!("unreachable")));
    assert_eq!((alive.status.as_u16(), alive.text.contains(&name)), (200, false));
    assert_eq!(refusal(&query), "UNAVAILABLE");

    server.run(&format!("alter database {name} allow_connections true")).await;
    // A connection that died in the pool is noticed when it is used next, on each gateway.
    let mut failed = 0;
    while get(&shop.client(), "/readyz").await.status != 200 || get(&shop.client(), "/readyz").await.status != 200 {
        failed += 1;
        assert!(failed < 10, "readiness does not come back");
    }
    assert_eq!(
        shop.client().send("{ products { nodes { id } } }", json!({})).await.data()["products"]["nodes"],
        json!([])
    );
}

#[tokio::test]
async fn a_gateway_does_not_start_on_a_database_that_is_behind() {
    let database = Database::new().await;
    database.run("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)").await;
    let mut settings = tidegate_gateway::config::Settings::defaults(Mode::Serve);
    settings.database_url = Some(Secret::new(&database.url));
    settings.key_encryption_key = Some(Secret::new("dGlkZWdhdGUtdGVzdC1rZXktZW5jcnlwdGlvbi1rZXk="));
    let clock = std::sync::Arc::new(tidegate_testkit::TestClock::default());

    let problem = tidegate_gateway::app::build(Mode::Serve, settings, clock).await.err().unwrap();

    assert!(problem.to_string().contains("lacks 1 migration"), "{problem}");
}

#[tokio::test]
async fn pictures_are_the_same_from_every_replica_and_hold_no_script() {
    let shop = Shop::open().await;
    let answer = shop.client().send("{ product(by: { handle: \"mug\" }) { featuredImage { url } } }", json!({})).await;
    let path = answer.at("/data/product/featuredImage/url").strip_prefix("http://shop.test").unwrap().to_owned();

    let (one, other) = (get(&shop.client(), &path).await, get(&shop.client(), &path).await);
    assert_eq!((one.status.as_u16(), header(&one, "content-type")), (200, "image/svg+xml"));
    assert_eq!(one.text, other.text);
    assert!(
        header(&one, "cache-control").contains("immutable")
            && header(&one, "content-security-policy").contains("sandbox")
    );
    for slug in [
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E.svg",
        "a%22onload%3D%22alert(1).svg",
        "%26lt%3B.svg",
        "a%0d%0aX-Evil%3A1.svg",
        "A.svg",
        "a.png",
        "%ff.svg",
        "..%2f..%2fetc%2fpasswd.svg",
    ] {
        let answer = get(&shop.client(), &format!("/media/product/prod_1/{slug}")).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (404, "NOT_FOUND"), "{slug}");
        assert!(!answer.text.contains("script") && !answer.text.contains("onload"));
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_before_anything_runs_also_for_public_fields() {
    let shop = Shop::open().await;
    let guest = shop.guest().await;
    for token in
        ["x", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Basic dXNlcjpwYXNz", "Bearer eyJhbGciOiJub25lIn0.e30."]
    {
        let answer = shop.client().request(post().header("authorization", token), Body::from(TYPENAME)).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "TOKEN_INVALID"), "{token}");
        assert_eq!(header(&answer, "www-authenticate"), "Bearer error=\"invalid_token\"");
        assert_eq!(answer.body.get("data"), None::<&Value>);
    }
    let twice = post().header("authorization", "Bearer x");
    assert_eq!(guest.request(twice, Body::from(TYPENAME)).await.status, 400);
    let large = post().header("authorization", format!("Bearer {}", "a".repeat(100_000)));
    assert_eq!(refusal(&shop.client().request(large, Body::from(TYPENAME)).await), "TOKEN_INVALID");
    shop.clock.advance(time::Duration::minutes(16));
    let expired = guest.post(TYPENAME).await;
    assert_eq!(
        (expired.status.as_u16(), refusal(&expired).as_str(), header(&expired, "www-authenticate")),
        (401, "TOKEN_EXPIRED", "Bearer error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn public_keys_are_published_and_secret_ones_are_not() {
    let symmetric = Shop::empty(|_| {}).await;
    let answer = get(&symmetric.client(), "/.well-known/jwks.json").await;
    assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!({ "keys": [] })));
    for (algorithm, kind) in
        [(tidegate_auth::keys::SigningAlgorithm::EdDsa, "OKP"), (tidegate_auth::keys::SigningAlgorithm::Es256, "EC")]
    {
        let shop = Shop::empty(|settings| settings.signing_algorithm = algorithm).await;
        let (one, other) =
            (get(&shop.client(), "/.well-known/jwks.json").await, get(&shop.client(), "/.well-known/jwks.json").await);
        assert_eq!((&one.body["keys"][0]["kty"], &one.body), (&json!(kind), &other.body));
        assert!(one.body["keys"][0].get("d").is_none(), "{}", one.text);
        shop.guest().await.send("{ viewer { session { id } } }", json!({})).await.data();
    }
}
