//! The claims that are read, and the rules common to both kinds of token.

use serde::Deserialize;
use time::OffsetDateTime;

use super::{ExternalRefusal, LEEWAY};

/// An issuer's name for somebody is at most this long (OpenID Connect Core 2).
const MAX_SUBJECT_CHARS: usize = 255;
const MAX_EMAIL_CHARS: usize = 254;
const MAX_NAME_CHARS: usize = 100;
const MAX_AUDIENCES: usize = 16;

/// serde refuses a duplicate or wrongly typed claim, and a missing one that is no `Option`. Times are whole,
/// non-negative numbers.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: u64,
    iat: u64,
    nbf: Option<u64>,
    pub(super) azp: Option<String>,
    pub(super) nonce: Option<String>,
    email: Option<String>,
    email_verified: Option<Flag>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// What only an ID token has (OpenID Connect Core 3.1.3.6, 3.3.2.11).
    pub(super) at_hash: Option<String>,
    pub(super) c_hash: Option<String>,
    /// What only a logout token or a security event has (RFC 8417).
    pub(super) events: Option<serde_json::Value>,
    /// Keycloak's and Cognito's own names of a token's kind.
    pub(super) typ: Option<String>,
    pub(super) token_use: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Some providers write the truth as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
}

/// What is common to the results.
pub(super) struct Person {
    pub(super) subject: String,
    pub(super) issued_at: OffsetDateTime,
    pub(super) expires_at: OffsetDateTime,
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
}

impl Claims {
    pub(super) fn read(json: &[u8]) -> Result<Self, ExternalRefusal> {
        serde_json::from_slice(json).map_err(|_| ExternalRefusal::Invalid)
    }

    pub(super) fn has_several_audiences(&self) -> bool {
        matches!(&self.aud, Audience::Several(audiences) if audiences.len() > 1)
    }

    /// Checks the issuer (exactly equal), the audience (among the token's), the subject and the times.
    pub(super) fn person(self, issuer: &str, audience: &str, now: OffsetDateTime) -> Result<Person, ExternalRefusal> {
        let for_us = match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Several(several) => several.len() <= MAX_AUDIENCES && several.iter().any(|one| one == audience),
        };
        let issued_at = instant(self.iat)?;
        let expires_at = instant(self.exp)?;
        let not_before = self.nbf.map_or(Ok(issued_at), instant)?;
        if self.iss != issuer || !for_us || issued_at > now + LEEWAY || not_before > now + LEEWAY {
            return Err(ExternalRefusal::Invalid);
        }
        let subject = plain(Some(self.sub), MAX_SUBJECT_CHARS).ok_or(ExternalRefusal::Invalid)?;
        if expires_at <= now {
            return Err(ExternalRefusal::Expired);
        }
        let email = plain(self.email, MAX_EMAIL_CHARS);
        let says_verified = self.email_verified.is_some_and(|flag| match flag {
            Flag::Bool(verified) => verified,
            Flag::Text(text) => text == "true",
        });
        Ok(Person {
            subject,
            issued_at,
            expires_at,
            email_verified: says_verified && email.is_some(),
            email,
            given_name: plain(self.given_name, MAX_NAME_CHARS),
            family_name: plain(self.family_name, MAX_NAME_CHARS),
        })
    }
}

/// A text that can be stored: neither empty nor too long, and without control characters.
fn plain(text: Option<String>, max_chars: usize) -> Option<String> {
    text.filter(|text| !text.is_empty() && text.chars().count() <= max_chars && !text.chars().any(char::is_control))
}

fn instant(seconds: u64) -> Result<OffsetDateTime, ExternalRefusal> {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .ok_or(ExternalRefusal::Invalid)
}
