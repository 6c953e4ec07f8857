//! Headers that may be given once.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::refused::{Refused, code};

/// The value of a header. Twice is refused: proxies differ in which of them they believe.
pub(crate) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a HeaderValue>, Refused> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Refused::bad_request(code::BAD_REQUEST, &format!("The header {name} is given twice.")));
    }
    Ok(first)
}
