//! Which passwords may be chosen (NIST SP 800-63B, ASVS 6.2).

use std::fmt;

use zeroize::Zeroizing;

use super::common_list;

/// The fewest characters (Unicode scalar values) of a new password.
pub const MIN_CHARACTERS: usize = 8;

/// The most bytes of UTF-8 of any password, new or old, so that hashing has a bound.
pub const MAX_BYTES: usize = 128;

/// A password as it was typed, byte for byte. It prints as `[redacted]` and is overwritten when dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// Why a password cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`MIN_CHARACTERS`] characters.
    #[error("the password has fewer than {MIN_CHARACTERS} characters")]
    TooShort,
    /// More than [`MAX_BYTES`] bytes.
    #[error("the password has more than {MAX_BYTES} bytes")]
    TooLong,
    /// A control character, such as NUL, a line feed or a tab.
    #[error("the password has a control character")]
    BadCharacters,
    /// On the list of known passwords, or the shopper's own e-mail address or the part before its `@`.
    #[error("the password is easily guessed")]
    Common,
}

impl Password {
    /// A new password for the account of `email`. Spaces and every script are welcome, no kind of character is
    /// demanded, and letter case does not hide a known password.
    pub fn check(text: &str, email: &str) -> Result<Self, PasswordFault> {
        // First what bounds the work of the others.
        if text.len() > MAX_BYTES {
            return Err(PasswordFault::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(PasswordFault::BadCharacters);
        }
        if text.chars().count() < MIN_CHARACTERS {
            return Err(PasswordFault::TooShort);
        }
        let lowercase = Zeroizing::new(text.to_lowercase());
        let email = email.to_lowercase();
        let local_part = email.rsplit_once('@').map_or("", |(local_part, _)| local_part);
        if common_list::contains(&lowercase) || *lowercase == email || *lowercase == local_part {
            return Err(PasswordFault::Common);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// A password to be compared with a stored hash. No rule applies but the bound of [`MAX_BYTES`], so that a
    /// password chosen under older rules goes on working.
    #[must_use]
    pub fn for_verification(text: &str) -> Option<Self> {
        (text.len() <= MAX_BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password([redacted])")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<PasswordFault> {
        Password::check(text, "Grace.Hopper@example.org").err()
    }

    #[test]
    fn length_is_counted_in_characters_below_and_in_bytes_above() {
        for (text, expected) in [
            (String::new(), Some(PasswordFault::TooShort)),
            ("x7 k9q!".to_owned(), Some(PasswordFault::TooShort)),
            ("x7 k9q!z".to_owned(), None),
            // Eight bytes and more, but seven characters.
            ("äöüßéèê".to_owned(), Some(PasswordFault::TooShort)),
            ("äöüßéèêk".to_owned(), None),
            ("密码密码密码密码".to_owned(), None),
            ("qx".repeat(32), None),
            ("qx".repeat(64), None),
            ("qx".repeat(64) + "q", Some(PasswordFault::TooLong)),
            ("é".repeat(65), Some(PasswordFault::TooLong)),
            ("x".repeat(1 << 20), Some(PasswordFault::TooLong)),
        ] {
            assert_eq!(fault(&text), expected, "{:?}", text.get(..40));
        }
    }

    #[test]
    fn control_characters_are_refused() {
        for control in ['\0', '\t', '\n', '\r', '\u{1b}', '\u{7f}', '\u{85}', '\u{9f}'] {
            assert_eq!(fault(&format!("long enough{control}")), Some(PasswordFault::BadCharacters));
            assert_eq!(fault(&control.to_string()), Some(PasswordFault::BadCharacters));
        }
        // Spaces, joiners and emoji are not control characters.
        for text in ["  spaced  out  ", "👩\u{200d}👩\u{200d}👧 at home", "e\u{301}e\u{301}e\u{301}e\u{301}"] {
            assert_eq!(fault(text), None, "{text:?}");
        }
    }

    #[test]
    fn known_passwords_are_refused_whatever_their_case() {
        for text in ["password", "PassWord", "12345678", "QWERTYUIOP", "iloveyou", "password1", "00000000"] {
            assert_eq!(fault(text), Some(PasswordFault::Common), "{text}");
        }
        assert_eq!(fault("password of mine"), None);
    }

    #[test]
    fn the_address_is_refused_whole_and_before_the_at() {
        for text in ["grace.hopper@example.org", "GRACE.HOPPER@EXAMPLE.ORG", "grace.hopper", "Grace.Hopper"] {
            assert_eq!(fault(text), Some(PasswordFault::Common), "{text}");
        }
        assert_eq!(fault("grace.hopper1"), None);
        assert_eq!(fault("example.org"), None);
    }

    #[test]
    fn the_bytes_are_kept_and_never_printed() {
        for text in [" caf\u{e9} au lait ", " cafe\u{301} au lait "] {
            let password = Password::check(text, "").unwrap();

            assert_eq!(password.as_bytes(), text.as_bytes());
            assert_eq!(format!("{password:?}"), "Password([redacted])");
        }
    }

    #[test]
    fn an_old_password_can_still_be_verified() {
        for text in ["", "short", "password", "with\0nul"] {
            assert_eq!(Password::for_verification(text).unwrap().as_bytes(), text.as_bytes());
        }
        assert!(Password::for_verification(&"x".repeat(128)).is_some());
        assert!(Password::for_verification(&"x".repeat(129)).is_none());
        assert!(Password::for_verification(&"x".repeat(1 << 20)).is_none());
    }
}
