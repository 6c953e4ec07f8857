//! `tidegate api-keys`.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;
use tidegate_auth::api_key::ApiKey;
use tidegate_auth::entropy;
use tidegate_model::Clock as _;
use tidegate_model::clock::SystemClock;
use tidegate_store::StoreError;
use tidegate_store::identity::{ApiKeyCreate, ApiKeyCreated, ApiKeyRevoked, ApiKeyRow, MOST_API_KEYS};
use time::OffsetDateTime;
use uuid::Uuid;

use super::arguments::{ApiKeyArguments, ApiKeysCommand};
use super::lifetime::{self, show, show_or_dash};
use super::print;
use crate::app;
use crate::config::Settings;
use crate::keys::Scope;
use crate::problem::Problem;

/// Runs one of the commands.
pub(super) async fn run(settings: Settings, command: ApiKeysCommand) -> Result<(), Problem> {
    match command {
        ApiKeysCommand::Create(arguments) => create(&settings, arguments).await,
        ApiKeysCommand::List { json } => list(&settings, json).await,
        ApiKeysCommand::Revoke { key } => revoke(&settings, key).await,
    }
}

async fn create(settings: &Settings, arguments: ApiKeyArguments) -> Result<(), Problem> {
    let now = SystemClock.now();
    let name = name(arguments.name)?;
    let scopes = scopes(&arguments.scopes)?;
    let expires_at = match arguments.expires.as_str() {
        "never" => None,
        text => Some(now + lifetime::option("--expires", text)?),
    };
    let no_entropy = |_| Problem::failed("the operating system gave no randomness");
    let key = ApiKey::from_random(entropy::bytes().map_err(no_entropy)?);
    let millis = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &entropy::bytes().map_err(no_entropy)?).into_uuid();
    let row = ApiKeyCreate { id, name: name.clone(), key_hash: key.hash(), scopes, now, expires_at };
    let store = app::store(settings).await?;
    match store.api_key_create(Arc::default(), row).await.map_err(|error| failed(&error))? {
        ApiKeyCreated::Done => {
            let ends = expires_at.map_or_else(|| "never ends by itself".to_owned(), |at| format!("ends {}", show(at)));
            // The key alone on standard output, so that it can go straight into a store of secrets.
            print(&format!("{}\n", key.to_text()))?;
            note(&format!("API key {name}, id {id}, {ends}. It is shown this once; send it as X-Api-Key.\n"));
            Ok(())
        }
        ApiKeyCreated::NameTaken => Err(Problem::failed(format!("there is or was an API key named {name}"))
            .hint("a name is never used again, so that the log is clear: take another, such as web-2")),
        ApiKeyCreated::TooMany => Err(Problem::failed(format!("there are {MOST_API_KEYS} API keys in force"))
            .hint("revoke those that are no longer used")),
    }
}

async fn list(settings: &Settings, json: bool) -> Result<(), Problem> {
    let keys = app::store(settings).await?.api_keys(Arc::default()).await.map_err(|error| failed(&error))?;
    let now = SystemClock.now();
    print(&if json { as_json(&keys, now) } else { as_table(&keys, now) })
}

async fn revoke(settings: &Settings, key: String) -> Result<(), Problem> {
    let store = app::store(settings).await?;
    match store.api_key_revoke(Arc::default(), key, SystemClock.now()).await.map_err(|error| failed(&error))? {
        ApiKeyRevoked::Done => print("Revoked. Gateways refuse it within 30 seconds.\n"),
        ApiKeyRevoked::Already => print("It had been revoked before.\n"),
        ApiKeyRevoked::Unknown => Err(Problem::failed("there is no API key of that name or id")
            .hint("`tidegate api-keys list` has the names of all")),
    }
}

/// A name goes into every log line of its key's requests.
fn name(text: String) -> Result<String, Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let fine = bytes.len() <= 64 && bytes.iter().copied().all(plain) && ends(bytes.first()) && ends(bytes.last());
    // It would be taken for an id.
    if fine && Uuid::try_parse(&text).is_err() {
        return Ok(text);
    }
    Err(Problem::configuration("--name is not 1 to 64 letters, digits, and - _ . between them"))
}

