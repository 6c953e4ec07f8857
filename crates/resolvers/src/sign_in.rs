//! Signing in: by password, by code, through a provider, and by the links of a registration and a reset.

use serde_json::{Value, json};
use tidegate_auth::link::{self, LinkPurpose};
use tidegate_auth::password::{Password, PasswordFault};
use tidegate_auth::refresh::RefreshToken;
use tidegate_model::cart::CartHint;
use tidegate_model::id::{CustomerId, SessionId};
use tidegate_model::identity::{ExternalClaims, email_key};
use tidegate_model::page::Page;
use tidegate_model::refusal::{self, IdentityRefusal, InvalidReason};
use tidegate_model::{Refusal, RefusalKind};
use tidegate_schema::ports::{Answer, Login, SignInWith, SignedIn};
use tidegate_store::identity::{LoginAttempt, LoginPassword, SignIn};
use tidegate_store::{Outcome, StoreError};
use time::Duration;
use uuid::Uuid;

use crate::failure::failure;
use crate::identity::fresh_secrets;
use crate::oidc::{OidcExchange, OidcFault};
use crate::refusals::refusals;
use crate::{RequestResolvers, idempotency, limits, mint};

/// How long a device that has signed in is told apart from strangers'.
const DEVICE_TOKEN_LIFE: Duration = Duration::days(180);
/// An e-mail address, and anything else that a sign-in is done with, is shorter.
const LONGEST: usize = 2_048;

/// A sign-in under way: what the database will be told, and the refresh token whose hash it is told.
pub(crate) struct Begun {
    pub(crate) call: SignIn,
    refresh: RefreshToken,
}

pub(crate) fn refused(kind: RefusalKind, path: &str) -> SignedIn {
    SignedIn { refusals: vec![Refusal::at(kind, path)], ..SignedIn::default() }
}

/// A password that may be chosen, or why not.
pub(crate) fn chosen(text: &str, email: &str, path: &str) -> Result<Password, Refusal> {
    Password::check(text, email).map_err(|fault| {
        let fault = match fault {
            PasswordFault::TooShort => refusal::PasswordFault::TooShort,
            PasswordFault::TooLong => refusal::PasswordFault::TooLong,
            PasswordFault::BadCharacters => refusal::PasswordFault::BadCharacters,
            PasswordFault::Common => refusal::PasswordFault::Common,
        };
        Refusal::at(RefusalKind::Identity(IdentityRefusal::PasswordRejected(fault)), path)
    })
}

impl RequestResolvers {
    /// Begins a sign-in. `input` tells calls under one idempotency key apart; it holds no password, because its hash is
    /// stored.
    pub(crate) fn begin(&self, operation: &'static str, with: &SignInWith, input: &Value) -> Answer<Begun> {
        let now = self.request.now;
        let (refresh, _) = fresh_secrets(false)?;
        let input = json!({ "input": input, "policy": format!("{:?}", with.policy) });
        let viewer = &self.request.viewer;
        let call = SignIn {
            claim: with.idempotency_key.map(|key| idempotency::claim(viewer, key, operation, &input)),
            caller: viewer.session,
            session: SessionId(mint::id(now)?),
            refresh_hash: refresh.hash(),
            device: self.request.client.device.clone(),
            policy: with.policy,
            now,
        };
        Ok(Begun { call, refresh })
    }

