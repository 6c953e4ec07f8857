//! Products with their variants, from what the months say about each SKU.

use std::collections::{BTreeMap, BTreeSet};

use tidegate_drills::sellable::stem;

use super::corrections;
use super::grouping::{Named, split, things};
use super::option_values::{self, Options};
use super::pricing::{on_hand, price_pence};
use super::tally::{Sales, Tally};
use super::title_case::title_case;
use super::wording::{Vocabulary, clean, complete, most_frequent_name};

/// Something a shopper can put into a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variant {
    /// Canonical stock code.
    pub(crate) sku: String,
    /// The value of the product's option; none for the only variant of a product.
    pub(crate) value: Option<String>,
    /// Price in pence.
    pub(crate) price_pence: i64,
    /// Pieces on hand.
    pub(crate) on_hand: i64,
}

/// A product page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Product {
    /// Slug of the title, unique.
    pub(crate) handle: String,
    /// In readable case.
    pub(crate) title: String,
    /// `Colour`, `Size`, … when there are several variants.
    pub(crate) option: Option<&'static str>,
    /// In the order of their codes, at least one.
    pub(crate) variants: Vec<Variant>,
    /// Invoices with at least one of the variants.
    pub(crate) orders: usize,
    /// Pieces sold by `YYYY-MM`, all variants together.
    pub(crate) units: BTreeMap<String, i64>,
}

impl Product {
    /// One sentence with the choice there is; empty when there is none.
    #[must_use]
    pub(crate) fn description(&self) -> String {
        let Some(option) = self.option else {
            return String::new();
        };
        let values: Vec<&str> = self.variants.iter().filter_map(|variant| variant.value.as_deref()).collect();
        let (last, others) = values.split_last().map_or(("", &[][..]), |(last, others)| (*last, others));
        let count = values.len();
        format!("Comes in {count} {}s: {} and {last}.", option.to_lowercase(), others.join(", "))
    }

    /// The lowest price of its variants, in pence.
    #[must_use]
    pub(crate) fn price_from(&self) -> i64 {
        self.variants.iter().map(|variant| variant.price_pence).min().unwrap_or(0)
    }
}

/// All products, what was ordered most often first: the order of the rows is the shop's own. SKUs without a name or
/// price are noted in the tally.
#[must_use]
pub(crate) fn derive(tally: &mut Tally) -> Vec<Product> {
    let names = names(tally);
    let things = things(names.values().map(String::as_str));
    let mut products = Vec::new();
    for codes in by_stem(names) {
        for group in split(&codes, &things) {
            products.push(product(&group, &tally.sales));
        }
    }
    make_handles_unique(&mut products);
    products.sort_by_key(|product| std::cmp::Reverse(product.orders));
    products
}

/// The name of each SKU that has one and a price; the others are noted.
fn names(tally: &mut Tally) -> BTreeMap<String, String> {
    let mut recorded: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (sku, sales) in &tally.sales {
        let name = most_frequent_name(&sales.descriptions).filter(|_| price_pence(sales).is_some());
        match name {
            Some(text) => {
                recorded.insert(sku.clone(), (clean(text), text.chars().count()));
            }
            None => {
                tally.unusable.insert(sku.clone());
            }
        }
    }
    let vocabulary = vocabulary(recorded.values().map(|(name, _)| name.as_str()));
    let finish = |(sku, (name, length)): (String, (String, usize))| {
        let name = corrections::name(&sku).map_or_else(|| complete(&name, length, &vocabulary), ToOwned::to_owned);
        (sku, name)
    };
    recorded.into_iter().map(finish).collect()
}

/// How many names have each word before the last.
fn vocabulary<'a>(names: impl Iterator<Item = &'a str>) -> Vocabulary {
    let mut vocabulary = Vocabulary::new();
    for name in names {
        // The last word counts only where it cannot be cut.
        let length = name.len();
        let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c == '/').collect();
        let whole = if length < 30 { words.len() } else { words.len().saturating_sub(1) };
        for word in words.iter().take(whole).collect::<BTreeSet<_>>() {
            *vocabulary.entry(word.trim_end_matches(',').to_owned()).or_default() += 1;
        }
    }
    vocabulary
}

