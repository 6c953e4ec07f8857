//! Sessions and tokens.

use async_graphql::{Enum, ID, Object, SimpleObject};
use tidegate_model::identity;

use crate::connection::connection;
use crate::plain::{Asked, Json, NotPlain, Plain, Wrote};
use crate::scalar::DateTime;

/// Who holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::identity::SessionKind")]
pub enum SessionKind {
    /// A shopper who has not signed in.
    Guest,
    /// A shopper who has.
    Customer,
}

/// A shopper's session. It is a row in the database: whoever holds its tokens is the shopper, on any replica.
#[derive(Debug, Clone)]
pub struct Session(pub identity::Session);

/// A shopper's session. It is a row in the database: whoever holds its tokens is the shopper, on any replica.
#[Object]
impl Session {
    /// Opaque; see `node`.
    pub async fn id(&self) -> ID {
        ID(self.0.id.encode())
    }

    /// Who holds it.
    async fn kind(&self) -> SessionKind {
        self.0.kind.into()
    }

    /// What it was begun with, such as `Firefox on Linux`; null when that cannot be told.
    async fn device(&self) -> Option<&str> {
        self.0.device.as_deref()
    }

    /// Whether it is the session that asks.
    async fn current(&self) -> bool {
        self.0.current
    }

    /// When it began.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its tokens were last refreshed; not written per request.
    async fn last_seen_at(&self) -> DateTime {
        DateTime(self.0.last_seen_at)
    }

    /// When it ends unless it is refreshed: a customer's after 30 days; a guest's after 6 hours without a cart or an
    /// order, after 30 days with one.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

connection!(SessionConnection, SessionEdge, Session, "sessions");

/// The tokens of a session. They are shown once and stored nowhere: keep them.
#[derive(Debug, SimpleObject)]
pub struct SessionTokens {
    /// For the header `Authorization: Bearer …`. Signed and short-lived. Null where the shop keeps tokens in cookies.
    access_token: Option<String>,
    /// When the access token ends; refresh a little before.
    access_token_expires_at: DateTime,
    /// For `sessionRefresh`, once. Opaque. Null where the shop keeps tokens in cookies.
    refresh_token: Option<String>,
}

impl From<identity::Tokens> for SessionTokens {
    fn from(tokens: identity::Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            access_token_expires_at: DateTime(tokens.access_token_expires_at),
            refresh_token: tokens.refresh_token,
        }
    }
}

/// Read too seldom to be written at once: the engine resolves it.
impl Plain for Session {
    const NAME: &'static str = "Session";

    fn field<'a>(&self, _: &'a Asked, _: &mut Json<'a>) -> Wrote {
        Err(NotPlain)
    }
}
