//! What the shop refuses, as data in a payload's `errors`. Each type carries what a front end needs to act on it.

use async_graphql::{Enum, ID, Interface, SimpleObject};
use tidegate_model as model;
use tidegate_model::RefusalKind;

use crate::cart::CartStatus;
use crate::checkout::CheckoutRequirement;
use crate::money::Money;

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::refusal::PasswordFault")]
pub enum PasswordRejection {
    /// Fewer than 8 characters.
    TooShort,
    /// More than 128 bytes in UTF-8.
    TooLong,
    /// Characters that cannot be typed again, such as NUL.
    BadCharacters,
    /// Known from breaches, or the same as the e-mail address.
    Common,
}

/// Why a sign-in through a provider was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::refusal::ProviderFault")]
pub enum ProviderRefusal {
    /// No provider of this shop has the name.
    Unknown,
    /// The address to return to is not one of those that the shop has configured, letter for letter.
    RedirectNotAllowed,
    /// The provider said no, or its answer could not be verified.
    Refused,
    /// The provider tells no e-mail address that it has verified: sign in another way.
    EmailNeeded,
}

/// Why an input value was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "tidegate_model::refusal::InvalidReason")]
pub enum InvalidReason {
    /// Longer than the field takes.
    TooLong,
    /// Empty where something is needed.
    Blank,
    /// More elements than the list takes.
    TooMany,
    /// Not of the form the field needs.
    Malformed,
    /// Characters that cannot be stored, such as NUL.
    BadCharacters,
}

macro_rules! user_errors {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, SimpleObject)]
            pub struct $name {
                /// Stable and upper case, for your code. New codes may come; treat one you do not know as a refusal.
                pub code: String,
                /// For a developer's eyes, in English.
                pub message: String,
                /// Where in the input: argument, index, field. Null when it is about the call as a whole.
                pub path: Option<Vec<String>>,
                $($(#[$field_doc])* pub $field: $ty,)*
            }
        )*

        /// One reason why a mutation did not do what it was asked. Select it by this interface, and the types you act
        /// on: new types may come.
        #[derive(Debug, Clone, Interface)]
        #[graphql(
            field(name = "code", ty = "&String", desc = "Stable and upper case, for your code. New codes may come; treat one you do not know as a refusal."),
            field(name = "message", ty = "&String", desc = "For a developer's eyes, in English."),
            field(name = "path", ty = "&Option<Vec<String>>", desc = "Where in the input: argument, index, field. Null when it is about the call as a whole.")
        )]
        pub enum UserError {
            $(
                #[doc = concat!("See ", stringify!($name), ".")]
                $name($name),
            )*
        }
    };
}

