//! Registering, signing in and out.

use async_graphql::{Context, ID, InputObject, Object, OneofObject};
use tidegate_model::id::SessionId;
use tidegate_model::validate::Check;
use tidegate_model::{Refusal, RefusalKind};

use super::payload::{
    AckPayload, CartMergePolicy, LoginCodeSendPayload, LoginPayload, OidcStartPayload, SessionRevokePayload,
};
use crate::cart::cart_hint;
use crate::context::ContextExt as _;
use crate::error::Result;
use crate::ports::{CodeSent, Login, Registration, SessionsEnded, SignInWith};
use crate::scalar::{IdempotencyKey, Url};

/// Who wants an account.
#[derive(InputObject)]
pub struct CustomerRegisterInput {
    /// E-mail address: at most 254 bytes.
    email: String,
    /// Password: at least 8 characters, at most 128 bytes, and none that attackers try first.
    password: String,
    /// Given name: at most 100 characters.
    given_name: Option<String>,
    /// Family name: at most 100 characters.
    family_name: Option<String>,
}

/// How the shopper proves who they are: exactly one of the fields.
#[derive(OneofObject)]
pub enum LoginInput {
    /// With a password.
    Password(PasswordLoginInput),
    /// With a code that `loginCodeSend` has mailed.
    OneTimeCode(OneTimeCodeLoginInput),
    /// With the answer of a provider to which `oidcStart` has led.
    Oidc(OidcLoginInput),
}

/// A sign-in with a password.
#[derive(InputObject)]
pub struct PasswordLoginInput {
    /// E-mail address, in any case.
    email: String,
    /// Password.
    password: String,
    /// What an earlier sign-in on this device has handed out.
    device_token: Option<String>,
}

/// A sign-in with a code.
#[derive(InputObject)]
pub struct OneTimeCodeLoginInput {
    /// E-mail address, in any case.
    email: String,
    /// The code from the mail: good for ten minutes, once, and for five tries.
    code: String,
    /// The `codeToken` of the `loginCodeSend` that has mailed it. With it the tries are your own, and no stranger can
    /// use them up; without it only the newest code counts.
    code_token: Option<String>,
}

/// A sign-in with a provider's answer. Take the values from the address that the provider has sent the shopper to.
#[derive(InputObject)]
pub struct OidcLoginInput {
    /// `state`.
    state: String,
    /// `code`.
    code: String,
    /// `iss`, where the provider sends it (RFC 9207).
    iss: Option<String>,
}

impl From<LoginInput> for Login {
    fn from(input: LoginInput) -> Self {
        match input {
            LoginInput::Password(PasswordLoginInput { email, password, device_token }) => {
                Self::Password { email, password, device_token }
            }
            LoginInput::OneTimeCode(OneTimeCodeLoginInput { email, code, code_token }) => {
                Self::OneTimeCode { email, code, code_token }
            }
            LoginInput::Oidc(OidcLoginInput { state, code, iss }) => Self::Oidc { state, code, issuer: iss },
        }
    }
}

