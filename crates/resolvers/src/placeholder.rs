//! The addresses of drawn images, as clients see them.

use tidegate_model::catalog::{Image, Product, Variant};

/// Puts the shop's own address before a path in it; an address from the data is absolute and stays.
fn image(image: &mut Image, public_url: &str) {
    if image.url.starts_with('/') {
        image.url.insert_str(0, public_url);
    }
}

/// Makes a product's image absolute, and those of the variants that were read along.
pub(crate) fn product(product: &mut Product, public_url: &str) {
    image(&mut product.image, public_url);
    for row in product.variants.iter_mut().flat_map(|window| &mut window.items) {
        variant(&mut row.item, public_url);
    }
}

/// Makes a variant's image absolute, and that of the product that was read along.
pub(crate) fn variant(variant: &mut Variant, public_url: &str) {
    image(&mut variant.image, public_url);
    if let Some(read) = variant.product.as_mut() {
        product(read, public_url);
    }
}
