//! From what went wrong with the database to what a client may know of it. The text stays in our log, where the store
//! has put it.

use tidegate_model::Failure;
use tidegate_store::StoreError;

/// How long a client should wait when a lock was not free.
const RETRY_AFTER_MS: u32 = 250;

/// Forgets the text.
#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
pub(crate) fn failure(error: StoreError) -> Failure {
    match error {
        StoreError::NoConnection | StoreError::Unavailable(_) => Failure::Unavailable,
        StoreError::Busy { .. } => Failure::Busy { retry_after_ms: RETRY_AFTER_MS },
        StoreError::Timeout => Failure::Busy { retry_after_ms: RETRY_AFTER_MS * 4 },
        StoreError::BadValue => Failure::BadInput("a value cannot be stored or is not of this list".to_owned()),
        StoreError::Address(_) | StoreError::Inconsistent { .. } | StoreError::Panicked | StoreError::Unexpected(_) => {
            Failure::Internal
        }
    }
}
