//! Who else may say who a customer is: `[[oidc]]` and `[[issuers]]`.

use serde_json::Value;
use tidegate_auth::external::ExternalAlgorithm;

use super::lists::{Block, Entry, Fault, ListOption};
use super::value::Secret;
use super::{Settings, web_address};
use crate::problem::Problem;

/// A provider that customers may sign in with (OpenID Connect, code flow).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcProvider {
    /// What front ends call it.
    pub name: String,
    /// Its own name, under which its discovery document is.
    pub issuer: String,
    /// The shop's name there.
    pub client_id: String,
    /// The shop's secret there; none for a public client.
    pub client_secret: Option<Secret>,
    /// What is asked for; `openid` is always among it.
    pub scopes: Vec<String>,
    /// Where a sign-in may come back to, compared character by character.
    pub redirect_uris: Vec<String>,
    /// How its ID tokens may be signed.
    pub algorithms: Vec<ExternalAlgorithm>,
}

/// An issuer whose access tokens are taken in place of the shop's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// `iss` of its tokens.
    pub issuer: String,
    /// `aud` that they must have.
    pub audience: String,
    /// How they may be signed.
    pub algorithms: Vec<ExternalAlgorithm>,
    /// Whether they must say that they are access tokens (`typ: at+jwt`, RFC 9068).
    pub requires_type: bool,
    /// Where its public keys are; without one, the issuer's discovery document says.
    pub jwks_url: Option<String>,
}

/// The list of providers.
pub(super) const OIDC: ListOption = ListOption {
    key: "oidc",
    variable: "TIDEGATE_OIDC",
    about: "Providers that customers may sign in with (OpenID Connect)",
    set: |settings, entries| {
        let list: Vec<_> = entries.iter().map(provider).collect::<Result<_, _>>()?;
        twice(entries, "name", list.iter().map(|provider| &provider.name))?;
        settings.oidc = list;
        Ok(())
    },
    show: |settings| settings.oidc.iter().map(show_provider).collect(),
};

/// The list of issuers.
pub(super) const ISSUERS: ListOption = ListOption {
    key: "issuers",
    variable: "TIDEGATE_ISSUERS",
    about: "Issuers whose access tokens are taken in place of the shop's own",
    set: |settings, entries| {
        let list: Vec<_> = entries.iter().map(trusted).collect::<Result<_, _>>()?;
        twice(entries, "issuer", list.iter().map(|trusted| &trusted.issuer))?;
        settings.issuers = list;
        Ok(())
    },
    show: |settings| settings.issuers.iter().map(show_trusted).collect(),
};

/// What the lists must not have in common with the rest of the configuration.
pub(super) fn check(settings: &Settings) -> Result<(), Problem> {
    // Tokens of the shop's own are told from others' by their issuer.
    if settings.issuers.iter().any(|trusted| trusted.issuer == settings.token_issuer) {
        return Err(Problem::configuration("issuers.issuer is the shop's own, tokens.issuer"));
    }
    // A client's id is the audience of ID tokens, which are not for requests.
    let client = |trusted: &TrustedIssuer| {
        settings.oidc.iter().any(|other| (&other.issuer, &other.client_id) == (&trusted.issuer, &trusted.audience))
    };
    if settings.issuers.iter().any(client) {
        return Err(Problem::configuration("issuers.audience is the oidc.client_id of the same issuer")
            .hint("let the issuer make its access tokens for an audience of their own"));
    }
    Ok(())
}

const ISSUER: &str = "an https address (http on localhost alone) without a query";
const ADDRESS: &str = "an https address (http on localhost alone)";
const ALGORITHMS: &str = "a list of RS256, PS256, ES256 and EdDSA";
const WORDS: &str = "a text of 1 to 200 characters on one line";

fn provider(entry: &Entry<'_>) -> Result<OidcProvider, Fault> {
    entry.only(&["name", "issuer", "client_id", "client_secret", "scopes", "redirect_uris", "algorithms"])?;
    let scopes = entry.texts("scopes", "a list of scopes with openid among them", is_scope)?;
    let scopes = scopes.unwrap_or_else(|| ["openid", "email", "profile"].map(str::to_owned).to_vec());
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(entry.fault("scopes", "a list of scopes with openid among them"));
    }
    let redirects = "a list of https addresses (http on localhost alone) without fragments";
    Ok(OidcProvider {
        name: entry.text("name", "1 to 32 of a-z, 0-9, - and _", is_name)?,
        issuer: entry.text("issuer", ISSUER, is_issuer)?,
        client_id: entry.text("client_id", WORDS, is_words)?,
        client_secret: entry.optional("client_secret", WORDS, is_words)?.map(Secret::new),
        scopes,
        redirect_uris: entry
            .texts("redirect_uris", redirects, is_address)?
            .ok_or_else(|| entry.missing("redirect_uris", redirects))?,
        // What a client gets that asks for nothing else (OpenID Connect Core, 3.1.3.7).
        algorithms: algorithms(entry)?.unwrap_or_else(|| vec![ExternalAlgorithm::Rs256]),
    })
}

