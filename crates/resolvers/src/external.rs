//! Viewers who come with another issuer's token. Its session is a row like any other, whose id is derived from the
//! token: it is made when the token is first used for something private, and then found by the same statements.

use std::future::Future;
use tidegate_model::Failure;
use tidegate_model::id::CustomerId;
use tidegate_model::identity::ExternalToken;
use tidegate_schema::ports::Answer;
use tidegate_store::identity::ExternalSession;
use tidegate_store::{Claim, Outcome, Refused, StoreError};

use crate::failure::failure;
use crate::{RequestResolvers, mint};

impl RequestResolvers {
    /// Writes something as the viewer. Where another issuer's token has no session yet the write is refused, and has
    /// changed nothing: the session is made and the write repeated, under the same `claim`.
    pub(crate) async fn writing<F, W>(&self, claim: Option<&Claim>, write: W) -> Answer<Result<Outcome, StoreError>>
    where
        F: Future<Output = Result<Outcome, StoreError>>,
        W: Fn() -> F,
    {
        let answered = write().await;
        let is_refused = answered.as_ref().is_ok_and(|outcome| outcome.refused == Some(Refused::SessionRevoked));
        if is_refused && self.made_session(claim).await? {
            return Ok(write().await);
        }
        Ok(answered)
    }

    /// Reads something private. Where another issuer's token has no session yet, it is made and the read repeated.
    pub(crate) async fn reading<T, F, R>(&self, read: R) -> Answer<T>
    where
        F: Future<Output = Answer<T>>,
        R: Fn() -> F,
    {
        match read().await {
            Err(Failure::SessionRevoked) if self.made_session(None).await? => read().await,
            answer => answer,
        }
    }

    /// Makes the session of the viewer's token, where another issuer made it; whether there is one now.
    pub(crate) async fn made_session(&self, claim: Option<&Claim>) -> Answer<bool> {
        let (viewer, now) = (&self.request.viewer, self.request.now);
        let (Some(session), Some(token)) = (viewer.session, &viewer.external) else { return Ok(false) };
        let make = ExternalSession {
            token: ExternalToken::clone(token),
            session,
            identity: mint::id(now)?,
            customer: CustomerId(mint::id(now)?),
            device: self.request.client.device.clone(),
            claim: claim.cloned(),
            now,
        };
        self.store().external_session(self.statements(), make).await.map_err(failure)
    }
}
