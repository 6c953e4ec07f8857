//! From descriptions as recorded to one clean name per SKU, still in upper case.

use std::collections::BTreeMap;

use super::corrections::PHRASES;
use super::word_lists::{NOTE_WORDS, WORD_FIXES};

/// Descriptions are cut at this length in the record.
const CUT: usize = 35;

/// How many names contain each word before the last one; the words that a cut one may be completed to.
pub(crate) type Vocabulary = BTreeMap<String, u64>;

/// The description of most lines that is a name and not a staff note, the first in the alphabet of equally frequent.
#[must_use]
pub(crate) fn most_frequent_name(descriptions: &BTreeMap<String, u64>) -> Option<&str> {
    let names = descriptions.iter().filter(|(text, _)| !is_note(text));
    let best = names
        .max_by(|(left, left_lines), (right, right_lines)| left_lines.cmp(right_lines).then_with(|| right.cmp(left)));
    best.map(|(text, _)| text.as_str())
}

/// Staff notes: empty, with a question mark, begun in lower case, or with a word that names never have.
fn is_note(text: &str) -> bool {
    let text = text.trim();
    let begins_low = text.chars().find(|c| c.is_alphabetic()).is_none_or(char::is_lowercase);
    let upper = text.to_uppercase();
    let mut words = upper.split(|c: char| !c.is_alphanumeric() && c != '-');
    begins_low || text.contains('?') || words.any(|word| NOTE_WORDS.contains(&word))
}

/// A description in upper case with one space between words, stray punctuation gone, abbreviations written out,
/// known misspellings mended, and `SET/6`, `S/6`, `SET 6`, `PACK/6` all `SET OF 6` or `PACK OF 6`.
#[must_use]
pub(crate) fn clean(description: &str) -> String {
    let spaced = description.to_uppercase().replace('+', " & ").replace('*', " ").replace(',', ", ").replace('(', " (");
    let spaced = spaced.replace("NECKL.", "NECKLACE ").replace("NECKL36", "NECKLACE 36").replace('"', " \" ");
    let mut words: Vec<String> = Vec::new();
    for word in rejoin_quotes(&spaced) {
        if word == "," {
            attach_comma(&mut words);
        } else {
            words.extend(mend(&word));
        }
    }
    let counted = write_counts_out(&words);
    let mut text = counted.join(" ");
    for (from, to) in PHRASES {
        text = replace_words(&text, from, to);
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || ".,;-".contains(c));
    without_reference(text).to_owned()
}

/// A name without the supplier's five-digit reference at its end.
fn without_reference(text: &str) -> &str {
    let is_reference = |word: &str| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit());
    text.rsplit_once(' ').filter(|(_, last)| is_reference(last)).map_or(text, |(name, _)| name.trim_end())
}

/// Completes a last word that the record has cut: the most frequent word it begins, if it is none itself.
#[must_use]
pub(crate) fn complete(name: &str, recorded_length: usize, vocabulary: &Vocabulary) -> String {
    let Some((head, cut)) = name.rsplit_once(' ') else {
        return name.to_owned();
    };
    if recorded_length < CUT || cut.len() < 4 || vocabulary.contains_key(cut) {
        return name.to_owned();
    }
    let longer = vocabulary.iter().filter(|(word, _)| word.starts_with(cut));
    match longer
        .max_by(|(left, left_names), (right, right_names)| left_names.cmp(right_names).then_with(|| right.cmp(left)))
    {
        Some((word, _)) => format!("{head} {word}"),
        None => name.to_owned(),
    }
}

/// Splits at white space and puts `" A "` back together as `"A"`, keeping a lone mark (inches) on the word before.
fn rejoin_quotes(spaced: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let closes = spaced.matches('"').count() > 1;
    let mut open = false;
    for word in spaced.split_whitespace() {
        match (word, open) {
            ("\"", false) if closes => {
                open = true;
                words.push("\"".to_owned());
            }
            ("\"", _) => {
                open = false;
                if let Some(last) = words.last_mut() {
                    last.push('"');
                }
            }
            _ => match words.last_mut() {
                Some(last) if open && last == "\"" => last.push_str(word),
                _ => words.push(word.to_owned()),
            },
        }
    }
    words
}

/// Puts a comma that stood alone behind the word before it.
fn attach_comma(words: &mut [String]) {
    if let Some(last) = words.last_mut().filter(|last| !last.ends_with(',')) {
        last.push(',');
    }
}

/// One word as recorded, as the words it stands for.
fn mend(word: &str) -> Vec<String> {
    let (bare, comma) = word.strip_suffix(',').map_or((word, ""), |bare| (bare, ","));
    let fixed = if let Some(fix) = fix(bare) {
        fix.to_owned()
    } else if let Some(rest) = bare.strip_prefix("W/") {
        format!("WITH {}", if rest == "SUCK" { "SUCKER" } else { rest })
    } else {
        let parts = bare.split('/').map(|part| fix(part).unwrap_or(part));
        parts.collect::<Vec<_>>().join("/")
    };
    let text = fixed.trim_end_matches(['.', ';']).to_owned() + comma;
    text.split_whitespace().filter(|part| *part != "-").map(ToOwned::to_owned).collect()
}

/// The listed correction of a word.
fn fix(word: &str) -> Option<&'static str> {
    WORD_FIXES.iter().find(|(from, _)| *from == word).map(|(_, to)| *to)
}

