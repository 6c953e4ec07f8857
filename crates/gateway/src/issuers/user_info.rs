//! What the ID token leaves out, from the provider's UserInfo endpoint (OpenID Connect Core 5.3).

use reqwest::RequestBuilder;
use serde::Deserialize;
use tidegate_resolvers::oidc::{OidcFault, OidcIdentity};

use super::fetch::{self, FetchFault};
use super::sign_in::unavailable;

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    email: Option<String>,
    #[serde(default)]
    email_verified: serde_json::Value,
    given_name: Option<String>,
    family_name: Option<String>,
}

/// Asks for the rest. A sign-in without its e-mail address would make a second account, so it is better begun again.
pub(super) async fn complete(identity: OidcIdentity, call: RequestBuilder) -> Result<OidcIdentity, OidcFault> {
    let told = fetch::document(call).await.and_then(|answer| read(&answer.body));
    let told = told.map_err(|fault| {
        tracing::warn!(issuer = identity.issuer, %fault, "the user's details could not be fetched");
        unavailable(std::time::Duration::from_secs(5))
    })?;
    merge(identity, told)
}

fn read(body: &[u8]) -> Result<UserInfo, FetchFault> {
    serde_json::from_slice(body).map_err(|_| FetchFault::Malformed("a user's details"))
}

/// The answer must be about whom the ID token is about (5.3.2): an access token may have been swapped.
fn merge(identity: OidcIdentity, told: UserInfo) -> Result<OidcIdentity, OidcFault> {
    if told.sub != identity.subject {
        tracing::warn!(issuer = identity.issuer, "the user's details are another's");
        return Err(OidcFault::Refused);
    }
    Ok(OidcIdentity {
        // Some providers write it as a text.
        email_verified: told.email.is_some() && (told.email_verified == true || told.email_verified == "true"),
        email: told.email,
        given_name: identity.given_name.or(told.given_name),
        family_name: identity.family_name.or(told.family_name),
        ..identity
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn identity() -> OidcIdentity {
        OidcIdentity {
            issuer: "https://id.example".to_owned(),
            subject: "ada".to_owned(),
            email: None,
            email_verified: false,
            given_name: Some("Ada".to_owned()),
            family_name: None,
        }
    }

    fn merged(body: &str) -> Result<OidcIdentity, OidcFault> {
        merge(identity(), read(body.as_bytes()).unwrap())
    }

    #[test]
    fn what_is_missing_is_added_and_what_is_there_stays() {
        let told = r#"{"sub":"ada","email":"a@b.example","email_verified":true,"given_name":"X","family_name":"L"}"#;

        let merged = merged(told).unwrap();

        assert_eq!(merged.email.as_deref(), Some("a@b.example"));
        assert!(merged.email_verified);
        assert_eq!((merged.given_name.as_deref(), merged.family_name.as_deref()), (Some("Ada"), Some("L")));
    }

    #[test]
    fn an_address_is_verified_only_if_the_provider_says_so() {
        let verified = |value: &str| {
            let told = format!(r#"{{"sub":"ada","email":"a@b.example"{value}}}"#);
            merged(&told).unwrap().email_verified
        };

        assert!(verified(r#","email_verified":"true""#));
        assert!(!verified(""));
        for value in ["false", "null", "1", "\"false\"", "\"yes\"", "[true]"] {
            assert!(!verified(&format!(r#","email_verified":{value}"#)), "{value}");
        }
        assert!(!merged(r#"{"sub":"ada","email_verified":true}"#).unwrap().email_verified);
    }

    #[test]
    fn another_users_details_are_refused() {
        assert_eq!(merged(r#"{"sub":"eve","email":"a@b.example","email_verified":true}"#), Err(OidcFault::Refused));
        assert!(read(b"eyJhbGciOiJub25lIn0..").is_err());
    }
}
