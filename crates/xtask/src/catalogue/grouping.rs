//! Which codes of one stem are variants of one product: those whose names share a word that says what the thing is.

use std::collections::{BTreeMap, BTreeSet};

use super::word_lists::{COLOURS, DESIGN_WORDS, MORE_THINGS, NO_PLURALS, PLAIN_COLOURS, SIZES, SMALL_WORDS};

/// A SKU with its cleaned name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Canonical stock code.
    pub(crate) sku: String,
    /// Cleaned name, upper case.
    pub(crate) name: String,
}

/// Words that say what a thing is.
pub(crate) type Things = BTreeSet<String>;

/// The form in which words are compared: without punctuation, `&` as `AND`, plural as singular, `BOXED` as `BOX`.
#[must_use]
pub(crate) fn key(word: &str) -> String {
    let bare = word.trim_matches(|c: char| ",.\"()!".contains(c));
    match bare {
        "&" => "AND".to_owned(),
        "BOXED" | "BOXES" => "BOX".to_owned(),
        _ if NO_PLURALS.contains(&bare) => bare.to_owned(),
        _ if bare.len() > 3 && bare.ends_with('S') && !bare.ends_with("SS") && !bare.ends_with("'S") => {
            bare[..bare.len() - 1].to_owned()
        }
        _ => bare.to_owned(),
    }
}

/// Learns from all names which words say what a thing is: those that end two names or more and are neither colour nor
/// size nor design.
#[must_use]
pub(crate) fn things<'a>(names: impl Iterator<Item = &'a str>) -> Things {
    let mut ends: BTreeMap<String, u32> = BTreeMap::new();
    for name in names {
        if let Some(last) = name.split_whitespace().next_back() {
            *ends.entry(key(last)).or_default() += 1;
        }
    }
    ends.retain(|word, names| *names >= 2 && can_be_a_thing(word));
    ends.into_keys().chain(MORE_THINGS.iter().map(ToString::to_string)).collect()
}

/// Splits the codes of one stem into products: all of them together if they share more than half of every name, else
/// those together that share a thing. Each product has at least one code, in the order of their first code.
#[must_use]
pub(crate) fn split(codes: &[Named], things: &Things) -> Vec<Vec<Named>> {
    if share_most_words(codes) {
        return vec![codes.to_vec()];
    }
    let mut rest: Vec<Named> = codes.to_vec();
    let mut products = Vec::new();
    while !rest.is_empty() {
        let shared = most_shared_thing(&rest, things);
        let (product, others) = if let Some(thing) = shared {
            rest.into_iter().partition(|code| keys(&code.name).contains(&thing))
        } else {
            let others = rest.split_off(1);
            (rest, others)
        };
        products.push(product);
        rest = others;
    }
    products.sort_by(|left: &Vec<Named>, right| {
        left.first().map(|code| &code.sku).cmp(&right.first().map(|code| &code.sku))
    });
    products
}

/// The words that all names share, as the best-known name (the first of them) writes and orders them, without small
/// words at either end.
#[must_use]
pub(crate) fn core<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let Some((first, others)) = names.split_first() else {
        return Vec::new();
    };
    let others: Vec<Vec<String>> = others.iter().map(|name| keys(name)).collect();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut words: Vec<&str> = Vec::new();
    for word in first.split_whitespace() {
        let key = key(word);
        let so_far = taken.entry(key.clone()).or_default();
        let everywhere = others.iter().all(|name| name.iter().filter(|other| **other == key).count() > *so_far);
        if everywhere {
            *so_far += 1;
            words.push(word);
        }
    }
    let shared = words.clone();
    words.retain(|word| !is_half_of_a_pair(word, &shared, names));
    let with_article = words.first().is_some_and(|word| *word == "THE");
    let trimmed = trim_small_words(&words);
    let article = with_article.then_some("THE");
    article.into_iter().chain(trimmed.iter().copied()).collect()
}

/// Whether all names share more than half of their words.
fn share_most_words(codes: &[Named]) -> bool {
    let names: Vec<&str> = codes.iter().map(|code| code.name.as_str()).collect();
    let shared = core(&names).len();
    names.iter().all(|name| shared * 2 > name.split_whitespace().count())
}

/// Whether a colour stands behind another colour that differs, in all names, so that both belong to what differs:
/// `PINK & WHITE`, `BLUE & WHITE`.
fn is_half_of_a_pair(word: &str, shared: &[&str], names: &[&str]) -> bool {
    let behind_a_colour = |name: &&str| {
        let words: Vec<&str> = name.split_whitespace().filter(|word| !matches!(*word, "&" | "AND")).collect();
        let place = words.iter().position(|other| *other == word).and_then(|place| place.checked_sub(1));
        place.is_some_and(|before| COLOURS.contains(&words[before]) && !shared.contains(&words[before]))
    };
    PLAIN_COLOURS.contains(&word) && names.iter().all(behind_a_colour)
}

