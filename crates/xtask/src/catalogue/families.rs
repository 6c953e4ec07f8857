//! Word families: products that have one of a few words in the title, or in the values of a third of the variants.
//! The lists are written by hand, starting from the words that most titles have; their members are not. A family that
//! fewer than eight products belong to is dropped.

use std::collections::BTreeMap;

use super::grouping::key;
use super::products::Product;

/// Products that share a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family {
    /// Slug, also the tag of its products.
    pub(crate) handle: &'static str,
    /// Title of the collection.
    pub(crate) title: &'static str,
    /// Words or phrases, upper case, singular; one is enough.
    pub(crate) words: &'static [&'static str],
}

const fn family(handle: &'static str, title: &'static str, words: &'static [&'static str]) -> Family {
    Family { handle, title, words }
}

/// In the order in which the shop shows them.
pub(crate) const FAMILIES: &[Family] = &[
    family("bags", "Bags & Purses", &["BAG", "SHOPPER", "PURSE", "HANDBAG", "WALLET"]),
    family("lunch", "Lunch Bags & Boxes", &["LUNCH BAG", "LUNCH BOX", "SNACK BOX", "PICNIC"]),
    family(
        "mugs",
        "Mugs & Cups",
        &[
            "MUG",
            "TEACUP",
            "TEA CUP",
            "BREAKFAST CUP",
            "RETROSPOT CUP",
            "POLKADOT CUP",
            "SHAPE CUP",
            "BEAKER",
            "TUMBLER",
        ],
    ),
    family(
        "tea-time",
        "Tea Time",
        &[
            "TEA SET",
            "TEA CUP",
            "TEA CADDY",
            "TEA COSY",
            "TEA PLATE",
            "TEA SPOON",
            "TEA STRAINER",
            "TEA FOR ONE",
            "TEA MUG",
            "TEA BAG",
            "TEA CONTAINER",
            "TEAPOT",
            "TEACUP",
            "TEATIME",
            "SAUCER",
            "COFFEE",
            "SUGAR",
            "MILK JUG",
        ],
    ),
    family("candles", "Candles & T-Lights", &["CANDLE", "T-LIGHT", "CANDLESTICK", "VOTIVE", "INCENSE"]),
    family(
        "lights",
        "Lights & Lanterns",
        &["LAMP", "LANTERN", "LAMPSHADE", "NIGHT LIGHT", "LIGHT CHAIN", "LED", "FAIRY LIGHT", "CHANDELIER"],
    ),
    family(
        "cake-and-baking",
        "Cake Stands & Baking",
        &[
            "CAKE STAND",
            "CAKE CASE",
            "CAKE TIN",
            "BAKING",
            "CUTTER",
            "JELLY MOULD",
            "ROLLING PIN",
            "CAKE PLATE",
            "CAKE SLICE",
        ],
    ),
    family(
        "kitchen",
        "Kitchen & Dining",
        &[
            "KITCHEN",
            "APRON",
            "TEA TOWEL",
            "OVEN GLOVE",
            "BOWL",
            "PLATE",
            "JUG",
            "CUTLERY",
            "PAN",
            "COASTER",
            "PLACEMAT",
            "SPOON",
            "CHOPPING BOARD",
            "COLANDER",
            "PANTRY",
            "SCALE",
        ],
    ),
    family(
        "jewellery",
        "Jewellery",
        &[
            "NECKLACE",
            "BRACELET",
            "EARRING",
            "BROOCH",
            "BANGLE",
            "PENDANT",
            "FLOWER RING",
            "BOUDICCA RING",
            "EXPANDABLE RING",
            "BUBBLEGUM RING",
            "JEWELLERY",
        ],
    ),
    family(
        "hair-and-charms",
        "Hair, Charms & Key Rings",
        &[
            "HAIR SLIDE",
            "HAIR TIE",
            "HAIR GRIP",
            "HAIR COMB",
            "HAIR CLIP",
            "HAIRBAND",
            "BAG CHARM",
            "PHONE CHARM",
            "KEY RING",
            "KEYRING",
            "KEY FOB",
        ],
    ),
    family(
        "cards-and-wrap",
        "Cards & Gift Wrap",
        &["CARD", "WRAP", "GIFT BAG", "GIFT TAPE", "TISSUE", "RIBBON", "GIFT BOX"],
    ),
    family(
        "stationery",
        "Stationery",
        &[
            "NOTEBOOK",
            "PEN",
            "PENCIL",
            "JOURNAL",
            "SKETCHBOOK",
            "STICKER",
            "ERASER",
            "RULER",
            "POCKET BOOK",
            "SHARPENER",
            "CALCULATOR",
            "TAPE",
        ],
    ),
    family(
        "party",
        "Party",
        &[
            "PARTY",
            "BUNTING",
            "BALLOON",
            "NAPKIN",
            "PAPER CUP",
            "PAPER PLATE",
            "STRAW",
            "GARLAND",
            "CONFETTI",
            "DOILY",
            "DOILIE",
            "PAPER CHAIN",
        ],
    ),
    family("signs", "Signs", &["SIGN", "DOOR HANGER"]),
    family("clocks", "Clocks", &["CLOCK"]),
    family("frames-and-mirrors", "Frames & Mirrors", &["FRAME", "MIRROR", "PHOTO ALBUM", "WALL ART"]),
    family(
        "storage",
        "Boxes, Tins & Baskets",
        &["STORAGE", "BASKET", "TIN", "JAR", "CABINET", "DRAWER", "TIDY", "SHELF", "KEEPSAKE BOX", "TRINKET BOX"],
    ),
    family("hooks-and-knobs", "Hooks & Knobs", &["HOOK", "KNOB", "HANGER", "COAT RACK"]),
    family("cushions", "Cushions & Throws", &["CUSHION", "QUILT", "THROW", "POUFFE", "FILLER PAD"]),
    family("doormats-and-doorstops", "Doormats & Doorstops", &["DOORMAT", "DOORSTOP"]),
    family(
        "bathroom",
        "Bathroom",
        &[
            "BATHROOM",
            "BATH",
            "SOAP",
            "FLANNEL",
            "WASH BAG",
            "CAKE TOWEL",
            "ROLL TOWEL",
            "ROSE TOWEL",
            "SHOWER",
            "TOILET",
        ],
    ),
    family(
        "warmers",
        "Hot Water Bottles & Warmers",
        &[
            "HOT WATER BOTTLE",
            "HAND WARMER",
            "MUG WARMER",
            "EGG WARMER",
            "HOTTIE",
            "EGG COSY",
            "TEA COSY",
            "MUG COSY",
            "SLIPPER",
        ],
    ),
    family(
        "travel",
        "Travel",
        &["LUGGAGE", "PASSPORT", "TRAVEL", "CABIN BAG", "AIRLINE BAG", "WEEKEND BAG", "OVERNIGHT BAG", "HOLIDAY PURSE"],
    ),
    family("umbrellas", "Umbrellas & Parasols", &["UMBRELLA", "PARASOL", "RAIN"]),
    family(
        "garden",
        "Garden",
        &[
            "GARDEN",
            "WATERING CAN",
            "PLANT",
            "HERB MARKER",
            "HERB GARDEN",
            "GROW YOUR OWN",
            "BIRDHOUSE",
            "WINDMILL",
            "PLANTER",
            "BIRDCAGE",
            "SEED ENVELOPE",
            "POTTING SHED",
            "THERMOMETER",
        ],
    ),
    family(
        "toys-and-games",
        "Toys & Games",
        &[
            "TOY",
            "GAME",
            "JIGSAW",
            "DOLL",
            "SKITTLE",
            "DOMINO",
            "PUZZLE",
            "LUDO",
            "BINGO",
            "TEDDY",
            "HELICOPTER",
            "SPINNING TOP",
            "MARBLE",
            "SKIPPING ROPE",
            "PUPPET",
        ],
    ),
    family(
        "craft",
        "Felt, Sewing & Craft",
        &["FELTCRAFT", "SEWING", "CRAFT", "KNITTING", "STENCIL", "PAINT", "PIN CUSHION", "MEASURING TAPE", "STAMP"],
    ),
    family("money-boxes", "Money Boxes", &["MONEY BOX", "MONEY BANK", "PIGGY BANK"]),
    family("magnets", "Magnets", &["MAGNET"]),
    family("flowers", "Artificial Flowers", &["ARTIFICIAL FLOWER"]),
    family("hearts", "Hearts", &["HEART", "SWEETHEART"]),
    family(
        "birds-and-butterflies",
        "Birds & Butterflies",
        &["BIRD", "BUTTERFLY", "OWL", "DOVE", "SWALLOW", "LOVEBIRD", "HEN", "CHICK"],
    ),
    family("cats-and-dogs", "Cats & Dogs", &["CAT", "DOG", "SCOTTIE", "KITTEN"]),
    family("retrospot", "Retrospot", &["RETROSPOT"]),
    family("polkadot", "Polkadot", &["POLKADOT"]),
    family("paisley", "Paisley", &["PAISLEY"]),
    family("gingham", "Gingham", &["GINGHAM"]),
    family("skulls", "Skulls", &["SKULL"]),
    family("woodland", "Woodland & Toadstools", &["WOODLAND", "TOADSTOOL", "MUSHROOM"]),
    family("spaceboy", "Spaceboy", &["SPACEBOY"]),
    family("dolly-girl", "Dolly Girl", &["DOLLY GIRL"]),
    family("circus-parade", "Circus Parade", &["CIRCUS PARADE"]),
    family("charlie-and-lola", "Charlie & Lola", &["CHARLIE AND LOLA"]),
    family("babushka", "Babushka", &["BABUSHKA"]),
    family("regency", "Regency", &["REGENCY"]),
    family("union-jack-and-london", "Union Jack & London", &["UNION JACK", "UNION FLAG", "LONDON"]),
    family("french", "French Style", &["FRENCH", "PARISIENNE", "PARIS", "ENFANT", "MA CAMPAGNE"]),
    family("zinc-and-wicker", "Zinc, Wire & Wicker", &["ZINC", "WICKER", "WIRE"]),
];

