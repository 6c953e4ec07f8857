//! Page cursors: a position in a list that any replica can verify and nobody else can make.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use data_encoding::BASE64URL_NOPAD;
use time::OffsetDateTime;

use crate::keys::{KeySet, NoSigningKey, SigningKey, is_kid};

/// The longest cursor that is read or made, in characters.
pub const MAX_CURSOR_LEN: usize = 2048;

/// 128 bits: a forger has one try in 2^128, and a cursor stays short.
const MAC_LEN: usize = 16;

/// Why a cursor could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// See [`NoSigningKey`].
    #[error(transparent)]
    NoSigningKey(#[from] NoSigningKey),
    /// The payload would exceed [`MAX_CURSOR_LEN`].
    #[error("the position is too long for a cursor")]
    TooLong,
}

/// Why a cursor was refused. Shoppers are told no more than that it is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CursorRefusal {
    /// Longer than [`MAX_CURSOR_LEN`], not base64url, too short, altered, or of another list.
    #[error("the cursor is not valid here")]
    Invalid,
    /// Well formed, but made with a key that is not in the set: read the keys again, or it is old.
    #[error("the cursor's key {0} is not in force")]
    UnknownKey(String),
}

/// Makes the cursor of `payload` in the list and order named by `context`, such as
/// `products:price`. The payload is authenticated, not encrypted: it must hold nothing secret.
pub fn seal_cursor(keys: &KeySet, context: &str, payload: &[u8], now: OffsetDateTime) -> Result<String, CursorError> {
    let key = keys.signer(now)?;
    let kid = key.kid().as_bytes();
    // A key id has at most 32 characters.
    let kid_len = u8::try_from(kid.len()).map_err(|_| CursorError::TooLong)?;
    let mac = mac(key, context, payload);
    let bytes = [&[kid_len], kid, payload, &mac].concat();
    if BASE64URL_NOPAD.encode_len(bytes.len()) > MAX_CURSOR_LEN {
        return Err(CursorError::TooLong);
    }
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// The payload of a cursor that [`seal_cursor`] made for the same `context`.
pub fn open_cursor(keys: &KeySet, context: &str, text: &str) -> Result<Vec<u8>, CursorRefusal> {
    if text.len() > MAX_CURSOR_LEN {
        return Err(CursorRefusal::Invalid);
    }
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| CursorRefusal::Invalid)?;
    let (kid, payload, mac_given) = split(&bytes).ok_or(CursorRefusal::Invalid)?;
    let key = keys.key(kid).ok_or_else(|| CursorRefusal::UnknownKey(kid.to_owned()))?;
    verify_slices_are_equal(&mac(key, context, payload), mac_given).map_err(|_| CursorRefusal::Invalid)?;
    Ok(payload.to_vec())
}

/// The key id, the payload and the MAC of a cursor's bytes.
fn split(bytes: &[u8]) -> Option<(&str, &[u8], &[u8])> {
    let (&kid_len, rest) = bytes.split_first()?;
    let (kid, rest) = rest.split_at_checked(kid_len.into())?;
    let (payload, mac) = rest.split_at_checked(rest.len().checked_sub(MAC_LEN)?)?;
    let kid = std::str::from_utf8(kid).ok().filter(|kid| is_kid(kid))?;
    Some((kid, payload, mac))
}

fn mac(key: &SigningKey, context: &str, payload: &[u8]) -> [u8; MAC_LEN] {
    let mut hash = hmac::Context::with_key(&key.cursor);
    for part in [context.as_bytes(), key.kid().as_bytes(), payload] {
        // The length first, so that no byte can move from one part to the next.
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut mac = [0; MAC_LEN];
    mac.copy_from_slice(&hash.sign().as_ref()[..MAC_LEN]);
    mac
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_keys::{NOW, key_set, key_set_of_strangers};

    proptest! {
        #[test]
        fn a_cursor_opens_on_another_replica(payload in prop::collection::vec(any::<u8>(), 0..600), context in ".{0,40}") {
            let text = seal_cursor(&key_set(), &context, &payload, NOW).unwrap();

            prop_assert_eq!(open_cursor(&key_set(), &context, &text), Ok(payload));
        }

        #[test]
        fn random_text_is_refused(text in "[A-Za-z0-9_-]{0,200}") {
            prop_assert!(open_cursor(&key_set(), "products:price", &text).is_err());
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_order_is_refused() {
        let keys = key_set();
        let text = seal_cursor(&keys, "products:price", b"position", NOW).unwrap();

        for context in ["products:title", "products:pric", "orders:price", ""] {
            assert_eq!(open_cursor(&keys, context, &text), Err(CursorRefusal::Invalid));
        }
    }

    #[test]
    fn bytes_cannot_move_between_context_and_payload() {
        let keys = key_set();
        let text = seal_cursor(&keys, "ab", b"cd", NOW).unwrap();

        assert_eq!(open_cursor(&keys, "a", &text), Err(CursorRefusal::Invalid));
    }

    #[test]
    fn case_42_cursor_tampering() {
        let keys = key_set();
        let text = seal_cursor(&keys, "products:price", b"position", NOW).unwrap();

        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut altered = bytes.clone();
                altered[at] ^= 1 << bit;
                let altered = BASE64URL_NOPAD.encode(&altered);
                assert!(open_cursor(&keys, "products:price", &altered).is_err());
            }
        }
        for len in 0..text.len() {
            assert!(open_cursor(&keys, "products:price", &text[..len]).is_err());
        }
        for altered in [format!("{text}="), format!("{text}A"), format!(" {text}")] {
            assert!(open_cursor(&keys, "products:price", &altered).is_err());
        }
    }

    #[test]
    fn a_cursor_of_a_stranger_names_its_key() {
        let strangers = key_set_of_strangers();
        let text = seal_cursor(&strangers, "products:price", b"position", NOW).unwrap();

        let kid = strangers.signer(NOW).unwrap().kid().to_owned();
        assert_eq!(open_cursor(&key_set(), "products:price", &text), Err(CursorRefusal::UnknownKey(kid)));
    }

    #[test]
    fn a_megabyte_is_refused_and_never_made() {
        let keys = key_set();

        assert_eq!(open_cursor(&keys, "c", &"A".repeat(1 << 20)), Err(CursorRefusal::Invalid));
        assert_eq!(seal_cursor(&keys, "c", &vec![0; 1 << 20], NOW), Err(CursorError::TooLong));
    }
}
