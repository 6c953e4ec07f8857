//! Tokens in cookies: for pages of ours, and for no others.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tidegate_gateway::config::Transport;
use tidegate_testkit::{Answer, Shop};

use crate::attacks::{refusal, state};

const OURS: &str = "https://shop.example";
const START: &str =
    "mutation { sessionStart { tokens { accessToken accessTokenExpiresAt refreshToken } session { id } } }";
const REFRESH: &str =
    "mutation { sessionRefresh { tokens { accessToken refreshToken } session { id } errors { code } } }";
const VIEWER: &str = "{ viewer { session { id } } }";
const CREATE: &str = "mutation { cartCreate { cart { id } tokens { accessToken } } }";

async fn shop() -> Shop {
    Shop::empty(|settings| {
        settings.session_transport = Transport::Cookie;
        settings.session_origins = format!("{OURS}, https://app.example").parse().unwrap();
    })
    .await
}

async fn send(shop: &Shop, query: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::post("/graphql").header("host", "localhost").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    shop.client().request(request, Body::from(json!({ "query": query }).to_string())).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// What an answer puts into the jar of a browser, as the browser sends it back.
fn jar(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let pairs: Vec<_> = set
        .map(|cookie| {
            let (pair, attributes) = cookie.split_once("; ").unwrap();
            assert_eq!(attributes, "Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax");
            pair
        })
        .collect();
    assert_eq!(pairs.len(), 2, "{pairs:?}");
    pairs.join("; ")
}

async fn signed_in(shop: &Shop) -> (String, Value) {
    let started = send(shop, START, &[("origin", OURS)]).await;
    (jar(&started), started.value("/data/sessionStart/session/id").clone())
}

#[tokio::test]
async fn tokens_travel_in_cookies_and_the_payload_shows_when_they_end() {
    let shop = shop().await;
    let started = send(&shop, START, &[("origin", OURS)]).await;
    let tokens = &started.data()["sessionStart"]["tokens"];
    assert_eq!((&tokens["accessToken"], &tokens["refreshToken"]), (&Value::Null, &Value::Null));
    assert!(tokens["accessTokenExpiresAt"].is_string());
    assert_eq!(header(&started, "cache-control"), "no-store");
    let first = jar(&started);
    let of_page = [("origin", OURS), ("cookie", &first)];

    for _ in 0..2 {
        let viewer = send(&shop, VIEWER, &of_page).await;
        assert_eq!(viewer.value("/data/viewer/session/id"), started.value("/data/sessionStart/session/id"));
        assert!(!viewer.headers.contains_key("set-cookie"));
    }
    let refreshed = send(&shop, REFRESH, &of_page).await;
    let second = jar(&refreshed);
    assert_eq!((refusal(&refreshed).as_str(), first == second), ("", false));
    assert_eq!(refreshed.value("/data/sessionRefresh/tokens/refreshToken"), &Value::Null);
    let again = jar(&send(&shop, REFRESH, &of_page).await);
    let refresh_token = |jar: &str| jar.split_once("refresh=").unwrap().1.to_owned();
    assert_eq!(refresh_token(&again), refresh_token(&second), "another tab gets the same");
}

#[tokio::test]
async fn an_access_token_that_has_ended_is_refreshed_by_the_cookies_it_came_with() {
    let shop = shop().await;
    let (cookies, session) = signed_in(&shop).await;
    let of_page = [("origin", OURS), ("cookie", &*cookies)];
    shop.clock.advance(time::Duration::minutes(16));
    let before = state(&shop).await;

    let both = "mutation { sessionRefresh { session { id } } sessionStart { session { id } } }";
    for query in [VIEWER, CREATE, START, both, "{ __typename }"] {
        let answer = send(&shop, query, &of_page).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "TOKEN_EXPIRED"), "{query}");
        assert!(answer.body.get("data").is_none() && !answer.headers.contains_key("set-cookie"));
        assert_eq!(header(&answer, "access-control-allow-origin"), OURS, "the page must be able to read it");
    }
    assert_eq!(state(&shop).await, before);

    let refreshed = send(&shop, REFRESH, &of_page).await;
    let fresh = jar(&refreshed);
    let viewer = send(&shop, VIEWER, &[("origin", OURS), ("cookie", &fresh)]).await;
    assert_eq!((refusal(&refreshed).as_str(), viewer.value("/data/viewer/session/id")), ("", &session));
    // A refresh token alone is a session, too: a cart is not made for a stranger.
    let alone = cookies.split_once("; ").unwrap().1;
    let answer = send(&shop, CREATE, &[("origin", OURS), ("cookie", alone)]).await;
    assert_eq!(refusal(&answer), "TOKEN_EXPIRED");
}

