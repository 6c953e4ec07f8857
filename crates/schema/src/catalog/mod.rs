//! The catalogue: products, their variants, collections, search.

mod collection;
mod filter;
mod image;
mod product;
mod query;
mod variant;

pub use collection::{Collection, CollectionConnection, CollectionEdge, CollectionRef};
pub use filter::{CollectionSort, PriceRangeInput, ProductFilter, ProductSort};
pub use image::Image;
pub use product::{
    OptionInput, Product, ProductAvailability, ProductConnection, ProductEdge, ProductOption, ProductRef,
};
pub use query::CatalogQuery;
pub use variant::{SelectedOption, Variant, VariantAvailability, VariantConnection, VariantEdge};
