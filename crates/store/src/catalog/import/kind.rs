//! The kinds of files and their headers.

/// A kind of file, told by its header line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `products.csv`
    Products,
    /// `variants.csv`
    Variants,
    /// `prices.csv`
    Prices,
    /// `stock.csv`
    Stock,
    /// `images.csv`
    Images,
    /// `collections.csv`
    Collections,
    /// `collection_products.csv`
    CollectionProducts,
}

impl Kind {
    /// Every kind, in the order in which they are written.
    pub const ALL: [Self; 7] = [
        Self::Products,
        Self::Variants,
        Self::Prices,
        Self::Stock,
        Self::Images,
        Self::Collections,
        Self::CollectionProducts,
    ];

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Variants => "variants",
            Self::Prices => "prices",
            Self::Stock => "stock",
            Self::Images => "images",
            Self::Collections => "collections",
            Self::CollectionProducts => "collection_products",
        }
    }

    /// The columns of its header line, in order.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Products => &["handle", "title", "description", "vendor", "tags", "options"],
            Self::Variants => &["product", "sku", "title", "option_values", "position"],
            Self::Prices => &["sku", "market", "currency", "amount", "compare_at"],
            Self::Stock => &["sku", "on_hand"],
            Self::Images => &["product", "sku", "url", "alt", "width", "height"],
            Self::Collections => &["handle", "title", "description", "position"],
            Self::CollectionProducts => &["collection", "product", "position"],
        }
    }

    /// All header lines, for a message.
    #[must_use]
    pub fn headers() -> Vec<String> {
        Self::ALL.iter().map(|kind| kind.columns().join(",")).collect()
    }

    /// The kind that has this header.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.columns() == header)
    }

    /// The kind of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Copies rows as [`super::row`] encodes them into the kind's staging table.
    pub(super) fn copy(self) -> &'static str {
        match self {
            Self::Products => {
                "copy import_product (file, line, id, handle, title, description, vendor, tags, option_names) from stdin"
            }
            Self::Variants => {
                "copy import_variant (file, line, id, product, sku, title, option_values, position) from stdin"
            }
            Self::Prices => "copy import_price (file, line, sku, market, currency, amount, compare_at) from stdin",
            Self::Stock => "copy import_stock (file, line, sku, on_hand) from stdin",
            Self::Images => "copy import_image (file, line, product, sku, url, alt, width, height) from stdin",
            Self::Collections => {
                "copy import_collection (file, line, id, handle, title, description, position) from stdin"
            }
            Self::CollectionProducts => "copy import_member (file, line, collection, product, position) from stdin",
        }
    }
}
