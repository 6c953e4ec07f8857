//! Collections, all derived: by sales, by first sale, by season, by word family, by price.

use std::collections::BTreeSet;

use super::families::{FAMILIES, has_any, tags, words_of};
use super::products::Product;
use super::seasons::{SEASONS, belongs};

/// A collection has at least and at most this many products; a smaller one is dropped, a larger one keeps its best
/// sellers.
pub(crate) const SIZES: (usize, usize) = (8, 400);

/// How many products are best sellers.
const BEST_SELLERS: usize = 100;

/// Price bands by a product's lowest price in pence: handle, title, sentence, from, up to and not including.
const BANDS: &[(&str, &str, &str, i64, i64)] = &[
    ("under-1-pound", "Under £1", "Best sellers that cost less than £1.", 0, 100),
    ("1-to-2-pounds", "£1 to £2", "Best sellers from £1 to £1.99.", 100, 200),
    ("5-to-10-pounds", "£5 to £10", "Best sellers from £5 to £9.99.", 500, 1000),
    ("10-pounds-and-more", "£10 & More", "Presents from £10.", 1000, i64::MAX),
];

/// A list of products with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Collection {
    /// Slug, unique.
    pub(crate) handle: String,
    /// Title for shoppers.
    pub(crate) title: String,
    /// Sentence for shoppers.
    pub(crate) description: String,
    /// Indexes into the products, best sold first.
    pub(crate) members: Vec<usize>,
}

/// All collections, in the order in which the shop shows them.
#[must_use]
pub(crate) fn derive(products: &[Product]) -> Vec<Collection> {
    let words: Vec<String> = products.iter().map(words_of).collect();
    let by_orders = by_orders(products);
    let pick = |handle: &str, title: &str, description: &str, most: usize, test: &dyn Fn(usize) -> bool| {
        let members = by_orders.iter().copied().filter(|index| test(*index)).take(most).collect();
        Collection { handle: handle.to_owned(), title: title.to_owned(), description: description.to_owned(), members }
    };
    let (least, most) = SIZES;
    let newest = newest_months(products);
    let is_new = |index: usize| products[index].units.keys().next().is_some_and(|first| newest.contains(first));
    let best = "What most customers put into their carts.";
    let mut collections = vec![
        pick("best-sellers", "Best Sellers", best, BEST_SELLERS, &|_| true),
        pick("new-arrivals", "New Arrivals", "First sold in the last two months.", most, &is_new),
    ];
    for season in SEASONS {
        let test = |index: usize| belongs(season, &products[index], &words[index]);
        collections.push(pick(season.handle, season.title, season.description, most, &test));
    }
    for family in FAMILIES {
        let test = |index: usize| has_any(&words[index], family.words);
        collections.push(pick(family.handle, family.title, "", most, &test));
    }
    for (handle, title, description, from, below) in BANDS {
        let test = |index: usize| (*from..*below).contains(&products[index].price_from());
        collections.push(pick(handle, title, description, most, &test));
    }
    collections.retain(|collection| collection.members.len() >= least);
    collections
}

/// The tags of a product: its seasons and its word families.
#[must_use]
pub(crate) fn tags_of(product: &Product) -> Vec<&'static str> {
    let words = words_of(product);
    let seasons = SEASONS.iter().filter(|season| belongs(season, product, &words)).map(|season| season.handle);
    seasons.chain(tags(&words)).collect()
}

/// All products, most orders first, the first code first of equals.
fn by_orders(products: &[Product]) -> Vec<usize> {
    let mut indexes: Vec<usize> = (0..products.len()).collect();
    indexes.sort_by_key(|index| (std::cmp::Reverse(products[*index].orders), *index));
    indexes
}

/// The last two months with sales.
fn newest_months(products: &[Product]) -> Vec<String> {
    let months: BTreeSet<&String> = products.iter().flat_map(|product| product.units.keys()).collect();
    months.into_iter().rev().take(2).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::products::Variant;

    fn product(number: usize, title: &str, first_month: &str) -> Product {
        let variant = Variant { sku: format!("{number:05}"), value: None, price_pence: 150, on_hand: 10 };
        let units = [(first_month.to_owned(), 30), ("2011-09".to_owned(), 1)].into();
        let (handle, title) = (number.to_string(), title.to_owned());
        Product { handle, title, option: None, variants: vec![variant], orders: number, units }
    }

    #[test]
    fn collections_are_derived_and_ordered_by_sales() {
        let mut products: Vec<Product> = (0..9).map(|n| product(n, "Red Mug", "2011-01")).collect();
        products.push(product(9, "Tray", "2011-08"));

        let collections = derive(&products);

        let shown: Vec<(&str, usize, usize)> = collections
            .iter()
            .map(|collection| (collection.handle.as_str(), collection.members.len(), collection.members[0]))
            .collect();
        // New arrivals has one product and is dropped.
        assert_eq!(shown, [("best-sellers", 10, 9), ("mugs", 9, 8), ("1-to-2-pounds", 10, 9)]);
    }

    #[test]
    fn tags_are_seasons_and_families() {
        assert_eq!(tags_of(&product(1, "Christmas Mug", "2011-01")), ["christmas", "mugs"]);
    }
}
