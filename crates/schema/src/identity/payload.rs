//! What identity mutations answer.

use async_graphql::{Enum, SimpleObject};
use tidegate_model::Refusal;

use super::customer::{Customer, CustomerAddress};
use super::session::{Session, SessionTokens};
use crate::cart::Cart;
use crate::ports::{AddressSaved, CodeSent, CustomerChanged, OidcStarted, SessionsEnded, SignedIn};
use crate::user_error::{UserError, user_errors};

/// What becomes of the pieces of a line that is in both carts when one is merged into another. A line that is in one of
/// them is always kept. At a sign-in, the guest's cart is merged into the customer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::identity::CartMergePolicy")]
pub enum CartMergePolicy {
    /// They are added.
    Sum,
    /// The greater number remains.
    Maximum,
    /// The number of the cart that is merged into remains.
    KeepInto,
    /// The number of the cart that is merged remains.
    KeepFrom,
}

/// What came of a sign-in.
#[derive(Debug, SimpleObject)]
pub struct LoginPayload {
    /// The tokens of a new session; the one that you came with has ended. Null when `errors` is not empty, and when a
    /// call is repeated after ten minutes.
    tokens: Option<SessionTokens>,
    /// The new session.
    session: Option<Session>,
    /// Who signed in.
    customer: Option<Customer>,
    /// The customer's open cart, with what the guest had in theirs; null when there is neither.
    cart: Option<Cart>,
    /// Keep it on this device, also after a sign-out, and send it with the next password: attempts of strangers then
    /// cannot lock this customer out. Good for 180 days; it grants nothing by itself.
    device_token: Option<String>,
    /// Why nobody was signed in.
    errors: Vec<UserError>,
}

impl From<SignedIn> for LoginPayload {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            tokens: signed_in.tokens.map(SessionTokens::from),
            session: signed_in.session.map(Session),
            customer: signed_in.customer.map(Customer),
            cart: signed_in.cart.map(Cart::from),
            device_token: signed_in.device_token,
            errors: user_errors(signed_in.refusals),
        }
    }
}

/// Where a sign-in with a provider begins.
#[derive(Debug, SimpleObject)]
pub struct OidcStartPayload {
    /// Send the shopper there.
    url: Option<String>,
    /// Tokens of a guest session, when you came without one: the answer of the provider is good for this session alone.
    tokens: Option<SessionTokens>,
    /// Why there is none.
    errors: Vec<UserError>,
}

impl From<OidcStarted> for OidcStartPayload {
    fn from(started: OidcStarted) -> Self {
        Self {
            url: started.url,
            tokens: started.tokens.map(SessionTokens::from),
            errors: user_errors(started.refusals),
        }
    }
}

/// An acknowledgement. Where the answer must not tell whether an e-mail address has an account, it never does.
#[derive(Debug, SimpleObject)]
pub struct AckPayload {
    /// Whether the call was taken.
    accepted: bool,
    /// Why it was not.
    errors: Vec<UserError>,
}

impl From<Vec<Refusal>> for AckPayload {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self { accepted: refusals.is_empty(), errors: user_errors(refusals) }
    }
}

/// What came of asking for a code to sign in with. It does not tell whether the e-mail address has an account.
#[derive(Debug, SimpleObject)]
pub struct LoginCodeSendPayload {
    /// Whether the call was taken.
    accepted: bool,
    /// Send it along with the code that the shopper types: the tries at that code are then your own. It signs nobody in
    /// by itself, and ends with the code. Null when `errors` is not empty.
    code_token: Option<String>,
    /// Why it was not.
    errors: Vec<UserError>,
}

impl From<CodeSent> for LoginCodeSendPayload {
    fn from(sent: CodeSent) -> Self {
        let CodeSent { code_token, refusals } = sent;
        Self { accepted: refusals.is_empty(), code_token, errors: user_errors(refusals) }
    }
}

/// What came of ending sessions.
#[derive(Debug, SimpleObject)]
pub struct SessionRevokePayload {
    /// How many have ended.
    revoked_count: i32,
    /// Why none has.
    errors: Vec<UserError>,
}

impl From<SessionsEnded> for SessionRevokePayload {
    fn from(ended: SessionsEnded) -> Self {
        Self { revoked_count: i32::try_from(ended.count).unwrap_or(i32::MAX), errors: user_errors(ended.refusals) }
    }
}

/// What came of a change of an account.
#[derive(Debug, SimpleObject)]
pub struct CustomerPayload {
    /// The customer as it is now; null for a guest.
    customer: Option<Customer>,
    /// Why nothing was changed.
    errors: Vec<UserError>,
}

impl From<CustomerChanged> for CustomerPayload {
    fn from(changed: CustomerChanged) -> Self {
        Self { customer: changed.customer.map(Customer), errors: user_errors(changed.refusals) }
    }
}

/// What came of saving an address.
#[derive(Debug, SimpleObject)]
pub struct AddressPayload {
    /// The address as it is now.
    address: Option<CustomerAddress>,
    /// Why it was not saved.
    errors: Vec<UserError>,
}

impl From<AddressSaved> for AddressPayload {
    fn from(saved: AddressSaved) -> Self {
        Self { address: saved.address.map(CustomerAddress), errors: user_errors(saved.refusals) }
    }
}
