//! Registering, mails with links and codes, going to a provider, and ending sessions: the port that the schema calls.

use async_trait::async_trait;
use serde_json::json;
use tidegate_auth::link;
use tidegate_model::id::SessionId;
use tidegate_model::identity::email_key;
use tidegate_model::{Failure, Refusal};
use tidegate_schema::ports::{
    Answer, CodeSent, Login, OidcStarted, Registration, SessionsEnded, SignInPort, SignInWith, SignedIn,
};
use tidegate_store::identity::{AccountCall, OidcStart, OneTimePurpose, OneTimeSend, Registration as NewRegistration};
use tidegate_store::{Outcome, StoreError};
use uuid::Uuid;

use crate::failure::failure;
use crate::identity::fresh_secrets;
use crate::limits::MailKind;
use crate::refusals::refusals;
use crate::sign_in::{chosen, provider_fault};
use crate::{RequestResolvers, idempotency, limits, mint};

/// Seconds that a registration waits for its confirmation.
const VERIFY_LIFE: i32 = 24 * 60 * 60;
/// Seconds that a link to reset a password and a code are good for (ASVS 6.5.5).
pub(crate) const RESET_LIFE: i32 = 10 * 60;

/// A mail that is asked for.
struct Asked {
    operation: &'static str,
    purpose: OneTimePurpose,
    kind: MailKind,
    lifetime: i32,
    email: String,
    device_token: Option<String>,
    key: Option<Uuid>,
}

impl RequestResolvers {
    /// A new row for a mailed secret, and the key that derives it.
    pub(crate) fn one_time(&self) -> Answer<(Uuid, String)> {
        let signer = self.request.keys.signer(self.request.now).map_err(|_| Failure::Internal)?;
        Ok((mint::id(self.request.now)?, signer.kid().to_owned()))
    }

    async fn send(&self, asked: Asked) -> Answer<Result<Outcome, StoreError>> {
        let Asked { operation, purpose, kind, lifetime, email, device_token, key } = asked;
        let (keys, now) = (&self.request.keys, self.request.now);
        let canonical = email_key(&email);
        let input = json!({ "email": canonical });
        let device = device_token.and_then(|token| link::open_device_token(keys, &token, now));
        let send = OneTimeSend {
            claim: key.map(|key| idempotency::claim(&self.request.viewer, key, operation, &input)),
            operation,
            purpose,
            token: self.one_time()?,
            mail: mint::id(now)?,
            device: (device, limits::mail_device_key(device)),
            limits: limits::mail(kind, &canonical, self.request.client.address),
            email: (email, canonical),
            lifetime,
            now,
        };
        Ok(self.store().one_time_send(self.statements(), send).await)
    }

    async fn end(
        &self,
        operation: &'static str,
        path: &str,
        target: Target,
        key: Option<Uuid>,
    ) -> Answer<SessionsEnded> {
        let Some(session) = self.request.viewer.session else {
            return Ok(SessionsEnded { count: 0, refusals: vec![crate::account::sign_in_required()] });
        };
        let target = match target {
            Target::One(session) => Some(session),
            Target::Own => Some(session),
            Target::Others => None,
        };
        let claim = key.map(|key| idempotency::claim(&self.request.viewer, key, operation, &json!({ "id": target })));
        let call = AccountCall { claim, session, now: self.request.now };
        let revoke = || self.store().session_revoke(self.statements(), call.clone(), operation, target);
        let outcome = match self.writing(call.claim.as_ref(), revoke).await? {
            Ok(outcome) => outcome,
            Err(error) => return Ok(SessionsEnded { count: 0, refusals: vec![idempotency::in_progress(error)?] }),
        };
        let refusals = refusals(&outcome, &|_, _, _| path.to_owned())?;
        Ok(SessionsEnded { count: outcome.count.unwrap_or_default(), refusals })
    }
}

/// Which sessions to end.
enum Target {
    One(SessionId),
    Own,
    Others,
}

/// What was refused; `path` is what it is about.
pub(crate) fn told(answered: Result<Outcome, StoreError>, path: &str) -> Answer<Vec<Refusal>> {
    match answered {
        Ok(outcome) => refusals(&outcome, &|_, _, _| path.to_owned()),
        Err(error) => Ok(vec![idempotency::in_progress(error)?]),
    }
}

#[async_trait]
impl SignInPort for RequestResolvers {
    async fn customer_register(&self, registration: Registration, key: Option<Uuid>) -> Answer<Vec<Refusal>> {
        let Registration { email, password, given_name, family_name } = registration;
        let password = match chosen(&password, &email, "input.password") {
            Ok(password) => password,
            Err(refusal) => return Ok(vec![refusal]),
        };
        let canonical = email_key(&email);
        let input = json!({ "email": canonical, "givenName": given_name, "familyName": family_name });
        let viewer = &self.request.viewer;
        let claim = key.map(|key| idempotency::claim(viewer, key, "customerRegister", &input));
        let counted = limits::mail(MailKind::Other, &canonical, self.request.client.address);
        // Before the hash, which is dear: nobody keeps the hashing turns busy with what is refused anyway.
        let attempt =
            self.store().customer_register_attempt(self.statements(), claim.clone(), counted.clone(), self.request.now);
        if let Some(outcome) = attempt.await.map_err(failure)? {
            return told(Ok(outcome), "input.email");
        }
        let password_hash = match self.shared.passwords.hash(password).await? {
            Ok(hash) => hash,
            Err(refusal) => {
                // No turn, and so no mail.
                self.store().attempt_released(self.statements(), counted.all()).await.map_err(failure)?;
                return Ok(vec![refusal]);
            }
        };
        let new = NewRegistration {
            claim,
            id: mint::id(self.request.now)?,
            email: (email, canonical),
            password_hash,
            given_name,
            family_name,
            token: self.one_time()?,
            mail: mint::id(self.request.now)?,
            now: self.request.now,
        };
        told(self.store().customer_register(self.statements(), new).await, "input.email")
    }

