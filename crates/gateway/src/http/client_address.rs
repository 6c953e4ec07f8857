//! The address that limits count by: the connection's, or what a proxy of ours says of it, or what a front end of ours
//! says of its buyer. No client can choose it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};

use super::header_values::single;
use super::refused::{Refused, code};
use crate::config::TrustedProxies;

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static BUYER_ADDRESS: HeaderName = HeaderName::from_static("x-buyer-address");

/// The other end of the connection that a request came by. The server puts it into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The address that a request came from. Where a trusted proxy holds the connection, it is what `X-Forwarded-For` says,
/// from the right: each trusted proxy vouches for the entry before its own, so the first address that is none of ours
/// is the client's, and whatever stands left of it is the client's invention. What is no address stops the walk where
/// it is. `Forwarded`, `X-Real-IP` and their kin are not read: a header that the proxies do not all set is a client's.
pub(crate) fn of_connection(headers: &HeaderMap, peer: Option<Peer>, trusted: &TrustedProxies) -> Option<IpAddr> {
    let mut last_good = peer?.0.to_canonical();
    let lines = headers.get_all(&FORWARDED_FOR).iter().rev();
    let mut entries = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    while trusted.contain(last_good) {
        let Some(address) = entries.next().and_then(entry) else { break };
        last_good = address;
    }
    Some(last_good)
}

/// What `X-Buyer-Address` says, for a caller who may use it.
pub(crate) fn of_buyer(headers: &HeaderMap) -> Result<Option<IpAddr>, Refused> {
    let Some(value) = single(headers, &BUYER_ADDRESS)? else { return Ok(None) };
    let address =
        value.to_str().ok().and_then(|text| text.parse::<IpAddr>().ok()).ok_or_else(|| {
            Refused::bad_request(code::BAD_REQUEST, "X-Buyer-Address must be one IPv4 or IPv6 address.")
        })?;
    Ok(Some(address.to_canonical()))
}

/// Whether a request says for whom it is made.
pub(crate) fn names_buyer(headers: &HeaderMap) -> bool {
    headers.contains_key(&BUYER_ADDRESS)
}

/// What limits count by: one household or host has a whole IPv6 /64 to choose addresses from.
pub(crate) fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// One entry; some proxies write the port, too.
fn entry(bytes: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\t']);
    let address = text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))?;
    Some(address.to_canonical())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const TRUSTED: &str = "10.0.0.0/8, 2001:db8:1::/48";

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        headers
    }

    fn told(trusted: &str, peer: &str, lines: &[(&str, &str)]) -> String {
        let peer = Some(Peer(peer.parse().unwrap()));
        of_connection(&headers(lines), peer, &trusted.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_client_that_connects_itself_is_believed_in_nothing() {
        for name in ["x-forwarded-for", "forwarded", "x-real-ip", "client-ip", "true-client-ip", "cf-connecting-ip"] {
            assert_eq!(told(TRUSTED, "192.0.2.1", &[(name, "198.51.100.7")]), "192.0.2.1", "{name}");
            assert_eq!(told("", "10.0.0.1", &[(name, "198.51.100.7")]), "10.0.0.1", "{name}");
        }
        assert_eq!(told(TRUSTED, "192.0.2.1", &[("x-forwarded-for", "10.0.0.1, 10.0.0.2")]), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_is_believed_for_its_own_entry_alone() {
        let told = |value: &str| told(TRUSTED, "10.0.0.1", &[("x-forwarded-for", value)]);

        assert_eq!(told("198.51.100.7"), "198.51.100.7");
        assert_eq!(told("203.0.113.66, 198.51.100.7"), "198.51.100.7", "the left one is the client's invention");
        assert_eq!(told("203.0.113.66,198.51.100.7 ,10.1.1.1,\t2001:db8:1::9"), "198.51.100.7");
        assert_eq!(told("10.9.9.9, 198.51.100.7"), "198.51.100.7", "a client cannot pose as a proxy");
        assert_eq!(told("10.0.0.2, 10.0.0.3"), "10.0.0.2", "a client inside our own network");
    }

    #[test]
    fn several_lines_are_one_list() {
        let lines = [("x-forwarded-for", "203.0.113.66"), ("x-forwarded-for", "198.51.100.7, 10.0.0.2")];
        assert_eq!(told(TRUSTED, "10.0.0.1", &lines), "198.51.100.7");
        let lines = [("x-forwarded-for", "203.0.113.66"), ("x-forwarded-for", "10.0.0.2")];
        assert_eq!(told(TRUSTED, "10.0.0.1", &lines), "203.0.113.66");
    }

    #[test]
    fn what_is_no_address_stops_the_walk() {
        for value in ["", ",", "198.51.100.7, unknown", "198.51.100.7,", "_hidden", "0x7f000001", "127.1", "shop.test"]
        {
            assert_eq!(told(TRUSTED, "10.0.0.1", &[("x-forwarded-for", value)]), "10.0.0.1", "{value}");
        }
        assert_eq!(told(TRUSTED, "10.0.0.1", &[("x-forwarded-for", "198.51.100.7, for=\"x\", 10.0.0.2")]), "10.0.0.2");
        assert_eq!(told(TRUSTED, "10.0.0.1", &[("forwarded", "for=198.51.100.7"), ("x-real-ip", "::2")]), "10.0.0.1");
    }

    #[test]
    fn entries_come_in_several_forms() {
        for (value, expected) in [
            ("198.51.100.7:4711", "198.51.100.7"),
            ("[2001:db8:2::7]:443", "2001:db8:2::7"),
            ("2001:DB8:2::7", "2001:db8:2::7"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            assert_eq!(told(TRUSTED, "10.0.0.1", &[("x-forwarded-for", value)]), expected);
        }
        assert_eq!(told(TRUSTED, "::ffff:10.0.0.1", &[("x-forwarded-for", "198.51.100.7")]), "198.51.100.7");
        assert_eq!(told(TRUSTED, "::ffff:192.0.2.1", &[("x-forwarded-for", "198.51.100.7")]), "192.0.2.1");
    }

    #[test]
    fn without_a_connection_there_is_no_address() {
        let headers = headers(&[("x-forwarded-for", "198.51.100.7")]);
        assert_eq!(of_connection(&headers, None, &"0.0.0.0/0".parse().unwrap()), None);
    }

    #[test]
    fn limits_count_an_ipv6_network_once() {
        let told = |text: &str| counted(text.parse().unwrap()).to_string();

        assert_eq!(told("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(told("2001:db8:1:2:ffff::1"), "2001:db8:1:2::");
        assert_eq!(told("2001:db8:1:3::1"), "2001:db8:1:3::");
        assert_eq!(told("::ffff:192.0.2.9"), "192.0.2.9");
        assert_eq!(told("192.0.2.9"), "192.0.2.9");
    }

    #[test]
    fn a_buyers_address_is_one_address() {
        let read = |values: &[&str]| {
            let lines: Vec<_> = values.iter().map(|value| ("x-buyer-address", *value)).collect();
            of_buyer(&headers(&lines)).map(|address| address.map(|it| it.to_string())).map_err(|it| it.status.as_u16())
        };

        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["198.51.100.7"]), Ok(Some("198.51.100.7".to_owned())));
        assert_eq!(read(&["::ffff:198.51.100.7"]), Ok(Some("198.51.100.7".to_owned())));
        for other in [&[""][..], &["x"], &["1.2.3.4, 5.6.7.8"], &["1.2.3.4:80"], &["1.2.3.4", "1.2.3.4"], &["1.2.3"]] {
            assert_eq!(read(other), Err(400), "{other:?}");
        }
    }
}