user_errors! {
    /// A value that cannot be taken as it is.
    InvalidInputError {
        /// Why.
        reason: InvalidReason,
    }
    /// Something that is not there, or not yours: the two are not told apart.
    NotFoundError {
        /// The id that was not found, as you sent it.
        id: Option<ID>,
    }
    /// `ifRevision` was given and the cart has moved on. The payload's cart is the current one.
    RevisionConflictError {
        /// The cart's revision now.
        current_revision: i32,
    }
    /// The idempotency key was used before with a different input. Make a new key for a new action.
    IdempotencyMismatchError {
    }
    /// The first call with this idempotency key is still running. Send the same call again.
    IdempotencyInProgressError {
        /// Milliseconds to wait first.
        retry_after_ms: i32,
    }
    /// More is asked for than can be sold now.
    OutOfStockError {
        /// Of this variant.
        variant_id: ID,
        /// Pieces that can be sold now.
        available: i32,
    }
    /// A quantity that a line cannot hold.
    QuantityRuleError {
        /// The least.
        min: i32,
        /// The most.
        max: i32,
        /// Quantities go up in steps of this.
        increment: i32,
    }
    /// The total is no longer the one the buyer agreed to. Show the new one and ask again.
    TotalChangedError {
        /// What you sent.
        expected: Money,
        /// What it is now.
        actual: Money,
    }
    /// The cart can no longer be changed.
    CartNotOpenError {
        /// Its status.
        status: CartStatus,
        /// The order it became.
        order_id: Option<ID>,
        /// The cart that its lines are in now.
        merged_into_id: Option<ID>,
    }
    /// The cart cannot be ordered yet.
    CartNotReadyError {
        /// What it lacks.
        missing: Vec<CheckoutRequirement>,
    }
    /// The session has ended. Start a new one.
    SessionRevokedError {
    }
    /// The refresh token is not, or no longer, good. Start a new session.
    RefreshTokenInvalidError {
    }
    /// Only for signed-in customers; where an account has no password, only within ten minutes of signing in.
    SignInRequiredError {
    }
    /// No account with these credentials. Which of them is wrong is not told.
    InvalidCredentialsError {
    }
    /// The link, code or state is not, or no longer, good: it is used, too old, or for something or somebody else.
    OneTimeTokenInvalidError {
    }
    /// A password that cannot be taken.
    PasswordRejectedError {
        /// Why.
        reason: PasswordRejection,
    }
    /// Too many attempts, or too much work at once. Nothing was changed.
    RateLimitedError {
        /// Milliseconds to wait first.
        retry_after_ms: i32,
    }
    /// The identity provider cannot sign the shopper in.
    ProviderRefusedError {
        /// Why.
        reason: ProviderRefusal,
    }
    /// The identity provider cannot be reached now. Start the sign-in again.
    ProviderUnavailableError {
        /// Milliseconds to wait first.
        retry_after_ms: i32,
    }
}

/// One error of the interface, with its code, message and data.
macro_rules! error {
    ($path:ident, $name:ident, $code:literal, $message:expr $(, $field:ident: $value:expr)*) => {
        $name { code: $code.to_owned(), message: $message.into(), path: $path $(, $field: $value)* }.into()
    };
}

/// The interface's getters return references, which the macro of the objects provides for plain fields.
impl From<model::Refusal> for UserError {
    fn from(refusal: model::Refusal) -> Self {
        let path = (!refusal.path.is_empty()).then_some(refusal.path);
        match refusal.kind {
            RefusalKind::InvalidInput(reason) => {
                error!(path, InvalidInputError, "INVALID_INPUT", invalid_message(reason), reason: reason.into())
            }
            RefusalKind::NotFound { id } => {
                error!(path, NotFoundError, "NOT_FOUND", "There is no such thing, or it is not yours.", id: id.map(ID))
            }
            RefusalKind::RevisionConflict { current } => error!(path, RevisionConflictError, "REVISION_CONFLICT",
                format!("The cart is at revision {current}."), current_revision: current
            ),
            RefusalKind::IdempotencyMismatch => error!(
                path,
                IdempotencyMismatchError,
                "IDEMPOTENCY_MISMATCH",
                "This idempotency key was used with a different input."
            ),
            RefusalKind::IdempotencyInProgress { retry_after_ms } => {
                error!(path, IdempotencyInProgressError, "IDEMPOTENCY_IN_PROGRESS",
                    "The first call with this idempotency key is still running.",
                    retry_after_ms: retry_after_ms.cast_signed()
                )
            }
            RefusalKind::OutOfStock { variant, available } => {
                error!(path, OutOfStockError, "OUT_OF_STOCK", format!("{available} left."),
                    variant_id: ID(variant.encode()), available: i32::try_from(available).unwrap_or(i32::MAX)
                )
            }
            RefusalKind::QuantityRule { min, max } => {
                error!(path, QuantityRuleError, "QUANTITY_RULE", format!("A quantity is {min} to {max}."),
                    min: min, max: max, increment: 1
                )
            }
            RefusalKind::TotalChanged { expected, actual } => error!(path, TotalChangedError, "TOTAL_CHANGED",
                format!("The total is {} {}.", actual.decimal(), actual.currency.code()),
                expected: Money(expected), actual: Money(actual)
            ),
            RefusalKind::CartNotOpen { status, order, merged_into } => {
                error!(path, CartNotOpenError, "CART_NOT_OPEN", "The cart can no longer be changed.",
                    status: status.into(), order_id: order.map(|order| ID(order.encode())),
                    merged_into_id: merged_into.map(|cart| ID(cart.encode()))
                )
            }
            RefusalKind::CartNotReady { missing } => {
                error!(path, CartNotReadyError, "CART_NOT_READY", "The cart cannot be ordered yet.",
                    missing: missing.into_iter().map(Into::into).collect()
                )
            }
            RefusalKind::RateLimited { retry_after_ms } => {
                error!(path, RateLimitedError, "RATE_LIMITED", "Too many attempts; wait a little.",
                    retry_after_ms: i32::try_from(retry_after_ms).unwrap_or(i32::MAX)
                )
            }
            RefusalKind::Identity(kind) => identity_error(kind, path),
        }
    }
}