/// A product's words in the form in which words are compared, with a space at either end: those of its title and those
/// that at least a third of its variants have in their values.
#[must_use]
pub(crate) fn words_of(product: &Product) -> String {
    let mut words = keys(&product.title);
    let mut of_values: BTreeMap<String, usize> = BTreeMap::new();
    for value in product.variants.iter().filter_map(|variant| variant.value.as_deref()) {
        for word in keys(value) {
            *of_values.entry(word).or_default() += 1;
        }
    }
    of_values.retain(|_, variants| *variants * 3 >= product.variants.len());
    words.extend(of_values.into_keys());
    format!(" {} ", words.join(" "))
}

/// The words of a text in comparison form.
fn keys(text: &str) -> Vec<String> {
    text.to_uppercase().replace('/', " ").split_whitespace().map(key).collect()
}

/// Whether words in that form hold one of the words or phrases.
#[must_use]
pub(crate) fn has_any(words: &str, wanted: &[&str]) -> bool {
    wanted.iter().any(|word| words.contains(&format!(" {word} ")))
}

/// The product's families, as tags.
#[must_use]
pub(crate) fn tags(words: &str) -> Vec<&'static str> {
    FAMILIES.iter().filter(|family| has_any(words, family.words)).map(|family| family.handle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::products::Variant;

    #[test]
    fn a_phrase_needs_all_its_words_in_order() {
        assert!(has_any(" RED CAKE STAND ", &["CAKE STAND"]));
        assert!(!has_any(" CAKE RED STAND ", &["CAKE STAND"]));
        assert!(!has_any(" CUPBOARD ", &["CUP"]));
        assert_eq!(tags(" RED RETROSPOT LUNCH BAG "), ["bags", "lunch", "retrospot"]);
    }

    #[test]
    fn handles_are_unique_and_words_are_in_comparison_form() {
        let mut handles: Vec<&str> = FAMILIES.iter().map(|family| family.handle).collect();
        handles.sort_unstable();
        handles.dedup();
        assert_eq!(handles.len(), FAMILIES.len());
        for word in FAMILIES.iter().flat_map(|family| family.words) {
            assert_eq!(keys(word).join(" "), *word);
        }
    }

    #[test]
    fn a_word_of_one_variant_in_many_does_not_place_the_product() {
        let variant =
            |value: &str| Variant { sku: String::new(), value: Some(value.to_owned()), price_pence: 1, on_hand: 10 };
        let mut product = Product {
            handle: String::new(),
            title: "Ribbons".to_owned(),
            option: Some("Design"),
            variants: ["Christmas", "Blue", "Green"].map(variant).to_vec(),
            orders: 0,
            units: BTreeMap::new(),
        };
        assert_eq!(words_of(&product), " RIBBON BLUE CHRISTMAS GREEN ");
        product.variants.push(variant("Red"));
        assert_eq!(words_of(&product), " RIBBON ");
    }
}
