//! Sessions and who is asking.

use crate::id::SessionId;
use time::OffsetDateTime;

/// Who holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// A shopper who has not signed in.
    Guest,
}

/// A shopper's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who holds it.
    pub kind: SessionKind,
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
    /// SHA-256 of the `X-Cart-Secret` header.
    pub cart_secret: Option<[u8; 32]>,
}

/// Tokens handed to a client. They are never stored as they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// A signed JWT for the `Authorization` header.
    pub access_token: String,
    /// When the access token ends.
    pub access_token_expires_at: OffsetDateTime,
    /// Opaque; trade it for a new pair.
    pub refresh_token: String,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Tokens(..)")
    }
}