    async fn customer_verification_send(&self, email: String, key: Option<Uuid>) -> Answer<Vec<Refusal>> {
        let asked = Asked {
            operation: "customerVerificationSend",
            purpose: OneTimePurpose::VerifyEmail,
            kind: MailKind::Other,
            lifetime: VERIFY_LIFE,
            email,
            device_token: None,
            key,
        };
        told(self.send(asked).await?, "email")
    }

    async fn customer_verify_email(&self, token: String, with: SignInWith) -> Answer<SignedIn> {
        self.verify_email(&token, with).await
    }

    async fn login_code_send(
        &self,
        email: String,
        device_token: Option<String>,
        key: Option<Uuid>,
    ) -> Answer<CodeSent> {
        let asked = Asked {
            operation: "loginCodeSend",
            purpose: OneTimePurpose::LoginCode,
            kind: MailKind::Code,
            lifetime: RESET_LIFE,
            email,
            device_token,
            key,
        };
        let sent = self.send(asked).await?;
        let row = sent.as_ref().ok().and_then(|outcome| outcome.token.zip(outcome.kid.clone()));
        let code_token = row.and_then(|(id, kid)| link::code_token(&self.request.keys, &kid, id).ok());
        Ok(CodeSent { code_token, refusals: told(sent, "email")? })
    }

    async fn login(&self, login: Login, with: SignInWith) -> Answer<SignedIn> {
        self.login_any(login, with).await
    }

    async fn oidc_start(&self, provider: String, redirect_uri: String, key: Option<Uuid>) -> Answer<OidcStarted> {
        let now = self.request.now;
        let (id, kid) = self.one_time()?;
        let secrets = link::oidc_secrets(&self.request.keys, &kid, id).map_err(|_| Failure::Internal)?;
        // Asked before a row is written: a provider or an address that is not configured leaves nothing behind.
        let url = match self.shared.oidc.authorize_url(&provider, &redirect_uri, &secrets, now).await {
            Ok(url) => url,
            Err(fault) => return Ok(OidcStarted { refusals: vec![provider_fault(fault)], ..OidcStarted::default() }),
        };
        let (refresh, _) = fresh_secrets(false)?;
        let input = json!({ "provider": provider, "redirectUri": redirect_uri });
        let viewer = &self.request.viewer;
        let start = OidcStart {
            claim: key.map(|key| idempotency::claim(viewer, key, "oidcStart", &input)),
            caller: viewer.session,
            new_session: SessionId(mint::id(now)?),
            refresh_hash: refresh.hash(),
            id,
            kid,
            provider: provider.clone(),
            redirect_uri: redirect_uri.clone(),
            now,
        };
        let begin = || self.store().oidc_start(self.statements(), start.clone());
        let outcome = match self.writing(start.claim.as_ref(), begin).await? {
            Ok(outcome) => outcome,
            Err(error) => {
                return Ok(OidcStarted { refusals: vec![idempotency::in_progress(error)?], ..OidcStarted::default() });
            }
        };
        let refusals = refusals(&outcome, &|_, _, _| "provider".to_owned())?;
        let mut started = OidcStarted { refusals, ..OidcStarted::default() };
        let (Some(sign_in), Some(kid)) = (outcome.sign_in, outcome.kid) else { return Ok(started) };
        started.url = Some(url);
        if sign_in != id {
            // A repeat: the sign-in that was begun, so that whichever answer arrives is good.
            let secrets = link::oidc_secrets(&self.request.keys, &kid, sign_in).map_err(|_| Failure::Internal)?;
            started.url = self.shared.oidc.authorize_url(&provider, &redirect_uri, &secrets, now).await.ok();
        }
        if let Some(session) = outcome.session.filter(|_| outcome.tokens) {
            started.tokens = Some(self.tokens(SessionId(session), None, &refresh)?);
        }
        Ok(started)
    }

    async fn password_reset_send(
        &self,
        email: String,
        device_token: Option<String>,
        key: Option<Uuid>,
    ) -> Answer<Vec<Refusal>> {
        let asked = Asked {
            operation: "passwordResetSend",
            purpose: OneTimePurpose::PasswordReset,
            kind: MailKind::Reset,
            lifetime: RESET_LIFE,
            email,
            device_token,
            key,
        };
        told(self.send(asked).await?, "email")
    }

    async fn password_reset(&self, token: String, password: String, with: SignInWith) -> Answer<SignedIn> {
        self.reset(&token, &password, with).await
    }

    async fn logout(&self, key: Option<Uuid>) -> Answer<SessionsEnded> {
        let ended = self.end("logout", "id", Target::Own, key).await?;
        if ended.refusals.is_empty() {
            self.end_cookies();
        }
        Ok(ended)
    }

    async fn session_revoke(&self, session: SessionId, key: Option<Uuid>) -> Answer<SessionsEnded> {
        let ended = self.end("sessionRevoke", "id", Target::One(session), key).await?;
        if ended.refusals.is_empty() && self.request.viewer.session == Some(session) {
            self.end_cookies();
        }
        Ok(ended)
    }

    async fn session_revoke_others(&self, key: Option<Uuid>) -> Answer<SessionsEnded> {
        self.end("sessionRevokeOthers", "id", Target::Others, key).await
    }
}