fn identity_error(kind: model::refusal::IdentityRefusal, path: Option<Vec<String>>) -> UserError {
    use model::refusal::IdentityRefusal as Kind;
    match kind {
        Kind::SessionRevoked => error!(path, SessionRevokedError, "SESSION_REVOKED", "The session has ended."),
        Kind::RefreshTokenInvalid => error!(
            path,
            RefreshTokenInvalidError, "REFRESH_TOKEN_INVALID", "The refresh token is not, or no longer, good."
        ),
        Kind::SignInRequired => {
            error!(path, SignInRequiredError, "SIGN_IN_REQUIRED", "This is for customers who have signed in.")
        }
        Kind::InvalidCredentials => {
            error!(path, InvalidCredentialsError, "INVALID_CREDENTIALS", "There is no account with these credentials.")
        }
        Kind::OneTimeTokenInvalid => error!(
            path,
            OneTimeTokenInvalidError, "ONE_TIME_TOKEN_INVALID", "The link or code is not, or no longer, good."
        ),
        Kind::PasswordRejected(reason) => {
            error!(path, PasswordRejectedError, "PASSWORD_REJECTED", password_message(reason), reason: reason.into()
            )
        }
        Kind::ProviderRefused(reason) => {
            error!(path, ProviderRefusedError, "PROVIDER_REFUSED", "The provider cannot sign the shopper in.",
                reason: reason.into()
            )
        }
        Kind::ProviderUnavailable { retry_after_ms } => {
            error!(path, ProviderUnavailableError, "PROVIDER_UNAVAILABLE", "The provider cannot be reached.",
                retry_after_ms: i32::try_from(retry_after_ms).unwrap_or(i32::MAX)
            )
        }
    }
}

fn invalid_message(reason: model::refusal::InvalidReason) -> &'static str {
    use model::refusal::InvalidReason as Reason;
    match reason {
        Reason::TooLong => "The value is too long.",
        Reason::Blank => "The value must not be empty.",
        Reason::TooMany => "The list is too long.",
        Reason::Malformed => "The value is not of the form this field needs.",
        Reason::BadCharacters => "The value holds characters that cannot be stored.",
    }
}

fn password_message(fault: model::refusal::PasswordFault) -> &'static str {
    use model::refusal::PasswordFault as Fault;
    match fault {
        Fault::TooShort => "A password has at least 8 characters.",
        Fault::TooLong => "A password has at most 128 bytes.",
        Fault::BadCharacters => "The password holds characters that cannot be typed again.",
        Fault::Common => "The password is one that attackers try first.",
    }
}

/// Turns refusals into what a payload lists.
#[must_use]
pub fn user_errors(refusals: Vec<model::Refusal>) -> Vec<UserError> {
    refusals.into_iter().map(UserError::from).collect()
}
