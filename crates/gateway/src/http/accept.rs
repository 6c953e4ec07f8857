//! Which of the two media types an answer has, by the request's `Accept` (RFC 9110, 12.5.1).

use axum::http::{HeaderMap, HeaderValue, header};
use mime::Mime;

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/json`: what older clients expect.
    Json,
    /// `application/graphql-response+json`.
    GraphQlResponse,
}

impl Media {
    pub(crate) fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphQlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }

    fn subtype(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GraphQlResponse => "graphql-response+json",
        }
    }
}

/// How much a client wants a type, in thousandths, and how exactly it named it.
type Wish = (u16, u8);

/// The type that the client likes best, `None` when it takes neither. Without a word of it, or at equal liking, JSON;
/// but a client that names the newer type as dearly as JSON knows it, and gets it.
pub(crate) fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let mut values = headers.get_all(header::ACCEPT).iter();
    // What most clients send needs no parsing.
    match (values.next().map(HeaderValue::as_bytes), values.next()) {
        (None | Some(b"application/json" | b"*/*"), None) => return Some(Media::Json),
        (Some(b"application/graphql-response+json, application/json"), None) => return Some(Media::GraphQlResponse),
        _ => {}
    }
    let mut ranges = Vec::new();
    for value in headers.get_all(header::ACCEPT) {
        ranges.extend(value.to_str().ok()?.split(',').filter_map(|range| range.trim().parse::<Mime>().ok()));
    }
    let (json, newer) = (wish(&ranges, Media::Json), wish(&ranges, Media::GraphQlResponse));
    match (json.0, newer.0) {
        (0, 0) => None,
        (json_quality, newer_quality) if newer_quality > json_quality => Some(Media::GraphQlResponse),
        (json_quality, newer_quality) if newer_quality == json_quality && newer.1 == 2 => Some(Media::GraphQlResponse),
        _ => Some(Media::Json),
    }
}

fn wish(ranges: &[Mime], media: Media) -> Wish {
    let wishes = ranges.iter().filter_map(|range| {
        let exactness = match (range.type_().as_str(), full_subtype(range)) {
            ("application", subtype) if subtype == media.subtype() => 2,
            ("application", "*") => 1,
            ("*", "*") => 0,
            _ => return None,
        };
        let charset = range.get_param(mime::CHARSET);
        if charset.is_some_and(|charset| charset != mime::UTF_8) {
            return None;
        }
        Some((exactness, quality(range)))
    });
    // The most exact range decides, whatever a wider one says.
    wishes.max().map_or((0, 0), |(exactness, quality)| (quality, exactness))
}

/// The subtype with its suffix, which `mime` keeps apart.
fn full_subtype(range: &Mime) -> &str {
    let essence = range.essence_str();
    essence.split_once('/').map_or(essence, |(_, subtype)| subtype)
}

fn quality(range: &Mime) -> u16 {
    let text = range.get_param("q").map_or("1", |text| text.as_str());
    let quality = text.parse::<f32>().ok().filter(|quality| (0.0..=1.0).contains(quality)).unwrap_or(0.0);
    // At most 1000, and three decimals are all that a quality has.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    let thousandths = (quality * 1000.0).round() as u16;
    thousandths
}

/// Whether the request's body is `application/json`, and only that.
pub(crate) fn sends_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else { return false };
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return false;
    }
    if value == "application/json" {
        return true;
    }
    let Some(media) = value.to_str().ok().and_then(|text| text.parse::<Mime>().ok()) else { return false };
    let charset = media.get_param(mime::CHARSET);
    media.essence_str() == "application/json" && charset.is_none_or(|charset| charset == mime::UTF_8)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn accepting(accept: &str) -> Option<Media> {
        negotiate(&HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]))
    }

    #[test]
    fn the_best_liked_type_is_chosen() {
        for (accept, expected) in [
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("APPLICATION/JSON; Charset=UTF-8", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::GraphQlResponse)),
            ("application/graphql-response+json; charset=utf-8", Some(Media::GraphQlResponse)),
            ("application/graphql-response+json, application/json", Some(Media::GraphQlResponse)),
            ("application/json, application/graphql-response+json", Some(Media::GraphQlResponse)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Media::Json)),
            ("application/json;q=0.5, application/graphql-response+json;q=0.7", Some(Media::GraphQlResponse)),
            ("application/json;q=0, */*", Some(Media::GraphQlResponse)),
            ("application/graphql-response+json;q=0, */*", Some(Media::Json)),
            ("text/html, application/xhtml+xml, */*;q=0.8", Some(Media::Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json; charset=iso-8859-1", None),
            ("multipart/mixed", None),
            ("nonsense", None),
            ("", None),
        ] {
            assert_eq!(accepting(accept), expected, "{accept}");
        }
        assert_eq!(negotiate(&HeaderMap::new()), Some(Media::Json));
    }

    #[test]
    fn only_json_is_read() {
        let sent = |types: &[&str]| {
            let types = types.iter().map(|text| (header::CONTENT_TYPE, text.parse().unwrap()));
            sends_json(&types.collect())
        };
        for fine in ["application/json", "application/json;charset=utf-8", "Application/JSON; charset=\"UTF-8\""] {
            assert!(sent(&[fine]), "{fine}");
        }
        for other in [
            "text/plain",
            "text/plain; application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/json-seq",
            "application/problem+json",
            "application/json; charset=utf-16",
            "",
        ] {
            assert!(!sent(&[other]), "{other}");
        }
        assert!(!sent(&[]));
        assert!(!sent(&["application/json", "text/plain"]));
    }

    #[test]
    fn a_compressed_body_is_not_read() {
        let headers = HeaderMap::from_iter([
            (header::CONTENT_TYPE, "application/json".parse().unwrap()),
            (header::CONTENT_ENCODING, "gzip".parse().unwrap()),
        ]);

        assert!(!sends_json(&headers));
    }
}
