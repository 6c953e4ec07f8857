//! Errors at the top level of an answer: the client's mistakes and our faults, each with a code. What the shop refuses
//! is data, see [`crate::user_error`].

use async_graphql::ErrorExtensions as _;
use tidegate_model::Failure;

/// A failure on its way to the client. It does not implement `Display`: the engine would turn that into a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(pub Failure);

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

/// What fields return.
pub type Result<T> = std::result::Result<T, Error>;

/// What nullable fields return. The engine lets an error of `Result<Option<T>>` null the parent; the specification, and
/// this type, the field alone.
pub type Nullable<T> = Option<Result<T>>;

/// What a port found for a nullable field, as the field shows it.
pub(crate) fn nullable<T, U>(
    found: std::result::Result<Option<T>, Failure>,
    shown: impl FnOnce(T) -> U,
) -> Nullable<U> {
    found.map_err(Error::from).transpose().map(|found| found.map(shown))
}

impl From<Error> for async_graphql::Error {
    fn from(Error(failure): Error) -> Self {
        let (code, message, retry_after_ms) = match failure {
            Failure::Unavailable => ("UNAVAILABLE", "The shop is not available right now.".to_owned(), Some(1_000)),
            Failure::Busy { retry_after_ms } => {
                ("TRY_AGAIN", "Another change is in progress; nothing was changed.".to_owned(), Some(retry_after_ms))
            }
            Failure::SessionRevoked => ("SESSION_REVOKED", "The session has ended.".to_owned(), None),
            Failure::SessionRequired => ("SESSION_REQUIRED", "This needs an access token.".to_owned(), None),
            Failure::BadInput(message) => ("BAD_USER_INPUT", message, None),
            Failure::Internal => ("INTERNAL_ERROR", "Something went wrong on our side.".to_owned(), None),
        };
        Self::new(message).extend_with(|_, extensions| {
            extensions.set("code", code);
            if let Some(wait) = retry_after_ms {
                extensions.set("retryAfterMs", wait);
            }
        })
    }
}
