//! The option by which the variants of a product differ, and each variant's value of it.

use std::collections::BTreeMap;

use super::grouping::{Named, core, difference, key};
use super::title_case::title_case;
use super::word_lists::{COLOURS, SCENTED, SCENTS, SIZES};

/// A product's title, its one option and the variants' values, parallel to the codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    /// What all variants share, in readable case.
    pub(crate) title: String,
    /// `Colour`, `Size`, `Scent`, `Letter` or `Design`.
    pub(crate) option: &'static str,
    /// Distinct, in readable case.
    pub(crate) values: Vec<String>,
}

/// Reads title, option and values from the names of two or more codes; `best` is the index of the best seller, whose
/// wording the title takes.
#[must_use]
pub(crate) fn read(codes: &[Named], best: usize) -> Options {
    let mut names: Vec<&str> = codes.iter().map(|code| code.name.as_str()).collect();
    let last = names.len().saturating_sub(1);
    names.swap(0, best.min(last));
    let core = core(&names);
    let differences: Vec<String> = codes.iter().map(|code| tidy(&difference(&code.name, &core))).collect();
    let title = without_design_word(&core).join(" ");
    let title = title.trim_matches(|c: char| ", ".contains(c));
    let values = fill_and_tell_apart(codes, &differences);
    let option = option_name(&values, title);
    let words = values.iter().map(|value| title_case(value)).collect();
    Options { title: title_case(title), option, values: words }
}

/// A title without the word that only announced what differs: `DESIGN WASH BAG`, `LILY BROOCH COLOUR`.
fn without_design_word<'a, 'b>(core: &'b [&'a str]) -> &'b [&'a str] {
    match core {
        ["DESIGN", rest @ ..] | [rest @ .., "COLOUR" | "DESIGN"] if !rest.is_empty() => rest,
        _ => core,
    }
}

/// The differing words as a value: one pair of quotation marks, commas at the ends and a closing `COLOUR` or `DESIGN`
/// removed.
fn tidy(words: &[&str]) -> String {
    let joined = words.join(" ");
    let trimmed = joined.trim_matches(|c: char| "\", ".contains(c));
    let short = [" COLOUR", " DESIGN"].iter().find_map(|suffix| trimmed.strip_suffix(suffix));
    let value = short.map(str::trim).filter(|short| !short.is_empty()).unwrap_or(trimmed);
    value.trim_matches(|c: char| "\", ".contains(c)).replace('"', "")
}

/// Gives a value to variants whose names have nothing of their own, and a letter to values that occur twice.
fn fill_and_tell_apart(codes: &[Named], differences: &[String]) -> Vec<String> {
    let sized = codes.iter().all(|code| matches!(suffix(&code.sku), "L" | "M" | "S"));
    let empty = differences.iter().filter(|value| value.is_empty()).count();
    let filled = codes.iter().zip(differences).map(|(code, value)| match (value.as_str(), suffix(&code.sku)) {
        ("", "L") if sized => "LARGE".to_owned(),
        ("", "M") if sized => "MEDIUM".to_owned(),
        ("", "S") if sized => "SMALL".to_owned(),
        ("", _) if empty == 1 => "STANDARD".to_owned(),
        ("", letter) => format!("STYLE {letter}"),
        (value, _) => value.to_owned(),
    });
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let told_apart = filled.zip(codes).map(|(value, code)| {
        let times = seen.entry(value.clone()).or_default();
        *times += 1;
        if *times == 1 { value } else { format!("{value} ({})", suffix(&code.sku)) }
    });
    told_apart.collect()
}

/// The letters behind the five digits.
fn suffix(sku: &str) -> &str {
    sku.get(5..).unwrap_or_default()
}

/// What the values have in common.
fn option_name(values: &[String], title: &str) -> &'static str {
    let all = |test: &dyn Fn(&str) -> bool| values.iter().all(|value| test(value));
    let listed = |list: &[&str], value: &str| {
        let mut words = value.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.all(|word| list.contains(&word) || matches!(word, "AND" | "WITH"))
    };
    let scented = title.split([' ', '/']).any(|word| SCENTED.iter().any(|entry| key(entry) == key(word)));
    if all(&|value| value.len() == 1) {
        "Letter"
    } else if scented && all(&|value| listed(SCENTS, value.trim_end_matches(" SCENT"))) {
        "Scent"
    } else if all(&|value| listed(COLOURS, value)) {
        "Colour"
    } else if all(&|value| listed(SIZES, value) || is_measure(value)) {
        "Size"
    } else {
        "Design"
    }
}

/// `40X40CM`, `120CM`.
fn is_measure(value: &str) -> bool {
    value.starts_with(|first: char| first.is_ascii_digit()) && value.ends_with("CM")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(codes: &[(&str, &str)]) -> Options {
        let named = |(sku, name): &(&str, &str)| Named { sku: (*sku).to_owned(), name: (*name).to_owned() };
        read(&codes.iter().map(named).collect::<Vec<_>>(), 0)
    }

    fn shown(options: &Options) -> String {
        format!("{} | {}: {}", options.title, options.option, options.values.join(", "))
    }

    #[test]
    fn colours_sizes_scents_and_letters_are_recognised() {
        let parasol = [("15044A", "PINK PAPER PARASOL"), ("15044B", "LIGHT BLUE PAPER PARASOL")];
        assert_eq!(shown(&options(&parasol)), "Paper Parasol | Colour: Pink, Light Blue");
        let bag = [("84856L", "LARGE TAHITI BEACH BAG"), ("84856S", "SMALL TAHITI BEACH BAG")];
        assert_eq!(shown(&options(&bag)), "Tahiti Beach Bag | Size: Large, Small");
        let pad = [("46000M", "FILLER PAD 45X45CM"), ("46000R", "FILLER PAD 45X30CM")];
        assert_eq!(shown(&options(&pad)), "Filler Pad | Size: 45x45cm, 45x30cm");
        let candle = [("85230A", "OPIUM SCENTED CANDLE"), ("85230B", "ROSE SCENTED CANDLE")];
        assert_eq!(shown(&options(&candle)), "Scented Candle | Scent: Opium, Rose");
        let ring = [("90214A", "LETTER \"A\" KEY RING"), ("90214B", "LETTER \"B\" KEY RING")];
        assert_eq!(shown(&options(&ring)), "Letter Key Ring | Letter: A, B");
        let mats = [("84509B", "FAIRY CAKE PLACEMATS"), ("84509C", "POLKADOT PLACEMATS")];
        assert_eq!(shown(&options(&mats)), "Placemats | Design: Fairy Cake, Polkadot");
    }

    #[test]
    fn values_are_never_empty_nor_equal() {
        let mats = [("84509B", "CAKE MATS"), ("84509C", "DOT MATS"), ("84509G", "CAKE MATS")];
        assert_eq!(shown(&options(&mats)), "Mats | Design: Cake, Dot, Cake (G)");
        let bunting = [("47566", "PARTY BUNTING"), ("47566B", "TEA TIME PARTY BUNTING")];
        assert_eq!(shown(&options(&bunting)), "Party Bunting | Design: Standard, Tea Time");
        let signs = [("82613A", "METAL SIGN"), ("82613B", "METAL SIGN")];
        assert_eq!(shown(&options(&signs)), "Metal Sign | Design: Style A, Style B");
        let bags = [("16162L", "GIFT BAG"), ("16162M", "GIFT BAG 25X24X12CM")];
        assert_eq!(shown(&options(&bags)), "Gift Bag | Size: Large, 25x24x12cm");
    }
}