/// `SET/6`, `S/6`, `SET 6`, `SET6`, `OF6` and their like as `SET OF 6`; `BOX/12` as `BOX OF 12`.
fn write_counts_out(words: &[String]) -> Vec<String> {
    let mut counted: Vec<String> = Vec::with_capacity(words.len() + 2);
    for (index, word) in words.iter().enumerate() {
        let number = word.trim_start_matches(|c: char| !c.is_ascii_digit());
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let next_is_piece = words.get(index + 1).is_some_and(|next| next.starts_with("PIECE"));
        let of = |noun: &str| vec![noun.to_owned(), "OF".to_owned(), number.to_owned()];
        match &word[..word.len() - number.len()] {
            "SET/" | "S/" | "SET" if is_number => counted.extend(of("SET")),
            "PACK/" | "/" if is_number => counted.extend(of("PACK")),
            "BOX/" if is_number => counted.extend(of("BOX")),
            "OF" if is_number => counted.extend(["OF".to_owned(), number.to_owned()]),
            "" if is_number && !next_is_piece && ends_in_set(&counted) => {
                counted.extend(["OF".to_owned(), number.to_owned()]);
            }
            _ => counted.push(word.clone()),
        }
    }
    counted
}

/// Whether the words so far end in a word that counts.
fn ends_in_set(words: &[String]) -> bool {
    words.last().is_some_and(|last| last == "SET" || last == "PACK")
}

/// Replaces `from` by `to` where it stands as whole words.
fn replace_words(text: &str, from: &str, to: &str) -> String {
    let padded = format!(" {text} ");
    padded.replace(&format!(" {from} "), &format!(" {to} ")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_cleaned() {
        let cases = [
            ("LUNCH BAG  BLACK SKULL.", "LUNCH BAG BLACK SKULL"),
            ("WRAP, CAROUSEL", "WRAP, CAROUSEL"),
            ("HOOK, 1 HANGER ,MAGIC GARDEN", "HOOK, 1 HANGER, MAGIC GARDEN"),
            ("FEATHER PEN,HOT PINK", "FEATHER PEN, HOT PINK"),
            ("GREETING CARD, TWO SISTERS.", "GREETING CARD, TWO SISTERS"),
            ("S/4 IVORY MINI ROSE CANDLE IN BOWL", "SET OF 4 IVORY MINI ROSE CANDLE IN BOWL"),
            ("SET 12 LAVENDER  BOTANICAL T-LIGHTS", "SET OF 12 LAVENDER BOTANICAL T-LIGHTS"),
            ("BAKING SET 9 PIECE RETROSPOT", "BAKING SET 9 PIECE RETROSPOT"),
            ("FOLK ART GREETING CARD,pack/12", "FOLK ART GREETING CARD, PACK OF 12"),
            ("ROUND SNACK BOXES SET OF4 WOODLAND", "ROUND SNACK BOXES SET OF 4 WOODLAND"),
            ("CHARLIE+LOLA PINK HOT WATER BOTTLE ", "CHARLIE & LOLA PINK HOT WATER BOTTLE"),
            ("FLOWER PURPLE CLOCK W/SUCKER", "FLOWER PURPLE CLOCK WITH SUCKER"),
            ("LETTER \"A\" BLING KEY RING", "LETTER \"A\" BLING KEY RING"),
            ("RECORD FRAME 7\" SINGLE SIZE ", "RECORD FRAME 7\" SINGLE SIZE"),
            ("SILVER/MOP ORBIT NECKLACE", "SILVER/MOTHER OF PEARL ORBIT NECKLACE"),
            ("SET 10 CARDS ROBIN WATERPUMP  17096", "SET OF 10 CARDS ROBIN WATERPUMP"),
            ("*USB Office Mirror Ball", "USB OFFICE MIRROR BALL"),
        ];
        for (description, expected) in cases {
            assert_eq!(clean(description), expected);
        }
    }

    #[test]
    fn staff_notes_are_not_names() {
        for note in ["", "?", "damaged", "found box", "DAMAGED", "Sold as 1 on dotcom", "MIA", "?lost"] {
            assert!(is_note(note), "{note}");
        }
        for name in ["CARD I LOVE LONDON", "Dr. Jam's Arouzer Stress Ball", "*Boombox Ipod Classic"] {
            assert!(!is_note(name), "{name}");
        }
    }

    #[test]
    fn the_name_of_most_lines_wins() {
        let lines = [("?", 9), ("B MUG", 2), ("A MUG", 2), ("C MUG", 1)];
        let descriptions = lines.iter().map(|(text, lines)| ((*text).to_owned(), *lines)).collect();
        assert_eq!(most_frequent_name(&descriptions), Some("A MUG"));
    }

    #[test]
    fn a_cut_word_is_completed_from_the_vocabulary() {
        let vocabulary = [("NECKLACE", 9), ("NECKLACES", 1)].map(|(word, n)| (word.to_owned(), n)).into();
        assert_eq!(complete("COPPER FLOWER NECKLAC", 35, &vocabulary), "COPPER FLOWER NECKLACE");
        assert_eq!(complete("COPPER FLOWER NECKLAC", 20, &vocabulary), "COPPER FLOWER NECKLAC");
    }
}
