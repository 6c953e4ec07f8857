//! An id with its key's id and a MAC, as text.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

use crate::keys::{KeySet, SigningKey, is_kid};

/// The longest text that is read, in bytes: the prefix, a key id of 32 characters, an id, a time and a MAC.
const MAX_LEN: usize = 128;

/// The key a secret is derived with is not in force, by its id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("link key {0:?} is not in force")]
pub struct UnknownLinkKey(pub String);

/// One kind of text. No two share a label.
pub(super) struct Kind {
    pub(super) prefix: &'static str,
    pub(super) label: &'static str,
}

/// The key of `kid`, which may come from anywhere.
pub(super) fn key<'k>(keys: &'k KeySet, kid: &str) -> Result<&'k SigningKey, UnknownLinkKey> {
    is_kid(kid).then(|| keys.key(kid)).flatten().ok_or_else(|| UnknownLinkKey(kid.to_owned()))
}

/// HMAC-SHA256 of the label, the id and further data, under the link key.
pub(super) fn mac(key: &SigningKey, label: &str, id: Uuid, data: &[u8]) -> [u8; 32] {
    let mut hash = hmac::Context::with_key(&key.link);
    for part in [label.as_bytes(), key.kid().as_bytes(), id.as_bytes(), data] {
        // The length first, so that no byte can move from one part to the next.
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut mac = [0; 32];
    mac.copy_from_slice(hash.sign().as_ref());
    mac
}

/// The prefix, then base64url of: the length of the key id, the key id, the id, `data`, the MAC.
pub(super) fn seal(kind: &Kind, key: &SigningKey, id: Uuid, data: &[u8]) -> String {
    let key_id = key.kid().as_bytes();
    // A key id has at most 32 characters; a length that did not fit would open as nothing.
    let key_id_len = u8::try_from(key_id.len()).unwrap_or(u8::MAX);
    let bytes = [&[key_id_len], key_id, id.as_bytes(), data, &mac(key, kind.label, id, data)].concat();
    let mut text = kind.prefix.to_owned();
    BASE64URL_NOPAD.encode_append(&bytes, &mut text);
    text
}

/// The key, the id and the `N` bytes of data of a text that [`seal`] made for the same kind.
pub(super) fn open<'k, const N: usize>(
    kind: &Kind,
    keys: &'k KeySet,
    text: &str,
) -> Option<(&'k SigningKey, Uuid, [u8; N])> {
    if text.len() > MAX_LEN {
        return None;
    }
    let bytes = BASE64URL_NOPAD.decode(text.strip_prefix(kind.prefix)?.as_bytes()).ok()?;
    let (&key_id_len, rest) = bytes.split_first()?;
    let (key_id, rest) = rest.split_at_checked(key_id_len.into())?;
    let (id, rest) = rest.split_first_chunk::<16>()?;
    let (data, mac_given) = rest.split_first_chunk::<N>()?;
    let key = key(keys, std::str::from_utf8(key_id).ok()?).ok()?;
    let id = Uuid::from_bytes(*id);
    verify_slices_are_equal(&mac(key, kind.label, id, data), mac_given).ok()?;
    Some((key, id, *data))
}
