//! Addresses of identity providers and of front ends.

use url::{Host, Url};

/// Longer ones are mistakes.
const MAX_LEN: usize = 500;

/// Reads an absolute `https` address, or an `http` one of this very machine (development and tests), without a user,
/// a password or a fragment.
pub(crate) fn parse(text: &str) -> Option<Url> {
    let plain = text.len() <= MAX_LEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    let url = Url::parse(text).ok().filter(|_| plain)?;
    let encrypted = url.scheme() == "https" && url.has_host();
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (bare && (encrypted || is_plain_loopback(&url))).then_some(url)
}

/// Whether it is `http` on this very machine.
pub(crate) fn is_plain_loopback(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encrypted_addresses_and_this_machine_are_taken() {
        for text in ["https://accounts.google.com", "https://a.example:8443/x?y=z", "http://localhost:3000/callback"] {
            assert!(parse(text).is_some(), "{text}");
        }
        assert!(parse("http://127.0.0.1:1").is_some() && parse("http://[::1]:1/").is_some());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "http://accounts.google.com",
            "http://localhost.example",
            "http://169.254.169.254/",
            "http://10.0.0.1/",
            "https://user@a.example",
            "https://:hush@a.example",
            "https://a.example/#fragment",
            "file:///etc/passwd",
            "gopher://localhost/",
            "accounts.google.com",
            "https://",
            " https://a.example",
            "https://a.example/\n",
            "",
        ] {
            assert!(parse(text).is_none(), "{text:?}");
        }
        assert!(parse(&format!("https://a.example/{}", "x".repeat(500))).is_none());
    }
}
