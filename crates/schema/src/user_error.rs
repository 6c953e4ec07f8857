//! What the shop refuses, as data in a payload's `errors`. Each type carries what a front end needs to act on it.

use async_graphql::{Enum, ID, Interface, SimpleObject};
use tidegate_model as model;
use tidegate_model::RefusalKind;

use crate::cart::CartStatus;
use crate::checkout::CheckoutRequirement;
use crate::money::Money;

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
}

/// The interface's getters return references, which the macro of the objects provides for plain fields.
impl From<model::Refusal> for UserError {
    fn from(refusal: model::Refusal) -> Self {
        let path = (!refusal.path.is_empty()).then_some(refusal.path);
        macro_rules! error {
            ($name:ident, $code:literal, $message:expr $(, $field:ident: $value:expr)*) => {
                $name { code: $code.to_owned(), message: $message.into(), path $(, $field: $value)* }.into()
            };
        }
        match refusal.kind {
            RefusalKind::InvalidInput(reason) => {
                error!(InvalidInputError, "INVALID_INPUT", invalid_message(reason), reason: reason.into())
            }
            RefusalKind::NotFound { id } => {
                error!(NotFoundError, "NOT_FOUND", "There is no such thing, or it is not yours.", id: id.map(ID))
            }
            RefusalKind::RevisionConflict { current } => error!(
                RevisionConflictError, "REVISION_CONFLICT",
                format!("The cart is at revision {current}."), current_revision: current
            ),
            RefusalKind::IdempotencyMismatch => error!(
                IdempotencyMismatchError,
                "IDEMPOTENCY_MISMATCH", "This idempotency key was used with a different input."
            ),
            RefusalKind::IdempotencyInProgress { retry_after_ms } => error!(
                IdempotencyInProgressError, "IDEMPOTENCY_IN_PROGRESS",
                "The first call with this idempotency key is still running.",
                retry_after_ms: retry_after_ms.cast_signed()
            ),
            RefusalKind::OutOfStock { variant, available } => error!(
                OutOfStockError, "OUT_OF_STOCK", format!("{available} left."),
                variant_id: ID(variant.encode()), available: i32::try_from(available).unwrap_or(i32::MAX)
            ),
            RefusalKind::QuantityRule { min, max } => error!(
                QuantityRuleError, "QUANTITY_RULE", format!("A quantity is {min} to {max}."),
                min: min, max: max, increment: 1
            ),
            RefusalKind::TotalChanged { expected, actual } => error!(
                TotalChangedError, "TOTAL_CHANGED",
                format!("The total is {} {}.", actual.decimal(), actual.currency.code()),
                expected: Money(expected), actual: Money(actual)
            ),
            RefusalKind::CartNotOpen { status, order } => error!(
                CartNotOpenError, "CART_NOT_OPEN", "The cart can no longer be changed.",
                status: status.into(), order_id: order.map(|order| ID(order.encode()))
            ),
            RefusalKind::CartNotReady { missing } => error!(
                CartNotReadyError, "CART_NOT_READY", "The cart cannot be ordered yet.",
                missing: missing.into_iter().map(Into::into).collect()
            ),
            RefusalKind::SessionRevoked => error!(SessionRevokedError, "SESSION_REVOKED", "The session has ended."),
            RefusalKind::RefreshTokenInvalid => error!(
                RefreshTokenInvalidError,
                "REFRESH_TOKEN_INVALID", "The refresh token is not, or no longer, good."
            ),
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

/// Turns refusals into what a payload lists.
#[must_use]
pub fn user_errors(refusals: Vec<model::Refusal>) -> Vec<UserError> {
    refusals.into_iter().map(UserError::from).collect()
}