    /// What the client is told of a sign-in that the database has answered.
    pub(crate) async fn finish(
        &self,
        answered: Result<Outcome, StoreError>,
        refresh: &RefreshToken,
        with: &SignInWith,
        path: &str,
    ) -> Answer<SignedIn> {
        let outcome = match answered {
            Ok(outcome) => outcome,
            Err(error) => {
                let refusals = vec![idempotency::in_progress(error)?];
                return Ok(SignedIn { refusals, ..SignedIn::default() });
            }
        };
        let refusals = refusals(&outcome, &|_, _, _| path.to_owned())?;
        let mut signed_in = SignedIn { refusals, ..SignedIn::default() };
        let (Some(session), Some(customer)) = (outcome.session, outcome.customer) else { return Ok(signed_in) };
        let (session, customer) = (SessionId(session), CustomerId(customer));
        let now = self.request.now;
        let found = self.store().viewer_session(self.statements(), session, now).await.map_err(failure)?;
        let Some(found) = found else {
            // A repeat, after the session that the call began has ended.
            signed_in.refusals.push(Refusal::whole(RefusalKind::Identity(IdentityRefusal::SessionRevoked)));
            return Ok(signed_in);
        };
        signed_in.session = Some(found.session);
        signed_in.customer = found.customer;
        signed_in.cart = self.open_cart(session, with.cart).await?;
        if outcome.tokens {
            signed_in.tokens = Some(self.tokens(session, Some(customer), refresh)?);
            let expires = now + DEVICE_TOKEN_LIFE;
            signed_in.device_token = link::device_token(&self.request.keys, now, customer.0, expires).ok();
        }
        Ok(signed_in)
    }

    /// The open cart of a session's customer.
    async fn open_cart(
        &self,
        session: SessionId,
        hint: Option<CartHint>,
    ) -> Answer<Option<tidegate_model::cart::Cart>> {
        let Some(hint) = hint else { return Ok(None) };
        let page = self.hint(hint).lines.map(Page::first);
        let read = self.store().viewer(self.statements(), session, self.request.now, page.clone());
        let cart = read.await.map_err(failure)?.and_then(|found| found.cart);
        Ok(cart.map(|(cart, lines)| self.with_lines(*cart, lines, page.is_some())))
    }

    pub(crate) async fn login_any(&self, login: Login, with: SignInWith) -> Answer<SignedIn> {
        match login {
            Login::Password { email, password, device_token } => {
                self.login_password(&email, &password, device_token.as_deref(), with).await
            }
            Login::OneTimeCode { email, code, code_token } => {
                self.login_code(&email, &code, code_token.as_deref(), with).await
            }
            Login::Oidc { state, code, issuer } => self.login_oidc(&state, &code, issuer.as_deref(), with).await,
        }
    }

    async fn login_password(
        &self,
        email: &str,
        password: &str,
        device_token: Option<&str>,
        with: SignInWith,
    ) -> Answer<SignedIn> {
        if email.len() > LONGEST || password.len() > LONGEST {
            return Ok(refused(RefusalKind::InvalidInput(InvalidReason::TooLong), "input.password"));
        }
        let (keys, now) = (&self.request.keys, self.request.now);
        let key = email_key(email);
        let device = device_token.and_then(|token| link::open_device_token(keys, token, now));
        let attempt = LoginAttempt {
            account: limits::login_account(&key),
            device_key: limits::login_device_key(&device.unwrap_or_default().to_string()),
            device_customer: device,
            address: self.request.client.address.map(limits::login_address),
            email_key: key.clone(),
            now,
        };
        let found = self.store().login_attempt(self.statements(), attempt).await.map_err(failure)?;
        if found.wait_ms > 0 {
            return Ok(SignedIn { refusals: vec![limits::refused(found.wait_ms)], ..SignedIn::default() });
        }
        let phc = found.account.as_ref().and_then(|(_, phc, _)| phc.as_deref());
        let verified = match self.shared.passwords.verify(password, phc).await? {
            Ok(verified) => verified,
            Err(refusal) => return Ok(SignedIn { refusals: vec![refusal], ..SignedIn::default() }),
        };
        let (Some((customer, Some(phc), credential_version)), true) = (found.account, verified) else {
            return Ok(refused(RefusalKind::Identity(IdentityRefusal::InvalidCredentials), "input.password"));
        };
        let begun = self.begin("login", &with, &json!({ "password": key }))?;
        let upgraded = self.upgraded(password, &phc).await?;
        let counted = found.counted;
        let login = LoginPassword { sign_in: begun.call, customer, credential_version, upgraded, counted };
        let answered = self.store().login_password(self.statements(), login).await;
        self.finish(answered, &begun.refresh, &with, "input.password").await
    }

