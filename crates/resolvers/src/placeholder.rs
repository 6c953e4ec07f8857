//! The image of a product that has none: an address whose picture is a pure function of the address.

use tidegate_model::catalog::{Image, Product};

/// Pixels of a side.
pub const SIDE: i32 = 800;

/// Where the drawn image of a product is.
#[must_use]
pub fn url(public_url: &str, id: &str, handle: &str) -> String {
    let slug: String = handle
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' })
        .take(80)
        .collect();
    format!("{public_url}/media/product/{id}/{slug}.svg")
}

/// Gives a product the drawn image unless it has one of its own.
pub(crate) fn fill(product: &mut Product, public_url: &str) {
    if product.image.is_none() {
        product.image = Some(Image {
            url: url(public_url, &product.id.encode(), &product.handle),
            alt_text: product.title.clone(),
            width: SIDE,
            height: SIDE,
        });
    }
}
