//! The image of a product that has none: an address whose picture is a pure function of the address.

use tidegate_model::catalog::{Image, Product};

/// Pixels of a side.
pub const SIDE: i32 = 800;

/// Characters of a handle in an address.
const SLUG: usize = 80;

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// Where the drawn image of a product is.
#[must_use]
pub fn url(public_url: &str, id: &str, handle: &str) -> String {
    let mut url = String::with_capacity(public_url.len() + id.len() + handle.len() + 24);
    url.extend([public_url, "/media/product/", id, "/"]);
    if handle.len() <= SLUG && handle.bytes().all(is_plain) {
        url.push_str(handle);
    } else {
        let plain =
            |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' };
        url.extend(handle.chars().map(plain).take(SLUG));
    }
    url.push_str(".svg");
    url
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
