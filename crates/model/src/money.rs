//! Money in minor units with its currency. Arithmetic is checked; an overflow is `None`, never a wrong amount.

/// An ISO 4217 currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Pounds sterling, the shipped market's currency.
    pub const GBP: Self = Self(*b"GBP");

    /// Reads three upper-case letters.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal point (ISO 4217, column "minor unit").
    #[must_use]
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

/// Characters of the longest decimal: 20 digits, a point and some room.
const LONGEST: usize = 24;

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units: pence, cents.
    pub amount: i64,
    /// The currency the amount is in.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The decimal text a client sees: `12.50`.
    #[must_use]
    pub fn decimal(&self) -> String {
        let mut text = String::with_capacity(LONGEST);
        self.append_decimal(&mut text);
        text
    }

    /// Appends the decimal text. A list holds dozens of amounts, so it is made by hand, from the last digit on.
    pub fn append_decimal(&self, to: &mut String) {
        let exponent = self.currency.exponent();
        let mut text = ['0'; LONGEST];
        let (mut start, mut digits, mut rest) = (LONGEST, 0, self.amount.unsigned_abs());
        while rest > 0 || digits <= exponent {
            if digits == exponent && exponent > 0 {
                start -= 1;
                text[start] = '.';
            }
            start -= 1;
            text[start] = char::from_digit(u32::try_from(rest % 10).unwrap_or_default(), 10).unwrap_or('0');
            digits += 1;
            rest /= 10;
        }
        if self.amount < 0 {
            to.push('-');
        }
        to.extend(&text[start..]);
    }

    /// Reads a decimal text without exponent or sign tricks. `None` for more digits than the currency has, or out of
    /// range.
    #[must_use]
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let dangling = digits.contains('.') && fraction.is_empty();
        let exponent = currency.exponent() as usize;
        if whole.is_empty() || whole.len() > 17 || dangling || !plain(whole) || !plain(fraction) {
            return None;
        }
        let significant = fraction.trim_end_matches('0');
        if significant.len() > exponent {
            return None;
        }
        let minor: i64 = format!("{whole}{significant:0<exponent$}").parse().ok()?;
        Some(Self::new(if negative { -minor } else { minor }, currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_follow_the_currency() {
        let yen = Currency::parse("JPY").map(|currency| Money::new(1250, currency).decimal());
        assert_eq!(yen.as_deref(), Some("1250"));
        assert_eq!(Money::new(1205, Currency::GBP).decimal(), "12.05");
        assert_eq!(Money::new(-5, Currency::GBP).decimal(), "-0.05");
    }

    #[test]
    fn what_is_not_a_plain_decimal_is_refused() {
        for text in
            ["", ".", "1.", ".5", "1.234", "1e3", "+1", " 1", "1,0", "0x1", "--1", "99999999999999999999", "NaN"]
        {
            assert_eq!(Money::parse(text, Currency::GBP), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_decimal_reads_back(amount in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
            let money = Money::new(amount, Currency::GBP);
            prop_assert_eq!(Money::parse(&money.decimal(), Currency::GBP), Some(money));
        }
    }
}
