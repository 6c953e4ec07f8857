//! What `dev` says when it is ready.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;

/// Three things to try: what it shows, and the operation.
const TO_TRY: [(&str, &str); 3] = [
    (
        "Products, with prices and pictures",
        "{ products(first: 3) { nodes { title priceRange { min { amount currency } } featuredImage { url } } } }",
    ),
    (
        "A search that forgives typing errors",
        "{ search(query: \"hart lantern\", first: 3) { nodes { title handle } } }",
    ),
    ("A cart, with the token that opens it", "mutation { cartCreate { cart { id revision } tokens { accessToken } } }"),
];

/// Prints the addresses and three things to try.
pub(super) fn print(address: SocketAddr, elsewhere: Option<&Path>) {
    // A closed output is no reason to stop.
    let _ = std::io::stdout().write_all(text(address.port(), elsewhere).as_bytes());
}

fn text(port: u16, elsewhere: Option<&Path>) -> String {
    let mut text = format!(
        "
  The shop is open.

  Playground  http://localhost:{port}/
  Endpoint    http://localhost:{port}/graphql
  Schema      http://localhost:{port}/schema.graphql
  Mails       http://localhost:{port}/mail

  Three things to try in the playground:

"
    );
    // Writing to a string cannot fail.
    for (number, (about, operation)) in (1..).zip(TO_TRY) {
        let _ = writeln!(text, "  {number}. {about}\n     {operation}");
    }
    let _ = writeln!(
        text,
        "\n  Or: curl -s http://localhost:{port}/graphql -H 'content-type: application/json' \\\n      \
         -d '{{\"query\":\"{{ shop {{ market {{ name currency }} }} }}\"}}'\n"
    );
    if let Some(directory) = elsewhere {
        let _ = writeln!(text, "  The database is in {}\n", directory.display());
    }
    text.push_str("  Ctrl-C stops the shop and its database.\n\n");
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use tidegate_document::{Documents, Limits};

    #[test]
    fn the_addresses_are_told_and_the_folder_only_when_it_is_elsewhere() {
        let plain = text(8123, None);
        assert!(plain.contains("http://localhost:8123/graphql"));
        assert!(plain.contains(r#"-d '{"query":"{ shop { market { name currency } } }"}'"#), "{plain}");
        assert!(plain.contains("http://localhost:8123/mail\n"), "{plain}");
        assert!(!plain.contains("The database is in"));

        let elsewhere = Path::new("/var/tmp/tidegate-1");
        assert!(text(1, Some(elsewhere)).contains("The database is in /var/tmp/tidegate-1"));
    }

    #[test]
    fn what_to_try_fits_the_schema() {
        let documents = Documents::new(&tidegate_schema::sdl(), Limits::default(), 0).unwrap();
        for (_, operation) in TO_TRY {
            let bound = documents.prepare(operation).and_then(|prepared| prepared.bind(None, serde_json::Map::new()));
            assert!(bound.is_ok(), "{operation}: {bound:?}");
        }
        assert!(documents.prepare("{ shop { market { name currency } } }").is_ok());
    }
}
