//! Sessions and who is asking.

use std::net::IpAddr;

use crate::cart::Address;
use crate::id::{AddressId, CustomerId, SessionId};
use time::OffsetDateTime;
use uuid::{Builder, Uuid};

/// Who holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// A shopper who has not signed in.
    Guest,
    /// A shopper who has.
    Customer,
}

/// A shopper's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who holds it.
    pub kind: SessionKind,
    /// What it was begun with, such as `Firefox on Linux`.
    pub device: Option<String>,
    /// Whether it is the session that asks.
    pub current: bool,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// When it was last refreshed.
    pub last_seen_at: OffsetDateTime,
    /// When it ends unless it is refreshed.
    pub expires_at: OffsetDateTime,
}

/// Who is asking, as the request proves it. The session's own state is checked by the statement that reads private
/// data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The session named by a verified access token.
    pub session: Option<SessionId>,
    /// The customer whom the token was made for, as it says; for the log alone.
    pub customer: Option<CustomerId>,
    /// Another issuer's token, when it was one: its session is made when it is first used for something private.
    pub external: Option<Box<ExternalToken>>,
    /// SHA-256 of the `X-Cart-Secret` header.
    pub cart_secret: Option<[u8; 32]>,
}

/// The far end of a request, as far as it can be believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The buyer's address, by which limits count: an IPv4 address, or the first address of an IPv6 /64. None where a
    /// request did not come over a network, as in tests.
    pub address: Option<IpAddr>,
    /// What the buyer holds, in words from a fixed list, such as `Firefox on Linux`; at most 100 characters.
    pub device: Option<String>,
}

/// Tokens handed to a client. They are never stored as they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// A signed JWT for the `Authorization` header; none where it travels in a cookie.
    pub access_token: Option<String>,
    /// When the access token ends.
    pub access_token_expires_at: OffsetDateTime,
    /// Opaque; trade it for a new pair. None where it travels in a cookie.
    pub refresh_token: Option<String>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tokens(..)")
    }
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// As it was typed.
    pub email: String,
    /// Whether the customer has shown to read its mails.
    pub email_verified: bool,
    /// Whether there is a password to sign in with.
    pub has_password: bool,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// The address that is offered first.
    pub default_address: Option<CustomerAddress>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// An address that a customer keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerAddress {
    /// Its id.
    pub id: AddressId,
    /// The address.
    pub address: Address,
    /// Whether it is the one that is offered first.
    pub default: bool,
}

/// What another issuer's verified token says of its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalToken {
    /// Who says so.
    pub claims: ExternalClaims,
    /// When the token was made.
    pub issued_at: OffsetDateTime,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

impl ExternalToken {
    /// The id of the token's session: the same on every replica, another one for every token, and later than those of
    /// tokens that were made before.
    #[must_use]
    pub fn session(&self) -> SessionId {
        let ExternalClaims { issuer, subject, .. } = &self.claims;
        let name = format!("{}:{issuer}:{subject}:{}", issuer.len(), self.issued_at.unix_timestamp());
        let hash = Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes());
        let mut bits = [0; 10];
        bits.copy_from_slice(&hash.as_bytes()[..10]);
        let seconds = u64::try_from(self.issued_at.unix_timestamp()).unwrap_or(0);
        SessionId(Builder::from_unix_timestamp_millis(seconds.saturating_mul(1_000), &bits).into_uuid())
    }
}

/// Whom another issuer vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalClaims {
    /// The issuer's address, exactly as configured.
    pub issuer: String,
    /// The issuer's name for the person.
    pub subject: String,
    /// E-mail address, where the issuer tells it.
    pub email: Option<String>,
    /// Whether the issuer has verified it.
    pub email_verified: bool,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
}

/// What becomes of the pieces of a line that is in both carts when one is merged into another. No line is ever lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CartMergePolicy {
    /// They are added.
    #[default]
    Sum,
    /// The greater number remains.
    Maximum,
    /// The number of the cart that is merged into remains.
    KeepInto,
    /// The number of the cart that is merged remains.
    KeepFrom,
}

/// The canonical form of an e-mail address, by which an account is found: ASCII letters in lower case, without blanks
/// around it. Dots and tags of the local part count, because only the mail host knows what they mean (RFC 5321,
/// 2.3.11), and so does the case of letters beyond ASCII: lowering them can turn one address into another (the Kelvin
/// sign into a `k`), and PostgreSQL does it by the database's locale. Its function `email_key_v1` says the same.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.trim_matches(' ').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_by_case_are_one_account_and_others_are_not() {
        assert_eq!(email_key(" Ann.Lee@Example.ORG "), email_key("ann.lee@example.org"));
        assert_ne!(email_key("annlee@example.org"), email_key("ann.lee@example.org"));
        assert_ne!(email_key("ann+shop@example.org"), email_key("ann@example.org"));
        // A dotless or dotted Turkish i is another letter.
        assert_ne!(email_key("ınfo@example.org"), email_key("info@example.org"));
        assert_ne!(email_key("İnfo@example.org"), email_key("info@example.org"));
        // So is the Kelvin sign, which lower case would make a k.
        assert_ne!(email_key("mi\u{212a}e@example.org"), email_key("mike@example.org"));
        assert_eq!(email_key("É@example.org"), "É@example.org");
    }
}