#[tokio::test]
async fn cookies_of_a_session_that_is_over_are_taken_away() {
    let shop = shop().await;
    let (cookies, _) = signed_in(&shop).await;
    shop.database.run("update session set revoked_at = now()").await;

    let answer = send(&shop, REFRESH, &[("origin", OURS), ("cookie", &cookies)]).await;

    assert_eq!(refusal(&answer), "REFRESH_TOKEN_INVALID");
    let set: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert_eq!(
        set,
        [
            "__Host-tidegate-access=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax",
            "__Host-tidegate-refresh=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax",
        ]
    );
}

#[tokio::test]
async fn a_logout_takes_the_cookies_away_and_the_end_of_another_session_does_not() {
    let shop = shop().await;
    let (cookies, session) = signed_in(&shop).await;
    let of_page = [("origin", OURS), ("cookie", &*cookies)];
    let revoke = |id: &str| format!("mutation {{ sessionRevoke(id: \"{id}\") {{ errors {{ code }} }} }}");

    let (_, other) = signed_in(&shop).await;
    let foreign = send(&shop, &revoke(other.as_str().unwrap()), &of_page).await;
    assert!(!foreign.headers.contains_key("set-cookie"), "{}", foreign.text);
    let refused = send(&shop, "mutation { logout { errors { code } } }", &[("origin", OURS)]).await;
    assert!(!refused.headers.contains_key("set-cookie"), "{}", refused.text);

    let left = send(&shop, "mutation { logout { errors { code } } }", &of_page).await;

    assert_eq!(refusal(&left), "");
    assert_eq!(left.headers.get_all("set-cookie").iter().count(), 2);
    for cookie in left.headers.get_all("set-cookie") {
        assert!(cookie.to_str().unwrap().contains("=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"));
    }
    let after = send(&shop, VIEWER, &of_page).await;
    assert_eq!((refusal(&after).as_str(), session.is_string()), ("SESSION_REVOKED", true));
}

#[tokio::test]
async fn case_83_cross_origin_requests_with_cookies() {
    let shop = shop().await;
    let (cookies, _) = signed_in(&shop).await;
    let before = state(&shop).await;
    let foreign = [
        "null",
        "https://evil.example",
        "https://evil.shop.example",
        "https://shop.example.evil.io",
        "https://shop.example:8443",
        "http://shop.example",
        "HTTPS://SHOP.EXAMPLE",
        "https://shop.example/",
        "https://shop.example@evil.io",
    ];
    for origin in foreign {
        for query in [CREATE, REFRESH, VIEWER] {
            let answer = send(&shop, query, &[("cookie", &cookies), ("origin", origin)]).await;
            assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (403, "CSRF_REFUSED"), "{origin}");
            assert!(answer.body.get("data").is_none() && !answer.headers.contains_key("set-cookie"));
        }
        let planted = send(&shop, START, &[("origin", origin)]).await;
        assert_eq!(refusal(&planted), "CSRF_REFUSED", "no session is planted by {origin}");
    }
    for site in [&[][..], &[("sec-fetch-site", "same-site")], &[("sec-fetch-site", "cross-site")], &[("referer", OURS)]]
    {
        let headers: Vec<_> = site.iter().copied().chain([("cookie", &*cookies)]).collect();
        assert_eq!(refusal(&send(&shop, CREATE, &headers).await), "CSRF_REFUSED", "{site:?}");
    }
    let twice = [("cookie", &*cookies), ("origin", OURS), ("origin", "https://evil.example")];
    assert_eq!(send(&shop, CREATE, &twice).await.status, 400);
    for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let form = Request::post("/graphql").header("content-type", content_type).header("cookie", &cookies);
        let body = Body::from(json!({ "query": CREATE }).to_string());
        assert_eq!(shop.client().request(form.header("origin", OURS), body).await.status, 415);
    }
    assert_eq!(state(&shop).await, before);

    let fetched = send(&shop, VIEWER, &[("cookie", &cookies), ("sec-fetch-site", "same-origin")]).await;
    assert!(fetched.value("/data/viewer/session/id").is_string());
}

