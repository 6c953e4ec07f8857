//! `tidegate api-keys`: registered front ends, and what a gateway takes from them.

use serde_json::{Value, json};
use tidegate_testkit::{Client, Database, Shop};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::attacks::{refusal, state};
use crate::command::tidegate;
use crate::identity::run;

const START: &str = "mutation { sessionStart { session { id } } }";
const TYPENAME: &str = "{ __typename }";

/// A client that shows a key.
fn with(shop: &Shop, key: &str) -> Client {
    let mut client = shop.client();
    client.set("x-api-key", key);
    client
}

/// Makes a key by command, and has both gateways read it.
async fn create(shop: &Shop, words: &str) -> String {
    let said = tidegate(&shop.database, &format!("api-keys create {words}")).await;
    let key = said.done().trim().to_owned();
    assert!(key.starts_with("tgk_") && key.len() == 47 && !said.err.contains(&key), "{said:?}");
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    for _ in 0..2 {
        with(shop, &key).send(TYPENAME, json!({})).await;
    }
    key
}

async fn listed(shop: &Shop) -> Value {
    serde_json::from_str(tidegate(&shop.database, "api-keys list --json").await.done()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_works_on_every_gateway_until_it_is_revoked_or_ends() {
    let shop = Shop::empty(|_| {}).await;
    let running = run(&shop).await;
    let key = create(&shop, "--name web").await;
    let client = with(&shop, &key);
    for _ in 0..2 {
        assert_eq!(client.send(TYPENAME, json!({})).await.data()["__typename"], json!("Query"));
    }
    assert_eq!(shop.database.ask("select encode(key_hash, 'hex') from api_key").await.len(), 64);
    let keys = listed(&shop).await;
    assert_eq!(
        (&keys[0]["name"], &keys[0]["state"], &keys[0]["scopes"]),
        (&json!("web"), &json!("in force"), &json!(["storefront"]))
    );

    tidegate(&shop.database, "api-keys revoke web").await.done();
    let before = state(&shop).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    // What has both gateways read again here is a key that is unknown; without one it takes 30 s.
    for number in 0..2 {
        with(&shop, &format!("tgk_{number:042}A")).send(TYPENAME, json!({})).await;
    }
    for _ in 0..2 {
        let answer = client.send(START, json!({})).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "API_KEY_INVALID"));
        assert!(answer.headers.contains_key("www-authenticate") && answer.body.get("data").is_none());
    }
    assert_eq!(state(&shop).await, before);
    assert_eq!(listed(&shop).await[0]["state"], json!("revoked"));

    let ends = create(&shop, "--name nightly --expires 1h").await;
    assert_eq!(with(&shop, &ends).send(TYPENAME, json!({})).await.status, 200);
    shop.clock.advance(time::Duration::minutes(61));
    assert_eq!(refusal(&with(&shop, &ends).send(START, json!({})).await), "API_KEY_INVALID");
    for gateway in running {
        gateway.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_key_is_refused_before_anything_runs() {
    let shop = Shop::empty(|_| {}).await;
    let running = run(&shop).await;
    let key = create(&shop, "--name web").await;
    let before = state(&shop).await;
    for wrong in ["", "x", "tgk_", &key[..46], &format!("{key}x"), &key.replace("tgk_", "tgs_"), "' or 1=1--"] {
        let answer = with(&shop, wrong).send(START, json!({})).await;
        assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (401, "API_KEY_INVALID"), "{wrong}");
    }
    // A sound key that nobody made is looked for once a second at most.
    let begun = std::time::Instant::now();
    for number in 0..100 {
        let strange = format!("tgk_{number:042}A");
        assert_eq!(refusal(&with(&shop, &strange).send(START, json!({})).await), "API_KEY_INVALID");
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(40), "it would be fifty: {:?}", begun.elapsed());
    let twice =
        axum::http::Request::post("/graphql").header("content-type", "application/json").header("x-api-key", &key);
    let body = axum::body::Body::from(json!({ "query": START }).to_string());
    assert_eq!(with(&shop, &key).request(twice, body).await.status, 400);
    assert_eq!(state(&shop).await, before);
    let scopeless = create(&shop, "--name back --scope buyer-address").await;
    let before = state(&shop).await;
    let answer = with(&shop, &scopeless).send(START, json!({})).await;
    assert_eq!((answer.status.as_u16(), refusal(&answer).as_str()), (403, "API_KEY_SCOPE"));
    assert_eq!(state(&shop).await, before);
    for gateway in running {
        gateway.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_key_with_the_scope_may_name_the_buyer() {
    let shop = Shop::empty(|_| {}).await;
    let running = run(&shop).await;
    let plain = create(&shop, "--name web").await;
    let server = create(&shop, "--name server --scope storefront --scope buyer-address").await;
    let sends = |mut client: Client, address: &str| {
        client.set("x-buyer-address", address);
        async move {
            let answer = client.send(TYPENAME, json!({})).await;
            (answer.status.as_u16(), refusal(&answer))
        }
    };
    let fine = (200, String::new());

    for address in ["198.51.100.7", "2001:db8::7", "::ffff:198.51.100.7"] {
        assert_eq!(sends(with(&shop, &server), address).await, fine);
    }
    for address in ["", "x", "198.51.100.7, 198.51.100.8", "198.51.100.7:80", "198.51.100.0/24", "localhost"] {
        assert_eq!(sends(with(&shop, &server), address).await, (400, "BAD_REQUEST".to_owned()), "{address}");
        assert_eq!(sends(shop.client(), address).await, fine, "without a key it is not read");
    }
    assert_eq!(sends(with(&shop, &plain), "198.51.100.7").await, (403, "API_KEY_SCOPE".to_owned()));
    for gateway in running {
        gateway.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_names_the_application_and_never_its_key() {
    let database = Database::new().await;
    let created = tidegate(&database, "api-keys create --name web-shop").await;
    let key = created.done().trim();
    let log = tempfile::NamedTempFile::new().unwrap();
    let serve = |listen: &str| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_tidegate"));
        command.args(["serve", "--listen", listen]).env("DATABASE_URL", &database.url);
        command.env("TIDEGATE_KEY_ENCRYPTION_KEY", "dGlkZWdhdGUtdGVzdC1rZXktZW5jcnlwdGlvbi1rZXk=");
        command.stdout(log.reopen().unwrap()).kill_on_drop(true).spawn().unwrap()
    };
    let _replica = serve("127.0.0.1:0");
    let found = async |mark: &str| loop {
        let text = std::fs::read_to_string(log.path()).unwrap();
        if let Some(line) = text.lines().find(|line| line.contains(mark)) {
            break serde_json::from_str::<Value>(line).unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    let address = found("\"listening\"").await["addr"].as_str().unwrap().to_owned();

    for (key, body) in [(key, r#"{"query":"{ __typename }"}"#), (key, "{"), ("tgk_x", "{}")] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let length = body.len();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nx-api-key: {key}\r\n\
             content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.read_to_end(&mut Vec::new()).await.unwrap();
    }

    assert_eq!(found("\"status\":200").await["client"], json!("web-shop"));
    assert_eq!(found("INVALID_JSON").await["client"], json!("web-shop"));
    assert_eq!(found("API_KEY_INVALID").await.get("client"), None);
    assert!(!std::fs::read_to_string(log.path()).unwrap().contains("tgk_"));
}

#[tokio::test]
async fn commands_refuse_what_they_cannot_do() {
    let shop = Shop::empty(|_| {}).await;
    let run = |words: &'static str| {
        let database = shop.database.clone();
        async move { tidegate(&database, words).await }
    };
    run("api-keys create --name web").await.done();

    assert_eq!(run("api-keys create --name web").await.refused(), "error: there is or was an API key named web");
    assert!(run("api-keys create --name a/b").await.refused().contains("--name"));
    assert!(run("api-keys create --name b --scope admin").await.refused().contains("no scope \"admin\""));
    assert!(run("api-keys create --name b --expires tomorrow").await.refused().contains("--expires"));
    assert!(run("api-keys revoke nobody").await.refused().contains("no API key of that name or id"));
    assert_eq!(shop.database.count("select count(*) from api_key").await, 1);

    let id = listed(&shop).await[0]["id"].as_str().unwrap().to_owned();
    tidegate(&shop.database, &format!("api-keys revoke {id}")).await.done();
    assert_eq!(run("api-keys revoke web").await.done(), "It had been revoked before.\n");
    assert_eq!(run("api-keys create --name web").await.refused(), "error: there is or was an API key named web");

    let full = "insert into api_key (id, name, key_hash, scopes, created_at)
         select md5('k' || n)::uuid, 'k' || n, sha256(n::text::bytea), '{storefront}', now() from generate_series(1, 1000) n";
    shop.database.run(full).await;
    assert!(run("api-keys create --name one-more").await.refused().contains("1000 API keys"));
    assert!(run("api-keys list").await.done().contains("revoked"));
}
