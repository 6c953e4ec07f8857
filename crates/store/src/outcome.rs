//! What the writing functions return: the outcome that an idempotency row keeps.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::StoreError;

/// An idempotency key as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Hash of key and scope.
    pub key_hash: [u8; 32],
    /// Hash of the canonical input.
    pub input_hash: [u8; 32],
}

impl Claim {
    pub(crate) fn hashes(claim: Option<&Self>) -> (Option<&[u8]>, Option<&[u8]>) {
        (claim.map(|claim| claim.key_hash.as_slice()), claim.map(|claim| claim.input_hash.as_slice()))
    }
}

/// A refusal of the whole call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Refused {
    /// The key was used with another input.
    IdempotencyMismatch,
    /// Not there, or not the caller's.
    NotFound,
    /// The caller's session has ended.
    SessionRevoked,
}

/// What a write came to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Outcome {
    /// The call was refused as a whole.
    #[serde(default)]
    pub refused: Option<Refused>,
    /// The cart.
    #[serde(default)]
    pub cart: Option<Uuid>,
    /// The revision that the call made or found.
    #[serde(default)]
    pub revision: Option<i32>,
    /// The order.
    #[serde(default)]
    pub order: Option<Uuid>,
    /// The session that was made.
    #[serde(default)]
    pub session: Option<Uuid>,
    /// The customer who signed in.
    #[serde(default)]
    pub customer: Option<Uuid>,
    /// The address that was saved.
    #[serde(default)]
    pub address: Option<Uuid>,
    /// The sign-in that went to a provider.
    #[serde(default)]
    pub sign_in: Option<Uuid>,
    /// The row of the link or code that was sent.
    #[serde(default)]
    pub token: Option<Uuid>,
    /// The key that derives the secrets of the sign-in or of the link or code.
    #[serde(default)]
    pub kid: Option<String>,
    /// How many were ended.
    #[serde(default)]
    pub count: Option<i64>,
    /// The refresh token whose hash was passed in is live.
    #[serde(default)]
    pub tokens: bool,
    /// The secret whose hash was passed in opens the cart.
    #[serde(default)]
    pub secret: bool,
    /// It is the outcome of an earlier call with the same key.
    #[serde(default)]
    pub replayed: bool,
    /// Typed errors; nothing was changed when there are any.
    #[serde(default)]
    pub errors: Vec<OutcomeError>,
}

/// A typed error, with what its code needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "code", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OutcomeError {
    /// A variant or line that is not there.
    NotFound {
        /// Index of the operation.
        op: usize,
        /// Index in its list.
        at: usize,
        /// The variant.
        variant: Option<Uuid>,
        /// The line.
        line: Option<Uuid>,
    },
    /// More lines than a cart holds.
    TooManyLines {
        /// Index of the operation.
        op: usize,
    },
    /// A line would hold more than it can.
    QuantityRule,
    /// The cart has moved on.
    RevisionConflict {
        /// Its revision.
        current: i32,
    },
    /// It has become an order.
    CartNotOpen {
        /// Which.
        order: Option<Uuid>,
        /// The cart that its lines are in now.
        #[serde(default)]
        into: Option<Uuid>,
        /// `from` or `into`, where two carts are named.
        #[serde(default)]
        side: Option<String>,
    },
    /// One of two carts is not there, or not the caller's.
    CartNotFound {
        /// `from` or `into`.
        side: String,
    },
    /// Only for customers.
    SignInRequired,
    /// No account with these credentials.
    InvalidCredentials,
    /// A link or code that is not, or no longer, good.
    OneTimeTokenInvalid,
    /// Too many attempts.
    RateLimited {
        /// Milliseconds to wait.
        retry_after_ms: i64,
    },
    /// No such address of the customer's.
    AddressNotFound,
    /// More addresses than a customer can keep.
    TooManyAddresses,
    /// No such session of the customer's.
    SessionNotFound,
    /// Not the customer's own e-mail address.
    ConfirmationMismatch,
    /// The provider tells no e-mail address that it has verified.
    EmailNeeded,
    /// It lacks something.
    CartNotReady {
        /// What: `LINES`, `BUYER_EMAIL`, `SHIPPING_ADDRESS`.
        missing: Vec<String>,
    },
    /// More than can be sold.
    OutOfStock {
        /// Of this variant.
        variant: Uuid,
        /// Pieces left.
        available: i64,
    },
    /// Not the total that was agreed to. Minor units.
    TotalChanged {
        /// What was agreed to.
        expected: i64,
        /// Its currency.
        expected_currency: String,
        /// What it is.
        actual: i64,
        /// Its currency.
        actual_currency: String,
    },
}

/// Calls a function that returns an outcome.
macro_rules! outcome {
    ($conn:expr, $statement:literal, $($argument:expr),* $(,)?) => {{
        let value = sqlx::query_scalar!($statement, $($argument),*).fetch_one($conn).await?;
        Outcome::read(value.0)
    }};
}
pub(crate) use outcome;

impl Outcome {
    pub(crate) fn read(value: Value) -> Result<Self, StoreError> {
        serde_json::from_value(value).map_err(|error| StoreError::Unexpected(sqlx::Error::Decode(error.into())))
    }
}
