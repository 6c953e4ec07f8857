//! `WHITE HANGING HEART T-LIGHT HOLDER` in readable case: `White Hanging Heart T-Light Holder`.

use super::word_lists::{ACRONYMS, SMALL_WORDS};

/// A title in readable case: each word capitalised, also behind a hyphen, a slash or a quotation mark; small words low
/// inside the title; acronyms high; units of measure low (`40cm`).
#[must_use]
pub(crate) fn title_case(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    let cased = words.iter().enumerate().map(|(index, word)| {
        let after_comma = index.checked_sub(1).is_some_and(|before| words[before].ends_with(','));
        let inside = index != 0 && index != last && !after_comma;
        if inside && SMALL_WORDS.contains(&word.to_ascii_uppercase().as_str()) {
            word.to_lowercase()
        } else {
            case_word(word)
        }
    });
    cased.collect::<Vec<_>>().join(" ")
}

/// One word, its parts cased one by one.
fn case_word(word: &str) -> String {
    let mut cased = String::with_capacity(word.len());
    for part in word.split_inclusive(['-', '/', '"', '(', ',', '!']) {
        let letters = part.trim_end_matches(['-', '/', '"', '(', ',', '!']);
        cased.push_str(&case_part(letters));
        cased.push_str(&part[letters.len()..]);
    }
    cased
}

/// One part of a word: letters, digits and apostrophes.
fn case_part(part: &str) -> String {
    let upper = part.to_uppercase();
    if ACRONYMS.contains(&upper.as_str()) {
        return upper;
    }
    if part.starts_with(|first: char| first.is_ascii_digit()) {
        return if is_acronym_of_digits(&upper) { upper } else { part.to_lowercase() };
    }
    let mut letters = part.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}

/// `3D`, `25W`: figures whose letter is written high.
fn is_acronym_of_digits(upper: &str) -> bool {
    let letters = upper.trim_start_matches(|digit: char| digit.is_ascii_digit());
    matches!(letters, "D" | "W" | "V")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_read_like_titles() {
        let cases = [
            ("WHITE HANGING HEART T-LIGHT HOLDER", "White Hanging Heart T-Light Holder"),
            ("SET OF 4 ENGLISH ROSE PLACEMATS", "Set of 4 English Rose Placemats"),
            ("CHILDREN'S APRON DOLLY GIRL", "Children's Apron Dolly Girl"),
            ("LETTER \"A\" BLING KEY RING", "Letter \"A\" Bling Key Ring"),
            ("BLACK/BLUE POLKADOT UMBRELLA", "Black/Blue Polkadot Umbrella"),
            ("SET OF 10 LED DOLLY LIGHTS", "Set of 10 LED Dolly Lights"),
            ("THE KING GIFT BAG 25X24X12CM", "The King Gift Bag 25x24x12cm"),
            ("3D SHEET OF DOG STICKERS", "3D Sheet of Dog Stickers"),
            ("RETRO PLASTIC 70'S TRAY", "Retro Plastic 70's Tray"),
            ("BAG 125G SWIRLY MARBLES", "Bag 125g Swirly Marbles"),
            ("FRIDGE MAGNETS LA VIE EN ROSE", "Fridge Magnets La Vie en Rose"),
            ("NUMBER TILE VINTAGE FONT A", "Number Tile Vintage Font A"),
            ("NOTEBOOK A6 SIZE", "Notebook A6 Size"),
            ("RETRO PILL BOX KEY CHAIN, THE KING", "Retro Pill Box Key Chain, The King"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(title_case(text), expected);
        }
    }
}
