//! What a buyer holds, told from `User-Agent` in words of our own. The header itself goes no further than this file.

use axum::http::{HeaderMap, header};

/// As much of the header as is looked at.
const LONGEST: usize = 512;

/// What marks a browser, before whatever it also claims to be.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// What marks a device, before whatever it also claims to be.
const PLATFORMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
];

/// A short label such as `Firefox on Linux`, made of the words above alone.
pub(crate) fn label(headers: &HeaderMap) -> Option<String> {
    let mut given = headers.get_all(header::USER_AGENT).iter();
    let (Some(agent), None) = (given.next(), given.next()) else { return None };
    let agent = agent.as_bytes();
    let agent = agent.get(..LONGEST).unwrap_or(agent);
    match (first(agent, BROWSERS), first(agent, PLATFORMS)) {
        (Some(browser), Some(platform)) => Some(format!("{browser} on {platform}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

fn first(agent: &[u8], table: &[(&str, &'static str)]) -> Option<&'static str> {
    let found = table.iter().find(|(mark, _)| agent.windows(mark.len()).any(|window| window == mark.as_bytes()));
    found.map(|(_, name)| *name)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn told(agent: &str) -> Option<String> {
        label(&[(header::USER_AGENT, agent.parse().unwrap())].into_iter().collect())
    }

    #[test]
    fn browsers_and_devices_are_told_apart() {
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) FxiOS/140.0 Mobile/15E148 Safari/605", "Firefox on iPad"),
            (&format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} Edg/140.0.0.0"), "Edge on Windows"),
            (&format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {chrome}"), "Chrome on Mac"),
            (&format!("Mozilla/5.0 (Linux; Android 10; K) {chrome}"), "Chrome on Android"),
            (&format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {chrome}"), "Chrome on ChromeOS"),
            ("Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)", "Android"),
        ] {
            assert_eq!(told(agent).as_deref(), Some(expected), "{agent}");
        }
    }

    #[test]
    fn nothing_of_the_header_itself_is_told() {
        for agent in ["", "curl/8.14.1", "<script>alert(1)</script>", "=cmd|'/c calc'!A1", "node", "\u{202e}evil"] {
            assert_eq!(told(agent), None, "{agent}");
        }
        let late = format!("{} Firefox/140.0", "x".repeat(10_000));
        assert_eq!(told(&late), None);
        assert_eq!(told("<b>Firefox/1 Linux</b>").as_deref(), Some("Firefox on Linux"));
        let twice = [(header::USER_AGENT, "iPhone".parse().unwrap()), (header::USER_AGENT, "iPad".parse().unwrap())];
        let mut headers = HeaderMap::new();
        for (name, value) in twice {
            headers.append(name, value);
        }
        assert_eq!(label(&headers), None);
    }

    #[test]
    fn every_label_is_short() {
        let longest = |table: &[(&str, &str)]| table.iter().map(|(_, name)| name.len()).max().unwrap();
        assert!(longest(BROWSERS) + " on ".len() + longest(PLATFORMS) <= 100);
    }
}