    /// The same password at today's cost, where its hash is of another. When there is no turn it waits for the next
    /// time.
    async fn upgraded(&self, password: &str, phc: &str) -> Answer<Option<String>> {
        let passwords = &self.shared.passwords;
        let Some(password) = Password::for_verification(password).filter(|_| passwords.needs_upgrade(phc)) else {
            return Ok(None);
        };
        Ok(passwords.hash(password).await?.ok())
    }

    async fn login_code(
        &self,
        email: &str,
        code: &str,
        code_token: Option<&str>,
        with: SignInWith,
    ) -> Answer<SignedIn> {
        if email.len() > LONGEST || code.len() > LONGEST {
            return Ok(refused(RefusalKind::InvalidInput(InvalidReason::TooLong), "input.oneTimeCode"));
        }
        let key = email_key(email);
        // Whoever holds the token tries at the code that they asked for, and at nothing that others can use up.
        let asked_for = code_token.map(|token| link::open_code_token(&self.request.keys, token).unwrap_or_default());
        let mut counted = Vec::new();
        if asked_for.is_none() {
            counted.push(limits::code_account(&key));
        }
        counted.extend(self.request.client.address.map(limits::login_address));
        let begun = self.begin("login", &with, &json!({ "email": key, "code": code }))?;
        let (store, now) = (self.store(), self.request.now);
        let find = store.login_code_attempt(self.statements(), key, asked_for, counted.clone(), now);
        let found = find.await.map_err(failure)?;
        if found.wait_ms > 0 {
            return Ok(SignedIn { refusals: vec![limits::refused(found.wait_ms)], ..SignedIn::default() });
        }
        let right = found.code.filter(|(id, kid)| link::code_matches(&self.request.keys, kid, *id, code));
        let Some((token, _)) = right else {
            return self
                .again(
                    begun,
                    &with,
                    RefusalKind::Identity(IdentityRefusal::InvalidCredentials),
                    "input.oneTimeCode.code",
                )
                .await;
        };
        let answered = self.store().login_code(self.statements(), begun.call, token, counted).await;
        self.finish(answered, &begun.refresh, &with, "input.oneTimeCode.code").await
    }

    /// A proof that can be used once came again: with the key of the call that used it, that call's outcome.
    async fn again(&self, begun: Begun, with: &SignInWith, kind: RefusalKind, path: &str) -> Answer<SignedIn> {
        let done = self.store().sign_in_done(self.statements(), begun.call).await.map_err(failure)?;
        match done {
            Some(outcome) => self.finish(Ok(outcome), &begun.refresh, with, path).await,
            None => Ok(refused(kind, path)),
        }
    }

    async fn login_oidc(&self, state: &str, code: &str, issuer: Option<&str>, with: SignInWith) -> Answer<SignedIn> {
        const PATH: &str = "input.oidc.state";
        let (keys, now) = (&self.request.keys, self.request.now);
        let begun = self.begin("login", &with, &json!({ "state": state, "code": code }))?;
        let id = link::open_oidc_state(keys, state);
        let (Some(id), Some(session)) = (id, self.request.viewer.session) else {
            return Ok(refused(RefusalKind::Identity(IdentityRefusal::OneTimeTokenInvalid), PATH));
        };
        let taken = self.store().oidc_take(self.statements(), id, session, now).await.map_err(failure)?;
        let Some(taken) = taken else {
            return self.again(begun, &with, RefusalKind::Identity(IdentityRefusal::OneTimeTokenInvalid), PATH).await;
        };
        let Ok(secrets) = link::oidc_secrets(keys, &taken.kid, id) else {
            return Ok(refused(RefusalKind::Identity(IdentityRefusal::OneTimeTokenInvalid), PATH));
        };
        let exchange = OidcExchange {
            provider: &taken.provider,
            code,
            iss: issuer,
            redirect_uri: &taken.redirect_uri,
            verifier: &secrets.verifier,
            nonce: &secrets.nonce,
            now,
        };
        let claims = match self.shared.oidc.exchange(exchange).await {
            Ok(identity) => ExternalClaims {
                issuer: identity.issuer,
                subject: identity.subject,
                email: identity.email,
                email_verified: identity.email_verified,
                given_name: identity.given_name,
                family_name: identity.family_name,
            },
            Err(fault) => return Ok(SignedIn { refusals: vec![provider_fault(fault)], ..SignedIn::default() }),
        };
        let customer = CustomerId(mint::id(now)?);
        let answered = self.store().login_oidc(self.statements(), begun.call, claims, mint::id(now)?, customer).await;
        self.finish(answered, &begun.refresh, &with, "input.oidc").await
    }

