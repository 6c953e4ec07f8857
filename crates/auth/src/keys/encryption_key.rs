//! The key that encrypts the keys. It comes from the configuration and is never stored.

use std::{fmt, str::FromStr};

use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use data_encoding::BASE64;

/// The 256-bit key under which master secrets rest in the database. It prints as `[redacted]`.
pub struct KeyEncryptionKey(LessSafeKey);

/// Why a key-encryption key was refused. It never quotes the text, which is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyEncryptionKeyError {
    /// Not base64 of the standard alphabet with padding, as `openssl rand -base64 32` prints it.
    #[error("the key-encryption key is not base64 (make one with `openssl rand -base64 32`)")]
    NotBase64,
    /// Base64, but of another number of bytes.
    #[error("the key-encryption key has {0} bytes, not 32")]
    WrongLength(usize),
}

impl KeyEncryptionKey {
    /// The key of these 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyEncryptionKeyError> {
        UnboundKey::new(&AES_256_GCM, bytes)
            .map(|key| Self(LessSafeKey::new(key)))
            .map_err(|_| KeyEncryptionKeyError::WrongLength(bytes.len()))
    }

    pub(crate) const fn cipher(&self) -> &LessSafeKey {
        &self.0
    }
}

impl FromStr for KeyEncryptionKey {
    type Err = KeyEncryptionKeyError;

    fn from_str(text: &str) -> Result<Self, KeyEncryptionKeyError> {
        // A secret read from a file usually ends in a newline.
        let bytes = BASE64.decode(text.trim().as_bytes()).map_err(|_| KeyEncryptionKeyError::NotBase64)?;
        Self::from_bytes(&bytes)
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey([redacted])")
    }
}

impl fmt::Display for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn base64_of_32_bytes_is_read() {
        let text = format!("{}\n", BASE64.encode(&[7; 32]));

        let key: KeyEncryptionKey = text.parse().unwrap();

        assert_eq!(format!("{key} {key:?}"), "[redacted] KeyEncryptionKey([redacted])");
    }

    #[test]
    fn other_texts_are_refused_without_being_quoted() {
        let parse = |text: &str| text.parse::<KeyEncryptionKey>().unwrap_err();

        assert_eq!(parse("not base64!"), KeyEncryptionKeyError::NotBase64);
        assert_eq!(parse(&BASE64.encode(&[7; 31])), KeyEncryptionKeyError::WrongLength(31));
        assert_eq!(parse(&BASE64.encode(&[7; 64])), KeyEncryptionKeyError::WrongLength(64));
        assert_eq!(parse(""), KeyEncryptionKeyError::WrongLength(0));
    }
}
