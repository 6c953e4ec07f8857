//! Seasons: by a word that names the season, or by a word that hints at it together with the months of its sales.

use super::families::has_any;
use super::products::Product;

/// A season's words and months.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Season {
    /// Slug, also the tag of its products.
    pub(crate) handle: &'static str,
    /// Title of the collection.
    pub(crate) title: &'static str,
    /// Sentence for shoppers.
    pub(crate) description: &'static str,
    /// Words that are enough.
    names: &'static [&'static str],
    /// Words that need the months; empty if any word will do.
    hints: &'static [&'static str],
    /// Months of the year, `MM`.
    months: &'static [&'static str],
    /// Least share of the pieces that these months sold, in percent.
    share: i64,
}

/// Fewer pieces than this say nothing about a season.
const LEAST_UNITS: i64 = 24;

/// In the order of the year in the record, which runs from December to September.
pub(crate) const SEASONS: &[Season] = &[
    Season {
        handle: "christmas",
        title: "Christmas",
        description: "Decorations, cards and presents for Christmas.",
        names: &[
            "CHRISTMAS",
            "NOEL",
            "ADVENT",
            "SANTA",
            "SNOWMEN",
            "REINDEER",
            "NATIVITY",
            "HOLLY",
            "MISTLETOE",
            "TINSEL",
            "BAUBLE",
            "SNOWFLAKE",
            "YULETIDE",
            "JINGLE BELL",
        ],
        hints: &["STAR", "TREE", "ANGEL", "WREATH", "BELL", "GARLAND", "DECORATION", "STOCKING"],
        months: &["12", "08", "09"],
        share: 60,
    },
    Season {
        handle: "valentines",
        title: "Valentine's Day",
        description: "Hearts and roses that sell in January and February.",
        names: &["VALENTINE"],
        hints: &["HEART", "LOVE", "SWEETHEART", "ROSE", "CUPID", "KISS"],
        months: &["01", "02"],
        share: 35,
    },
    Season {
        handle: "easter",
        title: "Easter",
        description: "Bunnies, chicks and eggs for Easter.",
        names: &["EASTER"],
        hints: &["BUNNY", "CHICK", "CHICKEN", "EGG", "RABBIT", "HEN", "SPRING"],
        months: &["02", "03", "04"],
        share: 55,
    },
    Season {
        handle: "summer",
        title: "Summer",
        description: "For the garden, the beach and the picnic blanket: what sells from April to July.",
        names: &["PICNIC", "BEACH", "SEASIDE", "HAMMOCK"],
        hints: &[
            "GARDEN",
            "PARASOL",
            "WATERING",
            "SUN",
            "SUNSET",
            "ICE",
            "STRAW",
            "FAN",
            "HERB",
            "BUNTING",
            "FLOWER",
            "STRAWBERRY",
            "LANTERN",
            "SUMMER",
            "PARTY",
            "SUNDAE",
            "CITRONELLA",
            "FOOD COVER",
            "SHOWER",
        ],
        months: &["04", "05", "06", "07"],
        share: 55,
    },
];

/// Whether the product belongs to the season; `words` are its words in comparison form.
#[must_use]
pub(crate) fn belongs(season: &Season, product: &Product, words: &str) -> bool {
    if has_any(words, season.names) {
        return true;
    }
    let total: i64 = product.units.values().sum();
    let in_season: i64 = product
        .units
        .iter()
        .filter(|(month, _)| season.months.iter().any(|wanted| month.ends_with(wanted)))
        .map(|(_, units)| units)
        .sum();
    has_any(words, season.hints) && total >= LEAST_UNITS && in_season * 100 >= total * season.share
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::grouping::key;

    fn product(units: &[(&str, i64)]) -> Product {
        Product {
            handle: String::new(),
            title: String::new(),
            option: None,
            variants: Vec::new(),
            orders: 0,
            units: units.iter().map(|(month, units)| ((*month).to_owned(), *units)).collect(),
        }
    }

    #[test]
    fn words_are_in_comparison_form() {
        for word in SEASONS.iter().flat_map(|season| season.names.iter().chain(season.hints)) {
            let keyed: Vec<String> = word.split(' ').map(key).collect();
            assert_eq!(keyed.join(" "), *word);
        }
    }

    #[test]
    fn a_name_is_enough_and_a_hint_needs_the_months() {
        let easter = &SEASONS[2];
        let spring = product(&[("2011-03", 60), ("2011-07", 40)]);
        let even = product(&[("2011-03", 50), ("2011-07", 50)]);
        let rare = product(&[("2011-03", 3)]);
        assert!(belongs(easter, &even, " EASTER TIN "));
        assert!(belongs(easter, &spring, " FELT CHICK "));
        assert!(!belongs(easter, &even, " FELT CHICK "));
        assert!(!belongs(easter, &rare, " FELT CHICK "));
        assert!(!belongs(easter, &spring, " FELT OWL "));
    }
}