    pub(crate) async fn verify_email(&self, token: &str, with: SignInWith) -> Answer<SignedIn> {
        let begun = self.begin("customerVerifyEmail", &with, &json!({ "token": token }))?;
        let Some(id) = self.linked(LinkPurpose::VerifyEmail, token) else {
            return Ok(refused(RefusalKind::Identity(IdentityRefusal::OneTimeTokenInvalid), "token"));
        };
        let customer = CustomerId(mint::id(self.request.now)?);
        let answered = self.store().customer_verify_email(self.statements(), begun.call, id, customer).await;
        self.finish(answered, &begun.refresh, &with, "token").await
    }

    pub(crate) async fn reset(&self, token: &str, password: &str, with: SignInWith) -> Answer<SignedIn> {
        let invalid = || RefusalKind::Identity(IdentityRefusal::OneTimeTokenInvalid);
        let begun = self.begin("passwordReset", &with, &json!({ "token": token }))?;
        let Some(id) = self.linked(LinkPurpose::PasswordReset, token) else {
            return Ok(refused(invalid(), "token"));
        };
        // Before the hash, which is dear: a link is good for so many.
        let attempt =
            self.store().password_reset_attempt(self.statements(), id, limits::reset_link(id), self.request.now);
        let found = attempt.await.map_err(failure)?;
        if found.wait_ms > 0 {
            return Ok(SignedIn { refusals: vec![limits::refused(found.wait_ms)], ..SignedIn::default() });
        }
        let Some(email) = found.email_key else { return self.again(begun, &with, invalid(), "token").await };
        let password = match chosen(password, &email, "password") {
            Ok(password) => password,
            Err(refusal) => return Ok(SignedIn { refusals: vec![refusal], ..SignedIn::default() }),
        };
        let hash = match self.shared.passwords.hash(password).await? {
            Ok(hash) => hash,
            Err(refusal) => return Ok(SignedIn { refusals: vec![refusal], ..SignedIn::default() }),
        };
        let mail = mint::id(self.request.now)?;
        let answered = self.store().password_reset(self.statements(), begun.call, id, hash, mail).await;
        self.finish(answered, &begun.refresh, &with, "token").await
    }

    /// The row that a mailed link stands for.
    pub(crate) fn linked(&self, purpose: LinkPurpose, token: &str) -> Option<Uuid> {
        link::open_link(&self.request.keys, purpose, token)
    }
}

/// A provider's fault as a refusal.
pub(crate) fn provider_fault(fault: OidcFault) -> Refusal {
    use refusal::ProviderFault as Told;
    match fault {
        OidcFault::UnknownProvider => {
            Refusal::at(RefusalKind::Identity(IdentityRefusal::ProviderRefused(Told::Unknown)), "provider")
        }
        OidcFault::RedirectNotAllowed => Refusal::at(
            RefusalKind::Identity(IdentityRefusal::ProviderRefused(Told::RedirectNotAllowed)),
            "redirectUri",
        ),
        OidcFault::Refused => Refusal::whole(RefusalKind::Identity(IdentityRefusal::ProviderRefused(Told::Refused))),
        OidcFault::Unavailable { retry_after_ms } => {
            let retry_after_ms = u32::try_from(retry_after_ms).unwrap_or(u32::MAX);
            Refusal::whole(RefusalKind::Identity(IdentityRefusal::ProviderUnavailable { retry_after_ms }))
        }
    }
}
