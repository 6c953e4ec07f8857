//! Starting and refreshing sessions.

use async_graphql::{Context, Object, SimpleObject};
use tidegate_model::Failure;

use super::session::{Session, SessionTokens};
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::ports::TokensGranted;
use crate::scalar::IdempotencyKey;
use crate::user_error::{UserError, user_errors};

/// What came of a call that hands out tokens.
#[derive(Debug, SimpleObject)]
pub struct SessionPayload {
    /// The tokens; null when `errors` is not empty, and when a start is repeated after ten minutes.
    tokens: Option<SessionTokens>,
    /// The session they belong to.
    session: Option<Session>,
    /// Why there are none.
    errors: Vec<UserError>,
}

impl From<TokensGranted> for SessionPayload {
    fn from(granted: TokensGranted) -> Self {
        Self {
            tokens: granted.tokens.map(SessionTokens::from),
            session: granted.session.map(Session),
            errors: user_errors(granted.refusals),
        }
    }
}

/// Sessions.
#[derive(Debug, Default)]
pub struct IdentityMutation;

#[Object]
impl IdentityMutation {
    /// Starts a guest session. Seldom needed: `cartCreate` starts one by itself.
    async fn session_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Make one per action; a repeat within ten minutes hands out fresh tokens of the same session."
        )]
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<SessionPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(ctx.ports().session_start(key).await?.into())
    }

    /// Trades a refresh token for a new pair. A repeat with the same token within a minute answers the same pair, so a
    /// lost answer or a second tab logs nobody out; a token whose successor was used ends the session.
    async fn session_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The latest refresh token you were given; leave it out where the shop keeps tokens in cookies."
        )]
        refresh_token: Option<String>,
        #[graphql(desc = "Taken as every mutation takes one; the refresh token itself makes repeats safe.")]
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<SessionPayload> {
        ctx.idempotency_key(idempotency_key)?;
        if refresh_token.as_ref().is_some_and(|token| token.len() > 256) {
            return Err(Failure::BadInput("refreshToken: at most 256 characters".to_owned()).into());
        }
        Ok(ctx.ports().session_refresh(refresh_token).await?.into())
    }
}
