//! What a mail carries for a row of one-time tokens: a link, or a code to be typed.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use uuid::Uuid;

use super::sealed::{Kind, UnknownLinkKey, key, mac, open, seal};
use crate::keys::KeySet;

/// What a mailed link does. A link of one purpose is refused for any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// It proves that the address of a registration is its owner's.
    VerifyEmail,
    /// It lets the owner choose a new password.
    PasswordReset,
    /// It moves an account to the address it was sent to.
    EmailChange,
}

const LOGIN_CODE: &str = "tidegate/link/login-code/v1";

const CODE_TOKEN: Kind = Kind { prefix: "tgc_", label: "tidegate/link/code-token/v1" };

/// One more than the highest code.
const CODES: u64 = 100_000_000;

impl LinkPurpose {
    const fn kind(self) -> Kind {
        let label = match self {
            Self::VerifyEmail => "tidegate/link/verify-email/v1",
            Self::PasswordReset => "tidegate/link/password-reset/v1",
            Self::EmailChange => "tidegate/link/email-change/v1",
        };
        Kind { prefix: "tgl_", label }
    }
}

/// The token in a mailed link: the same on every replica for the same row, `kid` and `id` being the row's.
pub fn link_token(keys: &KeySet, kid: &str, purpose: LinkPurpose, id: Uuid) -> Result<String, UnknownLinkKey> {
    Ok(seal(&purpose.kind(), key(keys, kid)?, id, &[]))
}

/// The row that a link is of, if this shop made the link for this purpose. Whether it is used or too old, and whose
/// it is, the row tells.
#[must_use]
pub fn open_link(keys: &KeySet, purpose: LinkPurpose, text: &str) -> Option<Uuid> {
    open::<0>(&purpose.kind(), keys, text).map(|(_, id, [])| id)
}

/// The eight digits that sign in once, `kid` and `id` being the row's. A code is short: the caller counts attempts.
pub fn login_code(keys: &KeySet, kid: &str, id: Uuid) -> Result<String, UnknownLinkKey> {
    let mac = mac(key(keys, kid)?, LOGIN_CODE, id, &[]);
    // Of 2^64 values, so that no code is likelier than another by more than one in 10^11.
    let number = mac.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    Ok(format!("{:08}", number % CODES))
}

/// What whoever asks for a code gets in the answer, `kid` and `id` being the row's: it names the row to try a code at,
/// which then is theirs alone to use up. It is no part of the mail, and without the code it signs nobody in.
pub fn code_token(keys: &KeySet, kid: &str, id: Uuid) -> Result<String, UnknownLinkKey> {
    Ok(seal(&CODE_TOKEN, key(keys, kid)?, id, &[]))
}

/// The row that a token of a code is of, if this shop made it.
#[must_use]
pub fn open_code_token(keys: &KeySet, text: &str) -> Option<Uuid> {
    open::<0>(&CODE_TOKEN, keys, text).map(|(_, id, [])| id)
}

/// Whether `text` is the code of the row, exactly, in a time that does not tell how much of it is right. Nothing is
/// the code of a row whose key is not in force.
#[must_use]
pub fn code_matches(keys: &KeySet, kid: &str, id: Uuid, text: &str) -> bool {
    login_code(keys, kid, id).is_ok_and(|code| verify_slices_are_equal(code.as_bytes(), text.as_bytes()).is_ok())
}