fn trusted(entry: &Entry<'_>) -> Result<TrustedIssuer, Fault> {
    entry.only(&["issuer", "audience", "algorithms", "jwks_url", "requires_type"])?;
    Ok(TrustedIssuer {
        issuer: entry.text("issuer", ISSUER, is_issuer)?,
        audience: entry.text("audience", WORDS, is_words)?,
        algorithms: algorithms(entry)?.ok_or_else(|| entry.missing("algorithms", ALGORITHMS))?,
        requires_type: entry.flag("requires_type")?.unwrap_or(true),
        jwks_url: entry.optional("jwks_url", ADDRESS, is_address)?,
    })
}

fn twice<'a>(entries: &[Entry<'_>], name: &str, values: impl Iterator<Item = &'a String>) -> Result<(), Fault> {
    let mut seen = std::collections::HashSet::new();
    match entries.iter().zip(values).find(|(_, value)| !seen.insert(*value)) {
        Some((entry, _)) => Err(entry.taken(name)),
        None => Ok(()),
    }
}

fn is_name(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte))
}

fn is_words(text: &str) -> bool {
    (1..=200).contains(&text.len()) && !text.chars().any(char::is_control)
}

fn is_address(text: &str) -> bool {
    web_address::parse(text).is_some()
}

fn is_issuer(text: &str) -> bool {
    web_address::parse(text).is_some_and(|url| url.query().is_none())
}

/// A scope token (RFC 6749, 3.3).
fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte))
}

fn algorithms(entry: &Entry<'_>) -> Result<Option<Vec<ExternalAlgorithm>>, Fault> {
    let good = |text: &str| text.parse::<ExternalAlgorithm>().is_ok();
    let names = entry.texts("algorithms", ALGORITHMS, good)?;
    Ok(names.map(|names| names.iter().filter_map(|name| name.parse().ok()).collect()))
}

fn names(algorithms: &[ExternalAlgorithm]) -> Value {
    algorithms.iter().map(|algorithm| algorithm.as_str()).collect()
}

fn show_provider(provider: &OidcProvider) -> Block {
    let secret = provider.client_secret.as_ref().map(|_| ("client_secret", "[set]".into()));
    let mut block: Block = vec![
        ("name", provider.name.as_str().into()),
        ("issuer", provider.issuer.as_str().into()),
        ("client_id", provider.client_id.as_str().into()),
    ];
    block.extend(secret);
    block.push(("scopes", provider.scopes.clone().into()));
    block.push(("redirect_uris", provider.redirect_uris.clone().into()));
    block.push(("algorithms", names(&provider.algorithms)));
    block
}

