//! How often what may be tried. Counted in PostgreSQL, over all replicas; a refused attempt counts as well.

use serde_json::json;
use std::net::IpAddr;
use tidegate_auth::digest;
use tidegate_model::{Refusal, RefusalKind};
use tidegate_store::identity::Limit;

const QUARTER_HOUR: i32 = 15 * 60;
const HOUR: i32 = 60 * 60;

/// Wrong passwords at one account, from anywhere. The owner's own device is counted apart.
pub(crate) fn login_account(email_key: &str) -> Limit {
    limit("login/account", email_key, 10, QUARTER_HOUR)
}

/// The key that counts for an account's own device.
pub(crate) fn login_device_key(customer: &str) -> [u8; 32] {
    limit("login/device", customer, 10, QUARTER_HOUR).key
}

/// Wrong passwords and codes from one address.
pub(crate) fn login_address(address: IpAddr) -> Limit {
    limit("login/address", &address.to_string(), 100, QUARTER_HOUR)
}

/// Tries at codes for one e-mail address; each code bears five.
pub(crate) fn code_account(email_key: &str) -> Limit {
    limit("code/account", email_key, 15, QUARTER_HOUR)
}

/// Mails to one e-mail address.
pub(crate) fn mail_recipient(email_key: &str) -> Limit {
    limit("mail/recipient", email_key, 3, HOUR)
}

/// Mails that one address asks for.
pub(crate) fn mail_address(address: IpAddr) -> Limit {
    limit("mail/address", &address.to_string(), 30, HOUR)
}

/// Links to one order.
pub(crate) fn order_number(number: &str) -> Limit {
    limit("order/number", number, 5, HOUR)
}

/// Wrong passwords from one session, at its own account.
pub(crate) fn password_session(session: &str) -> Limit {
    limit("password/session", session, 10, QUARTER_HOUR)
}

/// The refusal for a wait that the database asks for.
pub(crate) fn refused(wait_ms: i64) -> Refusal {
    Refusal::whole(RefusalKind::RateLimited { retry_after_ms: u32::try_from(wait_ms).unwrap_or(u32::MAX) })
}

fn limit(what: &str, whom: &str, most: i32, seconds: i32) -> Limit {
    Limit { key: digest::input_hash(what, &json!(whom)), most, seconds }
}
