//! Sessions: the viewer, a start, a refresh.

use async_trait::async_trait;
use serde_json::json;
use tidegate_auth::access::{self, AccessClaimsInput};
use tidegate_auth::keys::KeySet;
use tidegate_auth::refresh::{self, RefreshToken};
use tidegate_auth::secret::CartSecret;
use tidegate_model::id::SessionId;
use tidegate_model::identity::{Session, SessionKind, Tokens};
use tidegate_model::page::Page;
use tidegate_model::{Failure, Refusal, RefusalKind};
use tidegate_schema::ports::{Answer, IdentityPort, TokensGranted, ViewerHint, ViewerRecord};
use tidegate_store::identity::{RefreshState, RefreshStep, SessionRefresh, SessionStart};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::failure::failure;
use crate::refusals::refusals;
use crate::{RequestResolvers, idempotency, mint};

/// How long the same parent yields the same child (a lost answer, a second tab).
const SAME_CHILD: Duration = Duration::seconds(60);
/// How often a trade is tried again when the token's state moved meanwhile.
const TRADES: usize = 4;

/// A new refresh token, and a cart secret where one is asked for.
pub(crate) fn fresh_secrets(share: bool) -> Answer<(RefreshToken, Option<CartSecret>)> {
    let refresh = RefreshToken::from_random(mint::secret()?);
    let secret = if share { Some(CartSecret::from_random(mint::secret()?)) } else { None };
    Ok((refresh, secret))
}

impl RequestResolvers {
    /// A pair for a session: a new access token beside a refresh token whose hash is stored.
    pub(crate) fn tokens(&self, session: SessionId, refresh: &RefreshToken) -> Answer<Tokens> {
        let now = self.request.now;
        let claims = AccessClaimsInput {
            issuer: &self.shared.issuer,
            audience: &self.shared.audience,
            subject: &session.encode(),
            session: session.0,
            token_id: mint::id(now)?,
            scopes: &["storefront"],
        };
        let access_token = access::issue(&self.request.keys, &claims, now).map_err(|error| {
            tracing::error!(%error, "no access token could be issued");
            Failure::Internal
        })?;
        let access_token_expires_at = now + access::LIFETIME;
        Ok(Tokens { access_token, access_token_expires_at, refresh_token: refresh.to_text() })
    }

    async fn trade(&self, parent: &RefreshToken) -> Answer<Option<(SessionId, RefreshToken)>> {
        let parent_hash = parent.hash();
        for _ in 0..TRADES {
            let state = self.store().refresh_state(self.statements(), parent_hash).await.map_err(failure)?;
            let Some(state) = state else { return Ok(None) };
            let (kid, generation) = child_of(&state, &self.request.keys, self.request.now)?;
            let Ok(child) = refresh::derive_child(&self.request.keys, &kid, parent, generation) else {
                return Ok(None);
            };
            let now = self.request.now;
            let refresh = SessionRefresh { parent_hash, child_hash: child.hash(), kid, generation, now };
            match self.store().session_refresh(self.statements(), refresh).await.map_err(failure)? {
                RefreshStep::Done => return Ok(Some((state.session, child))),
                RefreshStep::Invalid => return Ok(None),
                RefreshStep::Reused => {
                    tracing::warn!(session = %state.session.encode(), "a refresh token was used again: session revoked");
                    return Ok(None);
                }
                RefreshStep::Stale => {}
            }
        }
        Err(Failure::Busy { retry_after_ms: 250 })
    }
}

/// Which child a refresh token yields now: the live one for a minute, then one of the next generation.
fn child_of(state: &RefreshState, keys: &KeySet, now: OffsetDateTime) -> Answer<(String, u32)> {
    let signer = || keys.signer(now).map(|key| key.kid().to_owned()).map_err(|_| Failure::Internal);
    match &state.child {
        None => Ok((signer()?, 0)),
        Some((kid, generation, issued)) if *issued > now - SAME_CHILD => Ok((kid.clone(), *generation)),
        Some((_, generation, _)) => Ok((signer()?, generation + 1)),
    }
}

/// A session as it is when it has just begun.
fn begun(id: Uuid, now: OffsetDateTime) -> Session {
    let expires_at = now + Duration::hours(6);
    Session { id: SessionId(id), kind: SessionKind::Guest, created_at: now, last_seen_at: now, expires_at }
}

#[async_trait]
impl IdentityPort for RequestResolvers {
    async fn viewer(&self, hint: ViewerHint) -> Answer<Option<ViewerRecord>> {
        let Some(session) = self.request.viewer.session else { return Ok(None) };
        // Without lines the statement still tells whether there is a cart; one row keeps it short.
        let page = hint.cart.and_then(|cart| self.hint(cart).lines).map(Page::first);
        let read = self.store().viewer(self.statements(), session, self.request.now, page.clone());
        let found = read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)?;
        let cart = found.cart.map(|(cart, lines)| self.with_lines(*cart, lines, page.is_some()));
        Ok(Some(ViewerRecord { session: found.session, cart }))
    }

    async fn session_start(&self, key: Option<Uuid>) -> Answer<TokensGranted> {
        let now = self.request.now;
        let (refresh, _) = fresh_secrets(false)?;
        let start = SessionStart {
            claim: key.map(|key| idempotency::claim(&self.request.viewer, key, "sessionStart", &json!({}))),
            session: SessionId(mint::id(now)?),
            refresh_hash: refresh.hash(),
            now,
        };
        let outcome = match self.store().session_start(self.statements(), start).await {
            Ok(outcome) => outcome,
            Err(error) => {
                let refusals = vec![idempotency::in_progress(error)?];
                return Ok(TokensGranted { refusals, ..TokensGranted::default() });
            }
        };
        let refusals = refusals(&outcome, &|_, _, field| field.to_owned())?;
        let mut granted = TokensGranted { refusals, ..TokensGranted::default() };
        if let Some(session) = outcome.session.filter(|_| outcome.tokens) {
            granted.tokens = Some(self.tokens(SessionId(session), &refresh)?);
            granted.session = Some(begun(session, now));
        }
        Ok(granted)
    }

    async fn session_refresh(&self, refresh_token: String) -> Answer<TokensGranted> {
        let traded = match RefreshToken::parse(&refresh_token) {
            Ok(parent) => self.trade(&parent).await?,
            Err(_) => None,
        };
        let Some((session, child)) = traded else {
            let refusal = Refusal::at(RefusalKind::RefreshTokenInvalid, "refreshToken");
            return Ok(TokensGranted { refusals: vec![refusal], ..TokensGranted::default() });
        };
        let tokens = Some(self.tokens(session, &child)?);
        let found = self.store().viewer(self.statements(), session, self.request.now, None).await.map_err(failure)?;
        Ok(TokensGranted { tokens, session: found.map(|found| found.session), refusals: Vec::new() })
    }
}