/// The words of a name that are not in the core.
#[must_use]
pub(crate) fn difference<'a>(name: &'a str, core: &[&str]) -> Vec<&'a str> {
    let mut missing: Vec<String> = core.iter().map(|word| key(word)).collect();
    let mut words = Vec::new();
    for word in name.split_whitespace() {
        match missing.iter().position(|core_word| *core_word == key(word)) {
            Some(index) => {
                missing.remove(index);
            }
            None => words.push(word),
        }
    }
    trim_small_words(&words).to_vec()
}

/// Without small words and ampersands at either end.
fn trim_small_words<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    let small = |word: &str| word == "&" || SMALL_WORDS.contains(&word.trim_end_matches(','));
    let start = words.iter().position(|word| !small(word)).unwrap_or(words.len());
    let end = words.iter().rposition(|word| !small(word)).map_or(start, |last| last + 1);
    &words[start..end]
}

/// The comparison forms of a name's words.
fn keys(name: &str) -> Vec<String> {
    name.split_whitespace().map(key).collect()
}

/// The thing that most of the codes share, at least two; of equals the one nearest to a name's end.
fn most_shared_thing(codes: &[Named], things: &Things) -> Option<String> {
    let mut shared: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for code in codes {
        let words = keys(&code.name);
        let distinct: BTreeSet<&String> = words.iter().filter(|word| things.contains(*word)).collect();
        for word in distinct {
            let place = words.iter().rposition(|other| other == word).unwrap_or(0);
            let (names, places) = shared.entry(word.clone()).or_default();
            *names += 1;
            *places += place;
        }
    }
    let best = shared.into_iter().filter(|(_, (names, _))| *names >= 2).max_by_key(|(_, rank)| *rank);
    best.map(|(word, _)| word)
}

/// Neither a colour nor a size nor a design nor a figure.
fn can_be_a_thing(word: &str) -> bool {
    let lists = [COLOURS, DESIGN_WORDS, SIZES, SMALL_WORDS];
    let listed = lists.iter().any(|list| list.iter().any(|entry| key(entry) == word));
    !listed && word.len() > 1 && !word.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<Named> {
        let letters = "ABCDEFG".chars();
        let codes = names.iter().zip(letters);
        codes.map(|(name, letter)| Named { sku: format!("12345{letter}"), name: (*name).to_owned() }).collect()
    }

    fn skus(products: &[Vec<Named>]) -> Vec<String> {
        let join = |product: &Vec<Named>| product.iter().map(|code| &code.sku[5..]).collect::<String>();
        products.iter().map(join).collect()
    }

    #[test]
    fn codes_that_share_a_thing_are_one_product() {
        let things = Things::from(["UMBRELLA".to_owned()]);
        let codes = named(&["BLACK POLKADOT UMBRELLA", "RED RETROSPOT UMBRELLAS"]);
        assert_eq!(skus(&split(&codes, &things)), ["AB"]);
    }

    #[test]
    fn codes_that_share_only_a_design_are_not() {
        let things = things(["ENGLISH ROSE", "TEA ROSE", "SPIRIT LEVEL", "SECATEURS"].into_iter());
        let codes = named(&["ENGLISH ROSE SPIRIT LEVEL", "ENGLISH ROSE SECATEURS"]);
        assert_eq!(skus(&split(&codes, &things)), ["A", "B"]);
    }

    #[test]
    fn a_stem_may_hold_two_products() {
        let things = Things::from(["CARD".to_owned(), "MUG".to_owned()]);
        let codes = named(&["BLUE MUG", "CAT CARD", "HOT WATER BOTTLE", "DOG CARD", "RED MUG"]);
        assert_eq!(skus(&split(&codes, &things)), ["AE", "BD", "C"]);
    }

    #[test]
    fn things_end_names_and_are_no_colours() {
        let names = ["BLUE MUG", "RED MUGS", "MUG BLUE", "BOWL BLUE", "TRAY"];
        let things = things(names.into_iter());
        assert!(things.contains("MUG"));
        assert!(!things.contains("BLUE") && !things.contains("TRAY"));
    }

    #[test]
    fn the_core_is_what_all_share_and_the_rest_differs() {
        let names = ["SET OF 3 PINK FLYING DUCKS", "SET OF 3 COLOURED FLYING DUCK"];
        let core = core(&names);
        assert_eq!(core.join(" "), "SET OF 3 FLYING DUCKS");
        assert_eq!(difference(names[1], &core), ["COLOURED"]);
        assert!(difference("SET OF 3 FLYING DUCKS IN THE", &core).is_empty());
    }

    #[test]
    fn a_pair_of_colours_differs_as_a_whole() {
        let names = ["PINK & WHITE BREAKFAST TRAY", "BLUE & WHITE BREAKFAST TRAY"];
        let core = core(&names);
        assert_eq!(core, ["BREAKFAST", "TRAY"]);
        assert_eq!(difference(names[0], &core), ["PINK", "&", "WHITE"]);
    }
}
