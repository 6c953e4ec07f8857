//! Schemas of servers: bounded in time and size.

use std::path::Path;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, Response, redirect};
use serde_json::{Value, json};
use tidegate_schema_check::introspection::{self, IntrospectionFault, PROBE};
use url::Url;

use super::source::{MAX_BYTES, utf8};
use crate::problem::Problem;

/// For a whole call, from the name look-up to the last byte.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether a source is the address of a server.
pub(super) fn is_address(source: &str) -> bool {
    source.starts_with("http://") || source.starts_with("https://")
}

/// An address without what may be secret in it.
pub(super) fn shown(address: &str) -> String {
    let Some(mut url) = Url::parse(address).ok().filter(Url::has_host) else {
        return "what was given".to_owned();
    };
    // Both fail only for addresses that hold neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// The schema at an address: a text when the path ends in `.graphql` or `.gql`, else by introspection.
pub(super) async fn schema(address: &str, headers: &[String]) -> Result<String, Problem> {
    let url = url(address)?;
    if Path::new(url.path()).extension().is_some_and(|extension| extension == "graphql" || extension == "gql") {
        let name = shown(address);
        let request = client()?.get(url.as_str()).headers(header_map(headers)?);
        return utf8(&name, body(&name, request).await?);
    }
    introspect(address, headers).await
}

/// The schema that a server tells of itself.
pub(super) async fn introspect(address: &str, headers: &[String]) -> Result<String, Problem> {
    let url = url(address)?;
    let (client, headers) = (client()?, header_map(headers)?);
    let name = shown(address);
    let ask = async |query: &str, operation: &str| {
        let request = client
            .post(url.as_str())
            .headers(headers.clone())
            .header(ACCEPT, "application/graphql-response+json, application/json;q=0.9")
            .json(&json!({ "query": query, "operationName": operation }));
        answer(&name, request).await
    };
    let told = |fault: IntrospectionFault| malformed(&name, &fault);
    let abilities = introspection::abilities(&ask(PROBE, "TidegateSchemaProbe").await?).map_err(told)?;
    let answer = ask(&introspection::query(abilities), "TidegateSchema").await?;
    introspection::sdl(&answer).map_err(told)
}

fn url(address: &str) -> Result<Url, Problem> {
    let url = Url::parse(address).ok().filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
    url.ok_or_else(|| {
        Problem::configuration(format!("{} is no address of a server", shown(address)))
            .hint("it looks like https://shop.example/graphql")
    })
}

fn client() -> Result<reqwest::Client, Problem> {
    // A redirect could take the headers elsewhere.
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("tidegate/", env!("CARGO_PKG_VERSION")))
        .build();
    client.map_err(|_| {
        Problem::configuration("encrypted connections cannot be made")
            .hint("install the system's CA certificates (on Debian: ca-certificates)")
    })
}

fn header_map(headers: &[String]) -> Result<HeaderMap, Problem> {
    let header = |text: &String| {
        let (name, value) = text.split_once(':')?;
        let mut value = HeaderValue::from_str(value.trim()).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::from_bytes(name.trim().as_bytes()).ok()?, value))
    };
    let wrong = || Problem::configuration("a --header is written 'Name: value'");
    headers.iter().map(|text| header(text).ok_or_else(wrong)).collect()
}

/// The JSON of an answer; GraphQL servers may tell errors with a status of their own.
async fn answer(name: &str, request: RequestBuilder) -> Result<Value, Problem> {
    let (status, bytes) = sent(name, request).await?;
    let value: Option<Value> = serde_json::from_slice(&bytes).ok();
    match value {
        Some(value) if status.is_success() || value.get("errors").is_some_and(Value::is_array) => Ok(value),
        _ if !status.is_success() => Err(fault(name, "INTROSPECTION_STATUS", &format!("answered {status}"))),
        _ => Err(fault(name, "INTROSPECTION_NOT_JSON", "answered something that is not JSON")
            .hint("give the address that takes queries; it often ends in /graphql")),
    }
}

async fn body(name: &str, request: RequestBuilder) -> Result<Vec<u8>, Problem> {
    let (status, bytes) = sent(name, request).await?;
    if status.is_success() { Ok(bytes) } else { Err(fault(name, "SCHEMA_STATUS", &format!("answered {status}"))) }
}

async fn sent(name: &str, request: RequestBuilder) -> Result<(reqwest::StatusCode, Vec<u8>), Problem> {
    let broken = |error: &reqwest::Error| {
        if error.is_timeout() {
            fault(name, "SERVER_TIMEOUT", &format!("gave no whole answer within {} s", PATIENCE.as_secs()))
        } else {
            fault(name, "SERVER_UNREACHABLE", "cannot be reached, or the connection broke")
                .hint("check the address, and that the server runs and trusted certificates are installed")
        }
    };
    let mut response: Response = request.send().await.map_err(|error| broken(&error))?;
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get("location").and_then(|value| value.to_str().ok()).map(shown);
        return Err(fault(name, "SERVER_REDIRECTS", &format!("redirects to {}", to.as_deref().unwrap_or("nowhere")))
            .hint("give that address, if it is the one you mean"));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            let most = format!("answered more than {} MiB", MAX_BYTES / 1024 / 1024);
            return Err(fault(name, "ANSWER_TOO_LARGE", &most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, bytes))
}

fn malformed(name: &str, error: &IntrospectionFault) -> Problem {
    match error {
        IntrospectionFault::Refused(_) => fault(name, "INTROSPECTION_REFUSED", &error.to_string())
            .hint("the server may want a header (--header), or have introspection switched off"),
        IntrospectionFault::NotGraphql | IntrospectionFault::Malformed(_) => {
            fault(name, "INTROSPECTION_MALFORMED", &error.to_string())
        }
    }
}

fn fault(name: &str, code: &str, what: &str) -> Problem {
    let what = if what.starts_with("the ") { format!("{name}: {what}") } else { format!("{name} {what}") };
    Problem::configuration(format!("{what} ({code})"))
}
