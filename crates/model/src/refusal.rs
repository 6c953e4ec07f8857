//! What the shop refuses, as data: the typed errors of a mutation's payload.

use crate::cart::CartStatus;
use crate::checkout::CheckoutRequirement;
use crate::id::{CartId, OrderId, VariantId};
use crate::money::Money;

/// One reason why a mutation did not do all it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub kind: RefusalKind,
    /// Where in the input: argument, index, field.
    pub path: Vec<String>,
}

impl Refusal {
    /// A refusal about a place in the input, as a dotted path: `lines.0.quantity`.
    #[must_use]
    pub fn at(kind: RefusalKind, path: &str) -> Self {
        Self { kind, path: path.split('.').map(str::to_owned).collect() }
    }

    /// A refusal about the call as a whole.
    #[must_use]
    pub fn whole(kind: RefusalKind) -> Self {
        Self { kind, path: Vec::new() }
    }
}

/// Why an input value was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// The kinds of refusal, each with its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalKind {
    /// A value the schema's types could not rule out.
    InvalidInput(InvalidReason),
    /// Not there, or not yours.
    NotFound {
        /// The id that was not found, as the client sent it.
        id: Option<String>,
    },
    /// The cart has moved on.
    RevisionConflict {
        /// Its revision now.
        current: i32,
    },
    /// The key was used with a different input.
    IdempotencyMismatch,
    /// The first call with this key is still running.
    IdempotencyInProgress {
        /// Milliseconds to wait before the same call again.
        retry_after_ms: u32,
    },
    /// More was asked for than can be sold.
    OutOfStock {
        /// Of this variant.
        variant: VariantId,
        /// Pieces left.
        available: i64,
    },
    /// A quantity that cannot be.
    QuantityRule {
        /// The least.
        min: i32,
        /// The most.
        max: i32,
    },
    /// The total is not the one the buyer agreed to.
    TotalChanged {
        /// What was agreed to.
        expected: Money,
        /// What it is.
        actual: Money,
    },
    /// The cart can no longer be changed.
    CartNotOpen {
        /// Its status.
        status: CartStatus,
        /// The order it became.
        order: Option<OrderId>,
        /// The cart that its lines are in now.
        merged_into: Option<CartId>,
    },
    /// The cart cannot be ordered yet.
    CartNotReady {
        /// What it lacks.
        missing: Vec<CheckoutRequirement>,
    },
    /// Too many attempts, or too much work at once.
    RateLimited {
        /// Milliseconds to wait before the next.
        retry_after_ms: u32,
    },
    /// Who the caller is was not shown.
    Identity(IdentityRefusal),
}

/// The kinds of refusal that are about who the caller is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityRefusal {
    /// The session was revoked or has expired.
    SessionRevoked,
    /// The refresh token is not, or no longer, good.
    RefreshTokenInvalid,
    /// Only for signed-in customers, or only soon after signing in.
    SignInRequired,
    /// No account with these credentials; which of them is wrong is not told.
    InvalidCredentials,
    /// A link or state that is not, or no longer, good.
    OneTimeTokenInvalid,
    /// A password that cannot be taken.
    PasswordRejected(PasswordFault),
    /// An identity provider that is not configured, or refused, or tells too little.
    ProviderRefused(ProviderFault),
    /// An identity provider that cannot be reached.
    ProviderUnavailable {
        /// Milliseconds to wait before the next try.
        retry_after_ms: u32,
    },
}

/// Why a password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordFault {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProviderFault {
    /// No such provider.
    Unknown,
    /// The address to return to is not one of those configured.
    RedirectNotAllowed,
    /// The provider, or its answer, says no.
    Refused,
    /// The provider tells no e-mail address that it has verified.
    EmailNeeded,
}