fn show_trusted(trusted: &TrustedIssuer) -> Block {
    let mut block: Block = vec![
        ("issuer", trusted.issuer.as_str().into()),
        ("audience", trusted.audience.as_str().into()),
        ("algorithms", names(&trusted.algorithms)),
        ("requires_type", trusted.requires_type.into()),
    ];
    block.extend(trusted.jwks_url.as_deref().map(|url| ("jwks_url", url.into())));
    block
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::Write as _;

    use super::super::{Mode, lists, load};
    use super::*;

    const FILE: &str = r#"
listen = "127.0.0.1:1"

[[oidc]]
name = "google"
issuer = "https://accounts.google.com"
client_id = "shop"
client_secret = "hush"
redirect_uris = ["https://shop.example/callback", "http://localhost:3000/callback"]

[[oidc]]
name = "local"
issuer = "http://localhost:4000"
client_id = "public"
scopes = ["openid"]
redirect_uris = ["http://localhost:3000/callback"]
algorithms = ["ES256", "EdDSA"]

[[issuers]]
issuer = "https://auth.shop.example"
audience = "tidegate"
algorithms = ["RS256"]
jwks_url = "https://auth.shop.example/keys"
"#;

    fn read(text: &str) -> Result<Settings, Problem> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        load(Mode::Serve, Some(file.path()), &|_| None).map_err(|mut problem| {
            problem.message = problem.message.replace(&file.path().display().to_string(), "file");
            problem
        })
    }

    #[test]
    fn providers_and_issuers_are_read_from_the_file() {
        let settings = read(FILE).unwrap();

        assert_eq!(settings.oidc.len(), 2);
        assert_eq!(settings.oidc[0].client_secret, Some(Secret::new("hush")));
        assert_eq!(settings.oidc[0].scopes, ["openid", "email", "profile"]);
        assert_eq!(settings.oidc[0].algorithms, [ExternalAlgorithm::Rs256]);
        assert_eq!(settings.oidc[1].scopes, ["openid"]);
        assert_eq!(settings.issuers[0].jwks_url.as_deref(), Some("https://auth.shop.example/keys"));
    }

    #[test]
    fn what_is_shown_reads_back_and_hides_the_secret() {
        let settings = read(FILE).unwrap();

        let shown = lists::show(&settings);

        assert!(!shown.contains("hush") && !format!("{settings:?}").contains("hush"), "{shown}");
        let mut again = read(&shown).unwrap();
        again.oidc[0].client_secret = Some(Secret::new("hush"));
        assert_eq!((again.oidc, again.issuers), (settings.oidc, settings.issuers));
    }

    #[test]
    fn the_environment_has_them_as_json() {
        let json = r#"[{"issuer":"https://a.example","audience":"x","algorithms":["EdDSA"]}]"#;
        let variable = |name: &str| (name == "TIDEGATE_ISSUERS").then(|| json.to_owned());

        let settings = load(Mode::Serve, None, &variable).unwrap();

        assert_eq!(settings.issuers[0].algorithms, [ExternalAlgorithm::EdDsa]);
        let bad = |text: &'static str| {
            load(Mode::Serve, None, &|name| (name == "TIDEGATE_ISSUERS").then(|| text.to_owned())).unwrap_err().message
        };
        assert_eq!(bad("[{]"), "TIDEGATE_ISSUERS is not a JSON array of objects");
        assert_eq!(
            bad("[{\"audience\":\"x\",\"algorithms\":[\"RS256\"]}]"),
            format!("TIDEGATE_ISSUERS, entry 1: issuers.issuer is missing: {ISSUER}")
        );
    }

    #[test]
    fn what_would_confuse_two_kinds_of_tokens_is_refused() {
        let own = FILE.replace("https://auth.shop.example\"", "https://shop.example\"");
        let own = format!("tokens.issuer = \"https://shop.example\"\n{own}");
        let client = FILE.replace("https://auth.shop.example\"", "http://localhost:4000\"");
        let client = client.replace("\"tidegate\"", "\"public\"");

        assert_eq!(read(&own).unwrap_err().message, "issuers.issuer is the shop's own, tokens.issuer");
        assert_eq!(read(&client).unwrap_err().message, "issuers.audience is the oidc.client_id of the same issuer");
    }

    #[test]
    fn mistakes_are_told_with_their_line_and_without_their_value() {
        let told = |from: &str, to: &str| {
            assert!(FILE.contains(from));
            read(&FILE.replacen(from, to, 1)).unwrap_err().message
        };

        insta::assert_snapshot!(
            [
                told("client_id = \"shop\"", "clientid = \"shop\""),
                told("client_id = \"shop\"\n", ""),
                told("client_secret = \"hush\"", "client_secret = 5"),
                told("https://accounts.google.com", "http://accounts.google.com"),
                told("\"https://shop.example/callback\"", "\"https://shop.example/callback#x\""),
                told("name = \"local\"", "name = \"google\""),
                told("scopes = [\"openid\"]", "scopes = [\"email\"]"),
                told("[\"RS256\"]", "[\"HS256\"]"),
                told("algorithms = [\"RS256\"]\n", ""),
                told("[[issuers]]", "[issuers]"),
                told("[[issuers]]", "[[issuer]]"),
                told("[[issuers]]", "issuers = [5]\n[[oidc]]"),
            ]
            .join("\n"),
            @"
        file:4: unknown key oidc.clientid
        file:4: oidc.client_id is missing: a text of 1 to 200 characters on one line
        file:4: oidc.client_secret is not a text of 1 to 200 characters on one line
        file:4: oidc.issuer is not an https address (http on localhost alone) without a query
        file:4: oidc.redirect_uris is not a list of https addresses (http on localhost alone) without fragments
        file:11: oidc.name is that of another entry too
        file:11: oidc.scopes is not a list of scopes with openid among them
        file:19: issuers.algorithms is not a list of RS256, PS256, ES256 and EdDSA
        file:19: issuers.algorithms is missing: a list of RS256, PS256, ES256 and EdDSA
        file:19: issuers is not a list of tables: [[issuers]]
        file:19: unknown key issuer
        file:11: unknown key oidc.issuers
        "
        );
    }
}
