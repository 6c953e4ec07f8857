//! Options that say what of the network to believe: proxies, and front ends that may send cookies.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use url::Url;

/// The networks of proxies whose `X-Forwarded-For` is believed. Empty: nobody's is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Whether a proxy of ours has this address. An IPv4 address in IPv6 clothes is an IPv4 address.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

impl FromStr for TrustedProxies {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let network = |text: &str| {
            let one = || text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
            text.parse().or_else(|_| one()).map_err(|_| "a list of networks, such as 10.0.0.0/8, 2001:db8::/32")
        };
        items(text).map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    }
}

/// How a browser holds its tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Transport {
    /// It keeps them itself and sends the access token in a header.
    #[default]
    Bearer,
    /// In cookies that no script can read.
    Cookie,
}

impl Transport {
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Bearer, Self::Cookie].into_iter().find(|transport| transport.as_str() == text)
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Cookie => "cookie",
        }
    }
}

/// The origins of front ends that may send cookies, each as a browser writes it (RFC 6454, 6.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Whether an `Origin` header names one of them, byte for byte.
    #[must_use]
    pub fn contain(&self, origin: &[u8]) -> bool {
        self.0.iter().any(|ours| ours.as_bytes() == origin)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Origins {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let origin = |text: &str| {
            let expected = "a list of origins, such as https://shop.example, without a path; http only for localhost";
            let url = Url::parse(text).map_err(|_| expected)?;
            let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
            let secure = url.scheme() == "https" || (url.scheme() == "http" && local);
            // A browser would write it no other way, so no other way could ever match.
            let exact = url.origin().ascii_serialization() == text && !text.contains('*');
            if secure && exact { Ok(text.to_owned()) } else { Err(expected) }
        };
        items(text).map(origin).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(", "))
    }
}

/// What stands between commas.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn networks_and_addresses_are_read_and_shown() {
        let trusted: TrustedProxies = " 10.0.0.0/8, 192.0.2.7,2001:db8::/32 ,".parse().unwrap();

        assert_eq!(trusted.to_string(), "10.0.0.0/8, 192.0.2.7/32, 2001:db8::/32");
        assert_eq!(trusted.to_string().parse(), Ok(trusted));
        assert_eq!("".parse(), Ok(TrustedProxies::default()));
        for other in ["*", "10.0.0.0/33", "10.0.0/8", "proxy.internal", "10.0.0.1-10.0.0.9", "10.0.0.0/8 10.1.0.0/8"] {
            assert!(other.parse::<TrustedProxies>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_network_holds_its_own_addresses_in_either_clothes() {
        let trusted: TrustedProxies = "10.0.0.0/8, ::1".parse().unwrap();
        let contains = |address: &str| trusted.contain(address.parse().unwrap());

        assert!(contains("10.255.0.1") && contains("::ffff:10.0.0.1") && contains("::1"));
        assert!(!contains("11.0.0.1") && !contains("::ffff:11.0.0.1") && !contains("::2"));
        assert!(!TrustedProxies::default().contain("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn an_origin_is_written_as_a_browser_writes_it() {
        let origins: Origins = "https://shop.example, http://localhost:3000".parse().unwrap();

        assert_eq!(origins.to_string().parse(), Ok(origins.clone()));
        assert!(origins.contain(b"https://shop.example") && origins.contain(b"http://localhost:3000"));
        for other in ["https://shop.example.evil.io", "https://shop.exampl", "HTTPS://shop.example", "null", ""] {
            assert!(!origins.contain(other.as_bytes()), "{other}");
        }
        for other in [
            "*",
            "null",
            "shop.example",
            "https://shop.example/",
            "https://shop.example/path",
            "https://shop.example:443",
            "https://SHOP.example",
            "https://*.shop.example",
            "https://user@shop.example",
            "http://shop.example",
            "file:///shop",
        ] {
            assert!(other.parse::<Origins>().is_err(), "{other}");
        }
    }
}
