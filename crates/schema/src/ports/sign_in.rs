//! Registering, signing in and out.

use async_trait::async_trait;
use tidegate_model::Refusal;
use tidegate_model::cart::{Cart, CartHint};
use tidegate_model::id::SessionId;
use tidegate_model::identity::{CartMergePolicy, Customer, Session, Tokens};
use uuid::Uuid;

use super::Answer;

/// A registration as it was asked for.
#[derive(Clone)]
pub struct Registration {
    /// E-mail address.
    pub email: String,
    /// Password, in clear.
    pub password: String,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
}

/// What a shopper proves who they are with. Secrets are in clear.
#[derive(Clone)]
pub enum Login {
    /// A password.
    Password {
        /// E-mail address.
        email: String,
        /// Password.
        password: String,
        /// A token of a device that has signed in before.
        device_token: Option<String>,
    },
    /// A code from a mail.
    OneTimeCode {
        /// E-mail address.
        email: String,
        /// The code.
        code: String,
        /// What asking for it has handed out.
        code_token: Option<String>,
    },
    /// An answer of a provider.
    Oidc {
        /// Ours, as it came back.
        state: String,
        /// The provider's.
        code: String,
        /// The provider's address, where it tells it (RFC 9207).
        issuer: Option<String>,
    },
}

/// What every sign-in is done with.
#[derive(Debug, Clone, Copy)]
pub struct SignInWith {
    /// What becomes of lines that are in both carts.
    pub policy: CartMergePolicy,
    /// The client's key.
    pub idempotency_key: Option<Uuid>,
    /// What to read of the cart afterwards.
    pub cart: Option<CartHint>,
    /// Whether the customer is selected.
    pub customer: bool,
}

/// What came of a sign-in.
#[derive(Debug, Clone, Default)]
pub struct SignedIn {
    /// The tokens.
    pub tokens: Option<Tokens>,
    /// The session they belong to.
    pub session: Option<Session>,
    /// Whose it is.
    pub customer: Option<Customer>,
    /// The open cart, with what the guest brought.
    pub cart: Option<Cart>,
    /// For the device's next sign-in.
    pub device_token: Option<String>,
    /// Why there is none.
    pub refusals: Vec<Refusal>,
}

/// What came of a sign-in that goes to a provider.
#[derive(Debug, Clone, Default)]
pub struct OidcStarted {
    /// Where to send the shopper.
    pub url: Option<String>,
    /// Tokens, when a guest session was made for it.
    pub tokens: Option<Tokens>,
    /// Why there is none.
    pub refusals: Vec<Refusal>,
}

/// What came of asking for a code.
#[derive(Debug, Clone, Default)]
pub struct CodeSent {
    /// To be sent along with the code.
    pub code_token: Option<String>,
    /// Why there is none.
    pub refusals: Vec<Refusal>,
}

/// What came of ending sessions.
#[derive(Debug, Clone, Default)]
pub struct SessionsEnded {
    /// How many.
    pub count: i64,
    /// Why none.
    pub refusals: Vec<Refusal>,
}

/// Registering, signing in and out.
#[async_trait]
pub trait SignInPort: Send + Sync {
    /// Keeps a registration and mails a link. What is answered does not tell whether the address has an account.
    async fn customer_register(&self, registration: Registration, key: Option<Uuid>) -> Answer<Vec<Refusal>>;

    /// Mails another link for the registration that waits.
    async fn customer_verification_send(&self, email: String, key: Option<Uuid>) -> Answer<Vec<Refusal>>;

    /// Makes the customer of a registration and signs in.
    async fn customer_verify_email(&self, token: String, with: SignInWith) -> Answer<SignedIn>;

    /// Mails a code to sign in with.
    async fn login_code_send(&self, email: String, device_token: Option<String>, key: Option<Uuid>)
    -> Answer<CodeSent>;

    /// Signs in.
    async fn login(&self, login: Login, with: SignInWith) -> Answer<SignedIn>;

    /// Begins a sign-in with a provider.
    async fn oidc_start(&self, provider: String, redirect_uri: String, key: Option<Uuid>) -> Answer<OidcStarted>;

    /// Mails a link to replace a password.
    async fn password_reset_send(
        &self,
        email: String,
        device_token: Option<String>,
        key: Option<Uuid>,
    ) -> Answer<Vec<Refusal>>;

    /// Replaces the password, ends all sessions and signs in.
    async fn password_reset(&self, token: String, password: String, with: SignInWith) -> Answer<SignedIn>;

    /// Ends the viewer's session.
    async fn logout(&self, key: Option<Uuid>) -> Answer<SessionsEnded>;

    /// Ends one of the viewer's sessions.
    async fn session_revoke(&self, session: SessionId, key: Option<Uuid>) -> Answer<SessionsEnded>;

    /// Ends all of the customer's sessions but the viewer's.
    async fn session_revoke_others(&self, key: Option<Uuid>) -> Answer<SessionsEnded>;
}