#[tokio::test]
async fn case_84_cors_with_credentials() {
    let shop = shop().await;
    let preflight = |origin: &'static str, path: &'static str| {
        let request = Request::builder().method("OPTIONS").uri(path).header("host", "localhost");
        let request = request.header("origin", origin).header("access-control-request-method", "POST");
        let client = shop.client();
        async move { client.request(request, Body::empty()).await }
    };
    for origin in [OURS, "https://app.example"] {
        let asked = preflight(origin, "/graphql").await;
        assert_eq!((asked.status.as_u16(), header(&asked, "access-control-allow-origin")), (204, origin));
        assert_eq!(header(&asked, "access-control-allow-methods"), "POST");
        for answer in
            [&asked, &send(&shop, VIEWER, &[("origin", origin)]).await, &send(&shop, "{", &[("origin", origin)]).await]
        {
            assert_eq!(header(answer, "access-control-allow-origin"), origin);
            assert_eq!(header(answer, "access-control-allow-credentials"), "true");
            assert_eq!(header(answer, "vary"), "origin");
        }
    }
    for origin in ["https://evil.example", "null", "https://shop.example.evil.io", "https://sub.app.example"] {
        let answers = [preflight(origin, "/graphql").await, send(&shop, VIEWER, &[("origin", origin)]).await];
        for answer in &answers {
            assert!([405, 403].contains(&answer.status.as_u16()));
            assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{origin}");
            assert_eq!(header(answer, "vary"), "origin");
        }
    }
    for path in ["/readyz", "/.well-known/jwks.json", "/media/product/prod_1/a.svg", "/"] {
        let answer = preflight(OURS, path).await;
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{path}");
    }
}

#[tokio::test]
async fn case_86_cookies_tossed_and_doubled() {
    let shop = shop().await;
    let (cookies, _) = signed_in(&shop).await;
    let (access, refresh) = cookies.split_once("; ").unwrap();
    let token = access.split_once('=').unwrap().1;
    let before = state(&shop).await;
    let of_page = |cookie: String| {
        let shop = &shop;
        async move { send(shop, VIEWER, &[("origin", OURS), ("cookie", &cookie)]).await }
    };

    for doubled in [
        format!("{access}; {access}"),
        format!("{access}; {refresh}; {refresh}"),
        format!("{cookies}; __Host-tidegate-access="),
    ] {
        assert_eq!(of_page(doubled).await.status, 400);
    }
    let lines = [("origin", OURS), ("cookie", access), ("cookie", access)];
    assert_eq!(send(&shop, VIEWER, &lines).await.status, 400);
    let bearer = format!("Bearer {token}");
    for cookie in [access, refresh] {
        let mixed = [("origin", OURS), ("cookie", cookie), ("authorization", &bearer)];
        assert_eq!(send(&shop, VIEWER, &mixed).await.status, 400, "no mixing");
    }
    for name in ["tidegate-access", "__Secure-tidegate-access", "__host-tidegate-access", "access"] {
        let answer = of_page(format!("{name}={token}")).await;
        assert_eq!((refusal(&answer).as_str(), &answer.data()["viewer"]), ("", &Value::Null), "{name}");
    }
    for wrong in ["", "x", "a.b.c", refresh, "\"quoted\""] {
        let answer = of_page(format!("__Host-tidegate-access={wrong}")).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "TOKEN_INVALID"), "{wrong}");
    }
    let tossed = format!("theme=dark; tidegate-access=x; {cookies}; other=1");
    assert!(of_page(tossed).await.value("/data/viewer/session/id").is_string());
    assert_eq!(state(&shop).await, before);
}

#[tokio::test]
async fn where_tokens_travel_in_headers_cookies_are_nothing() {
    let with_cookies = shop().await;
    let (cookies, _) = signed_in(&with_cookies).await;
    let shop = Shop::over(with_cookies.database.clone(), tidegate_gateway::config::Mode::Serve, |_| {}).await;

    let viewer = send(&shop, VIEWER, &[("cookie", &cookies), ("origin", "https://evil.example")]).await;
    let started = send(&shop, START, &[("cookie", &cookies), ("origin", OURS)]).await;

    assert_eq!(viewer.data()["viewer"], Value::Null);
    assert!(started.value("/data/sessionStart/tokens/refreshToken").is_string());
    for answer in [viewer, started] {
        let names: Vec<_> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        assert!(!names.iter().any(|name| name == "set-cookie" || name.starts_with("access-control-")), "{names:?}");
    }
}

#[tokio::test]
async fn a_gateway_with_cookies_and_no_origin_does_not_start() {
    let mut settings = tidegate_gateway::config::Settings::defaults(tidegate_gateway::config::Mode::Serve);
    settings.session_transport = Transport::Cookie;
    let clock = std::sync::Arc::new(tidegate_testkit::TestClock::default());

    let problem =
        tidegate_gateway::app::build(tidegate_gateway::config::Mode::Serve, settings, clock).await.err().unwrap();

    assert!(problem.to_string().contains("session.origins names no front end"), "{problem}");
}
