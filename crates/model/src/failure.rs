//! Why a port could not answer. Not what the shop refuses: that is data, see [`crate::Refusal`].

/// A failure that a client learns of by its code alone. It does not implement `Display` on purpose: the engine turns
/// anything that does into a client message, and no text of the database may leave the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The database cannot be reached or no connection came free in time. Try again.
    Unavailable,
    /// A lock was not free in time. Nothing was changed; try again after this many milliseconds.
    Busy {
        /// Milliseconds to wait.
        retry_after_ms: u32,
    },
    /// The session behind the access token was revoked or has expired.
    SessionRevoked,
    /// The operation needs a session and the request has none.
    SessionRequired,
    /// A value that the schema's types could not rule out. The text is made from client data alone.
    BadInput(String),
    /// A fault of ours. It is logged where it happens, under the request's id.
    Internal,
}
