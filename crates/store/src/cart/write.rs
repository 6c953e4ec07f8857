//! Writes carts: each is one call of a function, in a transaction of its own.

use serde_json::{Value, json};
use sqlx::types::Json;
use std::sync::Arc;
use tidegate_model::cart::{AddressChange, CartOperation};
use tidegate_model::id::{CartId, CartLineId, SessionId};
use tidegate_model::identity::Viewer;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::outcome::{Claim, Outcome};
use crate::{Conn, Statements, Store, StoreError};

/// A change of a cart.
#[derive(Debug, Clone)]
pub struct CartApply {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The mutation's name.
    pub operation: &'static str,
    /// Which cart.
    pub cart: CartId,
    /// Who asks.
    pub viewer: Viewer,
    /// Only at this revision.
    pub if_revision: Option<i32>,
    /// The changes in order.
    pub operations: Vec<CartOperation>,
    /// Ids for lines that are new, as many as there are lines to add.
    pub line_ids: Vec<CartLineId>,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// A new cart.
#[derive(Debug, Clone)]
pub struct CartCreate {
    /// The idempotency key, where there is one.
    pub claim: Option<Claim>,
    /// The caller's session, where there is one.
    pub session: Option<SessionId>,
    /// The session to make otherwise.
    pub new_session: SessionId,
    /// The hash of its first refresh token.
    pub refresh_hash: [u8; 32],
    /// The cart to make.
    pub cart: CartId,
    /// The market it belongs to.
    pub market: i16,
    /// The hash of the secret that shares it.
    pub secret_hash: Option<[u8; 32]>,
    /// What to put into it.
    pub operations: Vec<CartOperation>,
    /// Ids for its lines.
    pub line_ids: Vec<CartLineId>,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

/// Changes a cart.
async fn cart_apply(conn: &mut Conn, apply: &CartApply) -> Result<Outcome, StoreError> {
    let (key_hash, input_hash) = Claim::hashes(apply.claim.as_ref());
    let value = sqlx::query_scalar!(
        r#"select cart_apply_v1($1, $2, $3, $4, $5, $6, $7, $8, $9) as "outcome!: Json<Value>""#,
        key_hash,
        input_hash,
        apply.operation,
        apply.cart.0,
        apply.viewer.session.map(|session| session.0),
        apply.viewer.cart_secret.as_ref().map(<[u8; 32]>::as_slice),
        apply.if_revision,
        operations(&apply.operations, &apply.line_ids),
        apply.now,
    )
    .fetch_one(conn)
    .await?;
    Outcome::read(value.0)
}

/// Makes a cart, and a guest session where the caller has none.
async fn cart_create(conn: &mut Conn, create: &CartCreate) -> Result<Outcome, StoreError> {
    let (key_hash, input_hash) = Claim::hashes(create.claim.as_ref());
    let value = sqlx::query_scalar!(
        r#"select cart_create_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as "outcome!: Json<Value>""#,
        key_hash,
        input_hash,
        create.session.map(|session| session.0),
        create.new_session.0,
        create.refresh_hash.as_slice(),
        create.cart.0,
        create.market,
        create.secret_hash.as_ref().map(<[u8; 32]>::as_slice),
        operations(&create.operations, &create.line_ids),
        create.now,
    )
    .fetch_one(conn)
    .await?;
    Outcome::read(value.0)
}

/// The operations as the function reads them.
fn operations(operations: &[CartOperation], line_ids: &[CartLineId]) -> Value {
    let mut ids = line_ids.iter().map(|id| id.0);
    let mut next = || ids.next().unwrap_or_else(Uuid::max);
    let one = |operation: &CartOperation| match operation {
        CartOperation::AddLines(lines) => {
            let line = |line: &tidegate_model::cart::LineAdd| {
                json!({ "id": next(), "variant": line.variant.0, "quantity": line.quantity,
                        "attributes": line.attributes })
            };
            json!({ "op": "ADD", "lines": lines.iter().map(line).collect::<Vec<_>>() })
        }
        CartOperation::SetLines(lines) => {
            let lines: Vec<_> =
                lines.iter().map(|line| json!({ "id": line.line.0, "quantity": line.quantity })).collect();
            json!({ "op": "SET", "lines": lines })
        }
        CartOperation::RemoveLines(lines) => {
            let lines: Vec<_> = lines.iter().map(|line| json!({ "id": line.0, "quantity": 0 })).collect();
            json!({ "op": "SET", "lines": lines })
        }
        CartOperation::SetBuyer { email, phone } => json!({ "op": "BUYER", "email": email, "phone": phone }),
        CartOperation::SetAddresses { shipping, billing } => {
            let mut operation = json!({ "op": "ADDRESSES" });
            for (name, change) in [("shipping", shipping), ("billing", billing)] {
                match change {
                    AddressChange::Keep => {}
                    AddressChange::Clear => operation[name] = Value::Null,
                    AddressChange::Set(address) => operation[name] = json!(address),
                }
            }
            operation
        }
        CartOperation::SetNote(note) => json!({ "op": "NOTE", "note": note }),
        CartOperation::SetAttributes(attributes) => json!({ "op": "ATTRIBUTES", "attributes": attributes }),
    };
    Value::Array(operations.iter().map(one).collect())
}

impl Store {
    /// See [`cart_apply`].
    pub async fn cart_apply(&self, statements: Arc<Statements>, apply: CartApply) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| Box::pin(async move { cart_apply(conn, &apply).await })).await
    }

    /// See [`cart_create`].
    pub async fn cart_create(&self, statements: Arc<Statements>, create: CartCreate) -> Result<Outcome, StoreError> {
        self.work(statements, move |conn| Box::pin(async move { cart_create(conn, &create).await })).await
    }
}
