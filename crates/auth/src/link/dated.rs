//! Texts that need no row: what they are for and when they end is inside.

use time::OffsetDateTime;
use uuid::Uuid;

use super::sealed::{Kind, open, seal};
use crate::keys::{KeySet, NoSigningKey};

const ORDER: Kind = Kind { prefix: "tgo_", label: "tidegate/link/order/v1" };
const DEVICE: Kind = Kind { prefix: "tgd_", label: "tidegate/link/device/v1" };

/// The token in a link that shows one order to whoever holds it, until `expires` (to the second). It is signed with
/// the newest key in force.
pub fn order_link(
    keys: &KeySet,
    now: OffsetDateTime,
    order: Uuid,
    expires: OffsetDateTime,
) -> Result<String, NoSigningKey> {
    dated(&ORDER, keys, now, order, expires)
}

/// The order that a link shows now.
#[must_use]
pub fn open_order_link(keys: &KeySet, text: &str, now: OffsetDateTime) -> Option<Uuid> {
    open_dated(&ORDER, keys, text, now)
}

/// Proof that a customer has signed in on this device before, until `expires` (to the second): attempts from it are
/// counted apart, so that a stranger's failures do not lock the customer out (OWASP's device cookie). It signs nobody
/// in.
pub fn device_token(
    keys: &KeySet,
    now: OffsetDateTime,
    customer: Uuid,
    expires: OffsetDateTime,
) -> Result<String, NoSigningKey> {
    dated(&DEVICE, keys, now, customer, expires)
}

/// The customer whose device the token is of, now.
#[must_use]
pub fn open_device_token(keys: &KeySet, text: &str, now: OffsetDateTime) -> Option<Uuid> {
    open_dated(&DEVICE, keys, text, now)
}

fn dated(
    kind: &Kind,
    keys: &KeySet,
    now: OffsetDateTime,
    id: Uuid,
    expires: OffsetDateTime,
) -> Result<String, NoSigningKey> {
    Ok(seal(kind, keys.signer(now)?, id, &expires.unix_timestamp().to_be_bytes()))
}

fn open_dated(kind: &Kind, keys: &KeySet, text: &str, now: OffsetDateTime) -> Option<Uuid> {
    let (key, id, expires) = open(kind, keys, text)?;
    (key.verifies_at(now) && now.unix_timestamp() < i64::from_be_bytes(expires)).then_some(id)
}