/// Codes of one stem together; a code without a stem stands alone.
fn by_stem(names: BTreeMap<String, String>) -> Vec<Vec<Named>> {
    let mut stems: BTreeMap<String, Vec<Named>> = BTreeMap::new();
    for (sku, name) in names {
        let stem = stem(&sku).unwrap_or(&sku).to_owned();
        stems.entry(stem).or_default().push(Named { sku, name });
    }
    stems.into_values().collect()
}

/// One product from the codes that are its variants.
fn product(codes: &[Named], sales: &BTreeMap<String, Sales>) -> Product {
    let of = |code: &Named| sales.get(&code.sku).cloned().unwrap_or_default();
    let orders_of = |code: &Named| sales.get(&code.sku).map_or(0, |sales| sales.invoices.len());
    let best = (0..codes.len()).rev().max_by_key(|index| orders_of(&codes[*index])).unwrap_or(0);
    let (title, option, values) = if let [only] = codes {
        (title_case(&only.name), None, vec![None])
    } else {
        let Options { title, option, values } = option_values::read(codes, best);
        (title, Some(option), values.into_iter().map(Some).collect())
    };
    let mut invoices = BTreeSet::new();
    let mut units: BTreeMap<String, i64> = BTreeMap::new();
    for code in codes {
        let sales = of(code);
        invoices.extend(sales.invoices);
        for (month, sold) in sales.months {
            *units.entry(month).or_default() += sold.units;
        }
    }
    let variant = |(code, value): (&Named, Option<String>)| {
        let sales = of(code);
        let price_pence = price_pence(&sales).unwrap_or(0);
        Variant { sku: code.sku.clone(), value, price_pence, on_hand: on_hand(&sales) }
    };
    let variants = codes.iter().zip(values).map(variant).collect();
    Product { handle: slug(&title), title, option, variants, orders: invoices.len(), units }
}

/// Appends the first SKU to every handle but the first of equals.
fn make_handles_unique(products: &mut [Product]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for product in products {
        if !taken.insert(product.handle.clone())
            && let Some(first) = product.variants.first()
        {
            product.handle = format!("{}-{}", product.handle, first.sku.to_lowercase());
            taken.insert(product.handle.clone());
        }
    }
}

/// Lower case, words joined by hyphens, apostrophes dropped, `&` as `and`.
#[must_use]
pub(crate) fn slug(title: &str) -> String {
    let spelled = title.to_lowercase().replace('&', " and ").replace(['\'', '£'], "");
    let words = spelled.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::month_file::Line;

    fn sell(tally: &mut Tally, invoice: &str, code: &str, description: &str) {
        let day = "2011-03-01";
        tally.add(&Line { invoice, code, description, quantity: 2, day, price_mills: 2950 });
    }

    #[test]
    fn codes_of_a_stem_become_variants_and_titles_repeat_without_a_clash() {
        let mut tally = Tally::default();
        sell(&mut tally, "1", "15044A", "PINK PAPER PARASOL ");
        sell(&mut tally, "1", "15044b", "BLUE PAPER PARASOL");
        sell(&mut tally, "2", "20840", "FRENCH FLORAL CUSHION COVER");
        sell(&mut tally, "2", "20837", "FRENCH FLORAL CUSHION COVER ");
        sell(&mut tally, "2", "20999", "?");

        let products = derive(&mut tally);

        let handles: Vec<&str> = products.iter().map(|product| product.handle.as_str()).collect();
        assert_eq!(handles, ["paper-parasol", "french-floral-cushion-cover", "french-floral-cushion-cover-20840"]);
        assert_eq!(products[0].description(), "Comes in 2 colours: Pink and Blue.");
        assert_eq!(products[0].orders, 1);
        assert_eq!(products[0].units["2011-03"], 4);
        assert_eq!(products[0].price_from(), 295);
        assert_eq!(products[1].description(), "");
        assert_eq!(tally.unusable.iter().collect::<Vec<_>>(), ["20999"]);
    }

    #[test]
    fn slugs_hold_letters_digits_and_hyphens() {
        assert_eq!(slug("Children's Tea, Coffee & Sugar 1/2"), "childrens-tea-coffee-and-sugar-1-2");
    }
}
