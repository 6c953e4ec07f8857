//! Idempotency keys: whose they are, and what they were used for.

use serde_json::Value;
use tidegate_auth::digest;
use tidegate_model::Failure;
use tidegate_model::identity::Viewer;
use tidegate_model::{Refusal, RefusalKind};
use tidegate_store::{Claim, StoreError};
use uuid::Uuid;

use crate::failure::failure;

/// Milliseconds after which a repeat may find the first call done.
const RETRY_AFTER_MS: u32 = 500;

/// The claim on a key: hashed with its scope, beside a hash of the input. A key belongs to the session that uses it, to
/// the holder of a cart's secret, or, before there is either, to whoever made it up.
pub(crate) fn claim(viewer: &Viewer, key: Uuid, operation: &str, input: &Value) -> Claim {
    let scope = match (viewer.session, viewer.cart_secret) {
        (Some(session), _) => format!("session:{}", session.0),
        (None, Some(secret)) => format!("secret:{}", Uuid::new_v5(&Uuid::NAMESPACE_OID, &secret)),
        (None, None) => "anonymous".to_owned(),
    };
    Claim { key_hash: digest::idempotency_hash(&scope, key), input_hash: digest::input_hash(operation, input) }
}

/// A write that waited in vain for the first call with its key is told so; every other failure stays one.
pub(crate) fn in_progress(error: StoreError) -> Result<Refusal, Failure> {
    match error {
        StoreError::Busy { on_key: true } => {
            Ok(Refusal::whole(RefusalKind::IdempotencyInProgress { retry_after_ms: RETRY_AFTER_MS }))
        }
        error => Err(failure(error)),
    }
}
