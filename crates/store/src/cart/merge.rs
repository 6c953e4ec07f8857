//! Merges one cart into another.

use serde_json::Value;
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::id::CartId;
use tidegate_model::identity::{CartMergePolicy, Viewer};
use time::OffsetDateTime;

use crate::identity::policy;
use crate::outcome::{Claim, Outcome, outcome};
use crate::{Statements, Store, StoreError};

/// A merge of two carts.
#[derive(Debug, Clone)]
pub struct CartMerge {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The cart to empty.
    pub from: CartId,
    /// The hash of the secret that opens it, where it is not the viewer's own.
    pub from_secret_hash: Option<[u8; 32]>,
    /// The cart that its lines go into.
    pub into: CartId,
    /// Who asks.
    pub viewer: Viewer,
    /// What becomes of lines that are in both.
    pub policy: CartMergePolicy,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

impl Store {
    /// Merges one cart into another.
    pub async fn cart_merge(&self, statements: Arc<Statements>, merge: CartMerge) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| {
            Box::pin(async move {
                let (key_hash, input_hash) = Claim::hashes(merge.claim.as_ref());
                outcome!(
                    conn,
                    r#"select cart_merge_v1($1, $2, $3, $4, $5, $6, $7, $8, $9) as "outcome!: Json<Value>""#,
                    key_hash,
                    input_hash,
                    merge.from.0,
                    merge.from_secret_hash.as_ref().map(<[u8; 32]>::as_slice),
                    merge.into.0,
                    merge.viewer.session.map(|session| session.0),
                    merge.viewer.cart_secret.as_ref().map(<[u8; 32]>::as_slice),
                    policy(merge.policy),
                    merge.now,
                )
            })
        })
        .await
    }
}
