//! How often what may be tried. Counted in PostgreSQL, over all replicas; a refused attempt counts as well.

use serde_json::json;
use std::net::IpAddr;
use tidegate_auth::digest;
use tidegate_model::{Refusal, RefusalKind};
use tidegate_store::identity::{Limit, MailLimits};
use uuid::Uuid;

use crate::registration::RESET_LIFE;

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

/// Tries at the newest code for one e-mail address by whoever does not hold its token; each code bears five.
pub(crate) fn code_account(email_key: &str) -> Limit {
    limit("code/account", email_key, 15, QUARTER_HOUR)
}

/// What a mail is for, as far as limits go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailKind {
    /// A link to replace a password: the way in that nobody can be kept from.
    Reset,
    /// A code to sign in with.
    Code,
    /// Everything else.
    Other,
}

/// Limits on a mail to an e-mail address that somebody at an address of the network asks for.
pub(crate) fn mail(kind: MailKind, email_key: &str, from: Option<IpAddr>) -> MailLimits {
    let asker = from.map_or_else(|| "-".to_owned(), |address| address.to_string());
    // A network address holds no blank.
    let mut limits = MailLimits {
        asker: vec![limit("mail/asker", &format!("{asker} {email_key}"), 3, HOUR)],
        recipient: vec![limit(&format!("mail/recipient/{kind:?}"), email_key, 6, HOUR)],
    };
    limits.asker.extend(from.map(|address| limit("mail/address", &address.to_string(), 30, HOUR)));
    if kind == MailKind::Reset {
        // Refused only while a link that was sent is still good: whoever asks in vain has one in the mailbox.
        limits.recipient.push(limit("mail/recipient/last", email_key, 1, RESET_LIFE));
    }
    limits
}

/// The key that counts mails which a customer's own device asks for, as many as any asker may.
pub(crate) fn mail_device_key(customer: Option<Uuid>) -> [u8; 32] {
    limit("mail/device", &customer.unwrap_or_default().to_string(), 3, HOUR).key
}

/// Tries at one link to replace a password: each hashes one.
pub(crate) fn reset_link(token: Uuid) -> Limit {
    limit("reset/link", &token.to_string(), 20, QUARTER_HOUR)
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
