//! Rules for texts that a client sends: what can be stored, and how much of it.

use crate::cart::{Address, Attribute};
use crate::refusal::{InvalidReason, Refusal, RefusalKind};

/// Attributes that a cart or a line can hold.
pub const MAX_ATTRIBUTES: usize = 50;

/// Collects what is wrong with an input.
#[derive(Debug, Default)]
pub struct Check {
    refusals: Vec<Refusal>,
}

impl Check {
    /// Refuses the value at `path`.
    pub fn refuse(&mut self, reason: InvalidReason, path: &str) {
        self.refusals.push(Refusal::at(RefusalKind::InvalidInput(reason), path));
    }

    /// Refuses the value at `path` for a reason of its own.
    pub fn refuse_as(&mut self, kind: RefusalKind, path: &str) {
        self.refusals.push(Refusal::at(kind, path));
    }

    /// Ends the check: what is wrong, empty when nothing is.
    #[must_use]
    pub fn finish(self) -> Vec<Refusal> {
        self.refusals
    }

    /// A text of `min` to `max` characters. Line breaks only where `multiline`; no other control characters anywhere.
    pub fn text(&mut self, value: &str, min: usize, max: usize, multiline: bool, path: &str) {
        let control = |character: char| character.is_control() && !(multiline && matches!(character, '\n' | '\t'));
        if value.trim().is_empty() && min > 0 {
            self.refuse(InvalidReason::Blank, path);
        } else if value.len() > max * 4 || value.chars().count() > max {
            self.refuse(InvalidReason::TooLong, path);
        } else if value.chars().any(control) {
            self.refuse(InvalidReason::BadCharacters, path);
        }
    }

    /// The same for a text that may be absent.
    pub fn optional(&mut self, value: Option<&String>, max: usize, path: &str) {
        if let Some(value) = value {
            self.text(value, 0, max, false, path);
        }
    }

    /// An e-mail address: one `@`, a dotted domain, no blanks, at most 254 bytes (RFC 5321, 4.5.3.1).
    pub fn email(&mut self, value: &str, path: &str) {
        let well_formed = value.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.len() <= 64
                && !domain.contains('@')
                && domain.split('.').count() >= 2
                && domain.split('.').all(|label| !label.is_empty())
        });
        if value.len() > 254 {
            self.refuse(InvalidReason::TooLong, path);
        } else if value.chars().any(|character| character.is_whitespace() || character.is_control()) || !well_formed {
            self.refuse(InvalidReason::Malformed, path);
        }
    }

    /// A telephone number: digits with the usual signs between, at most 32 characters.
    pub fn phone(&mut self, value: &str, path: &str) {
        let usual = |character: char| character.is_ascii_digit() || " +-().".contains(character);
        if value.len() > 32 {
            self.refuse(InvalidReason::TooLong, path);
        } else if !value.chars().all(usual) || !value.contains(|character: char| character.is_ascii_digit()) {
            self.refuse(InvalidReason::Malformed, path);
        }
    }

    /// A postal address.
    pub fn address(&mut self, address: &Address, at: &str) {
        self.text(&address.name, 1, 200, false, &format!("{at}.name"));
        self.text(&address.line1, 1, 200, false, &format!("{at}.line1"));
        self.text(&address.city, 1, 100, false, &format!("{at}.city"));
        self.optional(address.company.as_ref(), 200, &format!("{at}.company"));
        self.optional(address.line2.as_ref(), 200, &format!("{at}.line2"));
        self.optional(address.region.as_ref(), 100, &format!("{at}.region"));
        self.optional(address.postal_code.as_ref(), 32, &format!("{at}.postalCode"));
        if let Some(phone) = &address.phone {
            self.phone(phone, &format!("{at}.phone"));
        }
    }

    /// Attributes: at most [`MAX_ATTRIBUTES`], keys of 1 to 64 characters, values of at most 1,000.
    pub fn attributes(&mut self, attributes: &[Attribute], at: &str) {
        if attributes.len() > MAX_ATTRIBUTES {
            self.refuse(InvalidReason::TooMany, at);
            return;
        }
        for (index, attribute) in attributes.iter().enumerate() {
            self.text(&attribute.key, 1, 64, false, &format!("{at}.{index}.key"));
            self.text(&attribute.value, 0, 1_000, true, &format!("{at}.{index}.value"));
        }
    }
}