/// Registering, signing in and out.
#[derive(Debug, Default)]
pub struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Asks for an account. The answer is the same whether or not the address has one: what happens next is mailed. A
    /// guest goes on shopping meanwhile.
    async fn customer_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: CustomerRegisterInput,
        #[graphql(desc = "Make one per action; a repeat sends no second mail.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        let mut check = Check::default();
        check.email(&input.email, "input.email");
        check.optional(input.given_name.as_ref(), 100, "input.givenName");
        check.optional(input.family_name.as_ref(), 100, "input.familyName");
        let refusals = check.finish();
        if !refusals.is_empty() {
            return Ok(refusals.into());
        }
        let CustomerRegisterInput { email, password, given_name, family_name } = input;
        let registration = Registration { email, password, given_name, family_name };
        Ok(ctx.ports().customer_register(registration, key).await?.into())
    }

    /// Confirms an e-mail address with the token that was mailed to it, makes the account, and signs in: the guest's
    /// cart goes into it.
    async fn customer_verify_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From the link in the mail: good for 24 hours, once.")] token: String,
        #[graphql(desc = "What becomes of lines that are in both carts.", default_with = "CartMergePolicy::Sum")]
        cart: CartMergePolicy,
        #[graphql(desc = "Make one per action; a repeat within ten minutes hands out fresh tokens.")]
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<LoginPayload> {
        let with = with(ctx, cart, idempotency_key)?;
        Ok(ctx.ports().customer_verify_email(token, with).await?.into())
    }

    /// Mails the link of a registration again. The answer is the same whether or not there is one.
    async fn customer_verification_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "E-mail address.")] email: String,
        #[graphql(desc = "Make one per action; a repeat sends no second mail.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(match checked_email(&email) {
            refusals if refusals.is_empty() => ctx.ports().customer_verification_send(email, key).await?.into(),
            refusals => refusals.into(),
        })
    }

    /// Mails a code to sign in with. The answer is the same whether or not the address has an account.
    async fn login_code_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "E-mail address.")] email: String,
        #[graphql(
            desc = "What an earlier sign-in on this device has handed out: mails that strangers ask for do not \
                          count against it."
        )]
        device_token: Option<String>,
        #[graphql(desc = "Make one per action; a repeat sends no second mail.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<LoginCodeSendPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(match checked_email(&email) {
            refusals if refusals.is_empty() => ctx.ports().login_code_send(email, device_token, key).await?.into(),
            refusals => CodeSent { code_token: None, refusals }.into(),
        })
    }

    /// Signs in. It begins a new session and ends the one that you came with; the guest's cart goes into the account in
    /// the same transaction, and no line of it is lost.
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How the shopper proves who they are.")] input: LoginInput,
        #[graphql(desc = "What becomes of lines that are in both carts.", default_with = "CartMergePolicy::Sum")]
        cart: CartMergePolicy,
        #[graphql(desc = "Make one per action; a repeat within ten minutes hands out fresh tokens.")]
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<LoginPayload> {
        let with = with(ctx, cart, idempotency_key)?;
        Ok(ctx.ports().login(input.into(), with).await?.into())
    }

    /// Begins a sign-in with an identity provider. Come back with `login(input: {oidc: …})` within ten minutes, from
    /// the same session.
    async fn oidc_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The provider's name, as the shop has configured it.")] provider: String,
        #[graphql(desc = "Where the provider sends the shopper back to: one of the addresses that the shop has \
                          configured, letter for letter.")]
        redirect_uri: Url,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<OidcStartPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(ctx.ports().oidc_start(provider, redirect_uri.0, key).await?.into())
    }

    /// Mails a link to replace a forgotten password. The answer is the same whether or not the address has an account.
    /// When it is `RATE_LIMITED`, the last link that was mailed may still be good.
    async fn password_reset_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "E-mail address.")] email: String,
        #[graphql(
            desc = "What an earlier sign-in on this device has handed out: mails that strangers ask for do not \
                          count against it."
        )]
        device_token: Option<String>,
        #[graphql(desc = "Make one per action; a repeat sends no second mail.")] idempotency_key: Option<
            IdempotencyKey,
        >,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(match checked_email(&email) {
            refusals if refusals.is_empty() => ctx.ports().password_reset_send(email, device_token, key).await?.into(),
            refusals => refusals.into(),
        })
    }

    /// Replaces a forgotten password, ends every session of the customer, and signs in.
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From the link in the mail: good for ten minutes, once.")] token: String,
        #[graphql(desc = "At least 8 characters, at most 128 bytes, and none that attackers try first.")]
        password: String,
        #[graphql(desc = "Make one per action; a repeat within ten minutes hands out fresh tokens.")]
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<LoginPayload> {
        let with = with(ctx, CartMergePolicy::Sum, idempotency_key)?;
        Ok(ctx.ports().password_reset(token, password, with).await?.into())
    }

    /// Signs out: the session ends, for its very next request on any replica. A customer's cart stays in the account.
    async fn logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<AckPayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(ctx.ports().logout(key).await?.refusals.into())
    }

    /// Ends one of the customer's sessions, for its very next request on any replica.
    async fn session_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which: see `viewer { customer { sessions } }`.")] id: ID,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<SessionRevokePayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        let Ok(session) = SessionId::decode(&id) else {
            let refusal = Refusal::at(RefusalKind::NotFound { id: None }, "id");
            return Ok(SessionsEnded { count: 0, refusals: vec![refusal] }.into());
        };
        Ok(ctx.ports().session_revoke(session, key).await?.into())
    }

    /// Ends all of the customer's sessions but this one.
    async fn session_revoke_others(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Make one per action.")] idempotency_key: Option<IdempotencyKey>,
    ) -> Result<SessionRevokePayload> {
        let key = ctx.idempotency_key(idempotency_key)?;
        Ok(ctx.ports().session_revoke_others(key).await?.into())
    }
}

fn with(ctx: &Context<'_>, policy: CartMergePolicy, key: Option<IdempotencyKey>) -> Result<SignInWith> {
    let selection = ctx.look_ahead();
    let cart = selection.field("cart");
    Ok(SignInWith {
        policy: policy.into(),
        idempotency_key: ctx.idempotency_key(key)?,
        cart: cart.exists().then(|| cart_hint(&cart)),
        customer: selection.field("customer").exists(),
    })
}

fn checked_email(email: &str) -> Vec<Refusal> {
    let mut check = Check::default();
    check.email(email, "email");
    check.finish()
}