fn scopes(given: &[String]) -> Result<Vec<String>, Problem> {
    if given.is_empty() {
        return Ok(vec![Scope::Storefront.as_str().to_owned()]);
    }
    if let Some(unknown) = given.iter().find(|text| Scope::parse(text).is_none()) {
        let known = Scope::ALL.map(Scope::as_str).join(" and ");
        return Err(Problem::configuration(format!("there is no scope {unknown:?}; there are {known}")));
    }
    let asked = |scope: &Scope| given.iter().any(|text| text == scope.as_str());
    Ok(Scope::ALL.into_iter().filter(asked).map(|scope| scope.as_str().to_owned()).collect())
}

fn state(key: &ApiKeyRow, now: OffsetDateTime) -> &'static str {
    if key.revoked_at.is_some() {
        "revoked"
    } else if key.expires_at.is_some_and(|at| at <= now) {
        "expired"
    } else {
        "in force"
    }
}

fn as_table(keys: &[ApiKeyRow], now: OffsetDateTime) -> String {
    if keys.is_empty() {
        return "There is no API key.\n".to_owned();
    }
    let mut text = String::new();
    for key in keys {
        let (created, ends) = (show(key.created_at), show_or_dash(key.revoked_at.or(key.expires_at)));
        let (state, scopes) = (state(key, now), key.scopes.join(", "));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<20} {}  {state:<8}  made {created}  ends {ends:<20}  {scopes}", key.name, key.id);
    }
    text
}

fn as_json(keys: &[ApiKeyRow], now: OffsetDateTime) -> String {
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id,
                "name": key.name,
                "state": state(key, now),
                "scopes": key.scopes,
                "createdAt": show(key.created_at),
                "expiresAt": key.expires_at.map(show),
                "revokedAt": key.revoked_at.map(show),
            })
        })
        .collect();
    format!("{:#}\n", json!(keys))
}

fn note(text: &str) {
    use std::io::Write as _;
    // A closed error output loses a remark and nothing else.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn failed(error: &StoreError) -> Problem {
    Problem::failed(error.to_string())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    #[test]
    fn names_are_short_and_plain() {
        for fine in ["web", "a", "web-2", "acme.shop_front", &"a".repeat(64)] {
            assert_eq!(name(fine.to_owned()).unwrap(), fine);
        }
        let id = "0198c7a0-1b2c-7d3e-8f40-512233445566";
        for other in ["", "-web", "web-", "a b", "a\n", "é", "a/b", "<b>", &"a".repeat(65), id] {
            assert!(name(other.to_owned()).is_err(), "{other}");
        }
    }

    #[test]
    fn scopes_are_known_ones_each_once() {
        let read = |given: &[&str]| scopes(&given.iter().map(ToString::to_string).collect::<Vec<_>>());

        assert_eq!(read(&[]).unwrap(), ["storefront"]);
        assert_eq!(read(&["buyer-address", "storefront", "storefront"]).unwrap(), ["storefront", "buyer-address"]);
        assert!(read(&["storefront", "admin"]).is_err());
    }

    #[test]
    fn the_list_shows_all_but_the_hash() {
        let key = |expires_at, revoked_at| ApiKeyRow {
            id: Uuid::nil(),
            name: "web".to_owned(),
            key_hash: b"hush".to_vec(),
            scopes: vec!["storefront".to_owned()],
            created_at: NOW - Duration::days(2),
            expires_at,
            revoked_at,
        };
        let keys = [key(None, None), key(Some(NOW), None), key(Some(NOW + Duration::DAY), Some(NOW - Duration::DAY))];

        let (id, made) = ("00000000-0000-0000-0000-000000000000", "made 2026-02-27T12:00:00Z");
        let expected = [
            format!("web                  {id}  in force  {made}  ends -                     storefront\n"),
            format!("web                  {id}  expired   {made}  ends 2026-03-01T12:00:00Z  storefront\n"),
            format!("web                  {id}  revoked   {made}  ends 2026-02-28T12:00:00Z  storefront\n"),
        ];
        assert_eq!(as_table(&keys, NOW), expected.concat());
        assert!(as_json(&keys, NOW).contains("\"state\": \"revoked\"") && !as_json(&keys, NOW).contains("hush"));
    }
}
