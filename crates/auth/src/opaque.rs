//! 256-bit secrets as text: a prefix that says which kind, then base64url without padding.

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::BASE64URL_NOPAD;

/// 32 bytes in base64url without padding.
const BODY_LEN: usize = 43;

/// The text is not a secret of the expected kind. There is no detail: the text may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token of this kind")]
pub struct NotAToken;

pub(crate) fn encode(prefix: &str, bytes: &[u8; 32]) -> String {
    let mut text = prefix.to_owned();
    BASE64URL_NOPAD.encode_append(bytes, &mut text);
    text
}

/// Only the one text that [`encode`] makes is read: any other prefix, length, alphabet or trailing
/// bit is refused.
pub(crate) fn decode(prefix: &str, text: &str) -> Result<[u8; 32], NotAToken> {
    let body = text.strip_prefix(prefix).ok_or(NotAToken)?;
    if body.len() != BODY_LEN {
        return Err(NotAToken);
    }
    BASE64URL_NOPAD.decode(body.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(NotAToken)
}

/// SHA-256 of the prefix and the bytes: no two kinds share a hash. A slow hash would add nothing,
/// as 256 random bits cannot be guessed.
pub(crate) fn hash(prefix: &str, bytes: &[u8; 32]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(prefix.as_bytes());
    context.update(bytes);
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_text_reads_back(bytes: [u8; 32]) {
            prop_assert_eq!(decode("tgx_", &encode("tgx_", &bytes)), Ok(bytes));
        }

        #[test]
        fn no_other_text_reads_as_the_same_secret(bytes: [u8; 32], at in 0..47_usize, to in "[ -~]") {
            let text = encode("tgx_", &bytes);
            let mut other = text.clone();
            other.replace_range(at..=at, &to);
            prop_assume!(other != text);

            prop_assert_ne!(decode("tgx_", &other), Ok(bytes));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let text = encode("tgx_", &[0xFF; 32]);
        for other in [
            text.replace("tgx_", "tgy_"),
            text.replace("tgx_", ""),
            format!("{text}="),
            format!("{text}A"),
            format!(" {text}"),
            text[..46].to_owned(),
            text.replace('_', "/"),
            // The last character carries two bits that must be zero.
            format!("{}9", &text[..46]),
            "x".repeat(1 << 20),
            String::new(),
        ] {
            assert_eq!(decode("tgx_", &other), Err(NotAToken), "{:?}", other.get(..60));
        }
    }

    #[test]
    fn kinds_do_not_share_a_hash() {
        assert_ne!(hash("tgx_", &[1; 32]), hash("tgy_", &[1; 32]));
    }
}
