//! Sessions: the viewer, a start, a refresh.

use async_trait::async_trait;
use serde_json::json;
use tidegate_auth::access::{self, AccessClaimsInput};
use tidegate_auth::keys::KeySet;
use tidegate_auth::refresh::{self, RefreshToken};
use tidegate_auth::secret::CartSecret;
use tidegate_model::id::{CustomerId, SessionId};
use tidegate_model::identity::{Session, SessionKind, Tokens};
use tidegate_model::page::Page;
use tidegate_model::refusal::IdentityRefusal;
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
    pub(crate) fn tokens(
        &self,
        session: SessionId,
        customer: Option<CustomerId>,
        refresh: &RefreshToken,
    ) -> Answer<Tokens> {
        let now = self.request.now;
        let scopes: &[&str] = if customer.is_some() {
            &[access::SCOPE_STOREFRONT, access::SCOPE_ACCOUNT]
        } else {
            &[access::SCOPE_STOREFRONT]
        };
        let claims = AccessClaimsInput {
            issuer: &self.shared.issuer,
            audience: &self.shared.audience,
            subject: &customer.map_or_else(|| session.encode(), CustomerId::encode),
            client_id: access::CLIENT_STOREFRONT,
            session: session.0,
            token_id: mint::id(now)?,
            scopes,
            roles: &[],
        };
        let access_token = access::issue(&self.request.keys, &claims, now).map_err(|error| {
            tracing::error!(%error, "no access token could be issued");
            Failure::Internal
        })?;
        let access_token_expires_at = now + access::LIFETIME;
        let (access_token, refresh_token) = (Some(access_token), Some(refresh.to_text()));
        let tokens = Tokens { access_token, access_token_expires_at, refresh_token };
        Ok(match &self.request.cookies {
            Some(cookies) => cookies.grant(tokens),
            None => tokens,
        })
    }

    /// The viewer by one statement for session and customer, one for session and cart, or both.
    async fn read_viewer(&self, session: SessionId, hint: ViewerHint) -> Answer<ViewerRecord> {
        let now = self.request.now;
        let mut viewer = None;
        if hint.customer || hint.cart.is_none() {
            let read = self.store().viewer_session(self.statements(), session, now);
            let found = read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)?;
            viewer = Some(ViewerRecord { session: found.session, customer: found.customer, cart: None });
        }
        if let Some(cart) = hint.cart {
            let page = self.hint(cart).lines.map(Page::first);
            let read = self.store().viewer(self.statements(), session, now, page.clone());
            let found = read.await.map_err(failure)?.ok_or(Failure::SessionRevoked)?;
            let cart = found.cart.map(|(cart, lines)| self.with_lines(*cart, lines, page.is_some()));
            let customer = viewer.and_then(|viewer| viewer.customer);
            viewer = Some(ViewerRecord { session: found.session, customer, cart });
        }
        viewer.ok_or(Failure::Internal)
    }

    /// Takes the tokens away from a browser that holds them in cookies: their session has ended.
    pub(crate) fn end_cookies(&self) {
        if let Some(cookies) = &self.request.cookies {
            cookies.end();
        }
    }

    async fn trade(&self, parent: &RefreshToken) -> Answer<Option<(RefreshState, RefreshToken)>> {
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
                RefreshStep::Done => return Ok(Some((state, child))),
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
    Session {
        id: SessionId(id),
        kind: SessionKind::Guest,
        device: None,
        current: true,
        created_at: now,
        last_seen_at: now,
        expires_at,
    }
}

#[async_trait]
impl IdentityPort for RequestResolvers {
    async fn viewer(&self, hint: ViewerHint) -> Answer<Option<ViewerRecord>> {
        let Some(session) = self.request.viewer.session else { return Ok(None) };
        self.reading(|| self.read_viewer(session, hint)).await.map(Some)
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
            granted.tokens = Some(self.tokens(SessionId(session), None, &refresh)?);
            granted.session = Some(begun(session, now));
        }
        Ok(granted)
    }

    async fn session_refresh(&self, refresh_token: Option<String>) -> Answer<TokensGranted> {
        let cookies = self.request.cookies.as_ref();
        let token = refresh_token.as_deref().or_else(|| cookies.and_then(|cookies| cookies.refresh_token()));
        let traded = match token.map(RefreshToken::parse) {
            Some(Ok(parent)) => self.trade(&parent).await?,
            _ => None,
        };
        let Some((RefreshState { session, customer, .. }, child)) = traded else {
            // What the browser holds is of no more use, and would have every other request refused.
            if refresh_token.is_none() {
                self.end_cookies();
            }
            let refusal = Refusal::at(RefusalKind::Identity(IdentityRefusal::RefreshTokenInvalid), "refreshToken");
            return Ok(TokensGranted { refusals: vec![refusal], ..TokensGranted::default() });
        };
        let tokens = Some(self.tokens(session, customer, &child)?);
        let read = self.store().viewer_session(self.statements(), session, self.request.now);
        let found = read.await.map_err(failure)?;
        Ok(TokensGranted { tokens, session: found.map(|found| found.session), refusals: Vec::new() })
    }
}
