//! Pictures of products that have none: a pure function of the address, so that a first page is not empty.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::refused::Refused;
use crate::app::App;

/// Pixels, both ways.
const SIZE: u32 = 800;
const MAX_ID: usize = 64;
const MAX_SLUG: usize = 200;
const LINE_CHARS: usize = 16;
const MAX_LINES: usize = 6;
const LINE_HEIGHT: usize = 84;

/// `/media/product/{id}/{slug}.svg`.
pub(crate) async fn product(State(_): State<App>, path: Result<Path<(String, String)>, PathRejection>) -> Response {
    let picture = path.ok().and_then(|Path((product, file))| draw(&product, file.strip_suffix(".svg")?));
    let Some(picture) = picture else {
        return Refused::unknown_path().into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        // A picture opened by itself must not be able to do anything.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    (headers, picture).into_response()
}

/// The picture, `None` where id or slug are not of our making.
fn draw(product: &str, slug: &str) -> Option<String> {
    let plain = |text: &str, more: u8| {
        text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == more)
    };
    if !(1..=MAX_ID).contains(&product.len()) || !(1..=MAX_SLUG).contains(&slug.len()) {
        return None;
    }
    if !plain(product, b'_') || !plain(slug, b'-') {
        return None;
    }
    let hash = fnv(product);
    let (hue, turn) = (hash % 360, (hash >> 16) % 60 + 20);
    let lines = wrap(slug);
    let first = (SIZE as usize + 56 - (lines.len().max(1) - 1) * LINE_HEIGHT) / 2;
    let text: String = lines.iter().enumerate().fold(String::new(), |text, (at, line)| {
        let y = first + at * LINE_HEIGHT;
        text + &format!("<text x=\"400\" y=\"{y}\">{line}</text>")
    });
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIZE}\" height=\"{SIZE}\" viewBox=\"0 0 {SIZE} {SIZE}\">\
         <defs><linearGradient id=\"g\" x2=\"1\" y2=\"1\"><stop stop-color=\"hsl({hue} 45% 82%)\"/>\
         <stop offset=\"1\" stop-color=\"hsl({other} 50% 62%)\"/></linearGradient></defs>\
         <rect width=\"{SIZE}\" height=\"{SIZE}\" fill=\"url(#g)\"/>\
         <circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"#fff\" fill-opacity=\".28\"/>\
         <g font-family=\"Georgia, serif\" font-size=\"68\" fill=\"hsl({hue} 60% 18%)\" text-anchor=\"middle\">{text}</g></svg>",
        other = (hue + turn) % 360,
        x = 120 + (hash >> 24) % 560,
        y = 120 + (hash >> 34) % 560,
        r = 140 + (hash >> 44) % 160,
    ))
}

/// FNV-1a, 64 bits: small, and the same everywhere.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The slug's words in lines, the first letter of each large. They hold letters and digits alone, so nothing in them
/// needs escaping.
fn wrap(slug: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in slug.split('-').filter(|word| !word.is_empty()) {
        let (head, tail) = word.split_at(1);
        let word: String =
            head.chars().map(|letter| letter.to_ascii_uppercase()).chain(tail.chars()).take(LINE_CHARS).collect();
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= LINE_CHARS => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines.truncate(MAX_LINES);
    lines
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const ID: &str = "prod_0123456789abcdefghjkmnpqrs";

    #[test]
    fn a_picture_depends_on_its_address_alone() {
        let picture = draw(ID, "white-hanging-heart-t-light-holder").unwrap();

        assert_eq!(picture, draw(ID, "white-hanging-heart-t-light-holder").unwrap());
        assert_ne!(picture, draw("prod_1", "white-hanging-heart-t-light-holder").unwrap());
        assert!(picture.contains(">White Hanging<") && picture.contains(">Heart T Light<"), "{picture}");
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"));
    }

    #[test]
    fn only_ids_and_slugs_of_our_making_have_one() {
        for (product, slug) in [
            ("", "a"),
            (ID, ""),
            (ID, "A"),
            (ID, "a<script>"),
            (ID, "a&amp;"),
            (ID, "a.b"),
            (ID, "é"),
            ("../etc", "a"),
            (ID, "a/b"),
            (&"a".repeat(65), "a"),
            (ID, &"a".repeat(201)),
        ] {
            assert_eq!(draw(product, slug), None, "{product} {slug}");
        }
    }

    #[test]
    fn long_words_and_many_words_stay_inside() {
        let lines = wrap(&format!("{}-{}", "a".repeat(50), "bb-".repeat(40)));

        assert!(lines.len() <= MAX_LINES && lines.iter().all(|line| line.len() <= LINE_CHARS), "{lines:?}");
        assert_eq!(wrap("---"), Vec::<String>::new());
    }
}
