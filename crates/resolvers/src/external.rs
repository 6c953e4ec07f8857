//! Viewers who come with another issuer's token. Its session is a row like any other, whose id is derived from the
//! token: it is made when the token is first used for something private, and then found by the same statements.

use std::future::Future;
use tidegate_model::Failure;
use tidegate_model::id::{CustomerId, SessionId};
use tidegate_model::identity::ExternalToken;
use tidegate_schema::ports::Answer;

use crate::failure::failure;
use crate::{RequestResolvers, mint};

impl RequestResolvers {
    /// The viewer's session, for a write. That of another issuer's token is made if need be; whether it stands is found
    /// by the write itself.
    pub(crate) async fn write_session(&self) -> Answer<Option<SessionId>> {
        let viewer = &self.request.viewer;
        if let (Some(session), Some(token)) = (viewer.session, &viewer.external) {
            self.make_session(session, token).await?;
        }
        Ok(viewer.session)
    }

    /// Reads something private. Where another issuer's token has no session yet, it is made and the read repeated.
    pub(crate) async fn reading<T, F, R>(&self, read: R) -> Answer<T>
    where
        F: Future<Output = Answer<T>>,
        R: Fn() -> F,
    {
        let viewer = &self.request.viewer;
        match (read().await, viewer.session, &viewer.external) {
            (Err(Failure::SessionRevoked), Some(session), Some(token)) => {
                if self.make_session(session, token).await? {
                    read().await
                } else {
                    Err(Failure::SessionRevoked)
                }
            }
            (answer, ..) => answer,
        }
    }

    async fn make_session(&self, session: SessionId, token: &ExternalToken) -> Answer<bool> {
        let now = self.request.now;
        let new = (mint::id(now)?, CustomerId(mint::id(now)?));
        let device = self.request.client.device.clone();
        let make = self.store().external_session(self.statements(), token.clone(), session, new, device, now);
        make.await.map_err(failure)
    }
}
