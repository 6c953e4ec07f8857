//! Key ids.

use data_encoding::BASE32_NOPAD;

/// The longest key id that is looked at; ours are 16 characters.
const MAX_LEN: usize = 32;

/// Whether `text` could be a key id: 1 to 32 characters of `a-z0-9`. Anything else in a token is
/// refused before it is looked up or logged.
#[must_use]
pub fn is_kid(text: &str) -> bool {
    (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// The key id made of 80 random bits: 16 characters of lower-case base32.
pub(crate) fn kid_from(random: [u8; 10]) -> String {
    BASE32_NOPAD.encode(&random).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_lower_case_words_are_key_ids() {
        assert!(is_kid(&kid_from([0xA5; 10])));
        assert!(is_kid(&"a".repeat(32)));
        let too_long = "a".repeat(33);
        for text in ["", "A", "a-b", "../x", "a\0", "é", too_long.as_str()] {
            assert!(!is_kid(text), "{text:?}");
        }
    }

    #[test]
    fn a_key_id_keeps_all_its_randomness() {
        assert_eq!(kid_from([0xA5; 10]).len(), 16);
        assert_ne!(kid_from([0; 10]), kid_from([1; 10]));
    }
}
