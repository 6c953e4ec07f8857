//! An issuer's discovery document (OpenID Connect Discovery 1.0, section 4).

use async_trait::async_trait;
use serde::Deserialize;
use time::OffsetDateTime;
use url::Url;

use super::fetch::{self, FetchFault, Http};
use super::kept::{Fetched, Source};
use crate::config::web_address;

/// Where an issuer's discovery document is.
#[derive(Debug)]
pub(super) struct Discovery {
    pub(super) issuer: String,
    pub(super) http: Http,
}

/// What of it is of use here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) jwks: Url,
    pub(super) authorization: Option<Url>,
    pub(super) token: Option<Url>,
    pub(super) user_info: Option<Url>,
    /// Whether a client's secret goes into the form, as the only way that the issuer knows.
    pub(super) secret_in_form: bool,
}

#[derive(Deserialize)]
struct Told {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[async_trait]
impl Source for Discovery {
    type Value = Document;

    fn name(&self) -> &'static str {
        "the discovery document"
    }

    fn issuer(&self) -> &str {
        &self.issuer
    }

    async fn fetch(&self, _: OffsetDateTime) -> Result<Fetched<Document>, FetchFault> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let url = Url::parse(&address).map_err(|_| FetchFault::Malformed("an address"))?;
        let answer = fetch::document(self.http.get(&url)).await?;
        Ok(Fetched { value: read(&self.issuer, &answer.body)?, lifetime: answer.lifetime })
    }
}

/// Reads a document. It must name the issuer exactly, or it is another's (section 4.3).
fn read(issuer: &str, body: &[u8]) -> Result<Document, FetchFault> {
    let told: Told = serde_json::from_slice(body).map_err(|_| FetchFault::Malformed("a discovery document"))?;
    if told.issuer != issuer {
        return Err(FetchFault::Malformed("the discovery document of this issuer"));
    }
    let local = Url::parse(issuer).is_ok_and(|url| web_address::is_plain_loopback(&url));
    let url = |text: &String| {
        let url = web_address::parse(text).filter(|url| local || url.scheme() == "https");
        url.ok_or(FetchFault::Malformed("a discovery document with https addresses"))
    };
    let methods = told.token_endpoint_auth_methods_supported.unwrap_or_default();
    let knows = |name: &str| methods.iter().any(|method| method == name);
    Ok(Document {
        jwks: url(&told.jwks_uri)?,
        authorization: told.authorization_endpoint.as_ref().map(url).transpose()?,
        token: told.token_endpoint.as_ref().map(url).transpose()?,
        user_info: told.userinfo_endpoint.as_ref().map(url).transpose()?,
        secret_in_form: knows("client_secret_post") && !knows("client_secret_basic"),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://id.example";

    fn told(issuer: &str, changes: &Value) -> Result<Document, String> {
        let mut document = json!({
            "issuer": ISSUER,
            "jwks_uri": "https://keys.example/jwks",
            "authorization_endpoint": "https://id.example/auth?tenant=1",
            "token_endpoint": "https://id.example/token",
        });
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        read(issuer, document.to_string().as_bytes()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_document_names_its_addresses() {
        let document = told(ISSUER, &json!({ "userinfo_endpoint": "https://id.example/me" })).unwrap();

        assert_eq!(document.jwks.as_str(), "https://keys.example/jwks");
        assert_eq!(document.authorization.unwrap().as_str(), "https://id.example/auth?tenant=1");
        assert_eq!(document.user_info.unwrap().as_str(), "https://id.example/me");
        assert!(!document.secret_in_form);
    }

    #[test]
    fn another_issuers_document_is_refused() {
        for issuer in ["https://id.example/", "https://other.example", "https://ID.example"] {
            assert!(told(ISSUER, &json!({ "issuer": issuer })).unwrap_err().contains("of this issuer"), "{issuer}");
        }
    }

    #[test]
    fn a_document_cannot_lead_to_this_machine_or_off_encryption() {
        for name in ["jwks_uri", "token_endpoint", "authorization_endpoint", "userinfo_endpoint"] {
            for address in ["http://127.0.0.1:5432/", "http://id.example/x", "file:///etc/passwd", "x"] {
                assert!(told(ISSUER, &json!({ name: address })).is_err(), "{name} {address}");
            }
        }
    }

    #[test]
    fn the_secret_goes_into_the_form_where_nothing_else_is_known() {
        let methods = |methods: &[&str]| {
            told(ISSUER, &json!({ "token_endpoint_auth_methods_supported": methods })).unwrap().secret_in_form
        };

        assert!(methods(&["client_secret_post"]));
        assert!(!methods(&["client_secret_post", "client_secret_basic"]));
        assert!(!methods(&["private_key_jwt"]));
    }
}
