//! Configuration: defaults, then an optional TOML file, then the environment, then the command line.

mod file;
mod identity_providers;
mod lists;
mod network;
mod options;
mod value;
pub(crate) mod web_address;

pub use identity_providers::{OidcProvider, TrustedIssuer};
pub(crate) use lists::show as show_lists;
pub use network::{Origins, Transport, TrustedProxies};
pub use options::{Described, OPTIONS};
pub use value::{LogFormat, Secret};

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use data_encoding::HEXLOWER;
use tidegate_auth::keys::SigningAlgorithm;
use tidegate_auth::password::HashCost;

use crate::problem::Problem;

/// Which of the two ways to run a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// On a developer's machine: local hosts only, with a playground.
    Dev,
    /// In production.
    Serve,
}

/// Everything that can be set. [`OPTIONS`] names and describes each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What addresses of images begin with, as clients see the shop; without one, this machine and the port.
    pub public_url: Option<String>,
    /// What links in mails begin with: the front end's address; without one, [`Settings::public_url`].
    pub storefront_url: Option<String>,
    /// Where the database is.
    pub database_url: Option<Secret>,
    /// Connections to the database at most.
    pub database_connections: usize,
    /// How long a request waits for a connection.
    pub database_wait: Duration,
    /// 32 bytes in base64, under which the signing keys rest in the database.
    pub key_encryption_key: Option<Secret>,
    /// How access tokens of a new key are signed.
    pub signing_algorithm: SigningAlgorithm,
    /// `iss` of access tokens.
    pub token_issuer: String,
    /// `aud` of access tokens.
    pub token_audience: String,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// How browsers hold their tokens.
    pub session_transport: Transport,
    /// The origins of front ends that may send cookies.
    pub session_origins: Origins,
    /// What a password's hash costs.
    pub password_cost: HashCost,
    /// Bytes that hashing may take at once.
    pub password_memory: u64,
    /// The mail server, with its password. Without one, mails wait.
    pub mail_smtp_url: Option<Secret>,
    /// A PEM file of authorities that the mail server's certificate may be signed by, beside the public ones.
    pub mail_authorities: Option<PathBuf>,
    /// The mailbox that mails are from, as RFC 5322 has it.
    pub mail_from: Option<String>,
    /// The folder of a shop's own mail templates.
    pub mail_templates: Option<PathBuf>,
    /// Bytes of a request's body at most.
    pub body_bytes: usize,
    /// Requests worked on at once at most.
    pub in_flight: usize,
    /// How long a query may take.
    pub request_timeout: Duration,
    /// How long a client may take to send the head of a request, or to begin the next one.
    pub header_timeout: Duration,
    /// Bytes of compiled documents that are kept.
    pub document_cache_bytes: u64,
    /// Whether nested lists are read ahead with their parents. Changes the number of statements, never an answer.
    pub look_ahead: bool,
    /// How long readiness is off before new connections are refused.
    pub drain_delay: Duration,
    /// How long requests in flight get to end.
    pub drain_limit: Duration,
    /// Which events are logged, in the syntax of `tracing_subscriber::EnvFilter`.
    pub log_filter: String,
    /// How they are written.
    pub log_format: LogFormat,
    /// Providers that customers may sign in with.
    pub oidc: Vec<OidcProvider>,
    /// Issuers whose access tokens are taken.
    pub issuers: Vec<TrustedIssuer>,
}

impl Settings {
    /// What holds when nothing is set.
    #[must_use]
    pub fn defaults(mode: Mode) -> Self {
        let dev = mode == Mode::Dev;
        Self {
            listen: SocketAddr::from((if dev { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED }, 8000)),
            // Replicas on different ports must answer alike, so theirs does not follow the port.
            public_url: (!dev).then(|| "http://localhost:8000".to_owned()),
            storefront_url: None,
            database_url: None,
            database_connections: 10,
            database_wait: Duration::from_millis(800),
            key_encryption_key: None,
            signing_algorithm: SigningAlgorithm::default(),
            token_issuer: "tidegate".to_owned(),
            token_audience: "tidegate-storefront".to_owned(),
            trusted_proxies: TrustedProxies::default(),
            session_transport: Transport::default(),
            session_origins: Origins::default(),
            password_cost: HashCost::OWASP,
            password_memory: 128 * 1024 * 1024,
            mail_smtp_url: None,
            mail_authorities: None,
            mail_from: None,
            mail_templates: None,
            body_bytes: 1024 * 1024,
            in_flight: 1024,
            request_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(10),
            document_cache_bytes: 16 * 1024 * 1024,
            look_ahead: true,
            drain_delay: if dev { Duration::ZERO } else { Duration::from_secs(5) },
            drain_limit: Duration::from_secs(20),
            log_filter: "info,sqlx=warn".to_owned(),
            log_format: if dev { LogFormat::Text } else { LogFormat::Json },
            oidc: Vec::new(),
            issuers: Vec::new(),
        }
    }

    /// What addresses of images begin with.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", self.listen.port()))
    }

    /// What links in mails begin with.
    #[must_use]
    pub fn storefront_url(&self) -> String {
        self.storefront_url.clone().unwrap_or_else(|| self.public_url())
    }

    /// A short text that is equal on replicas that answer alike; it reveals nothing secret.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let shared = OPTIONS.iter().filter(|option| option.shared && !option.secret);
        let mut shown: serde_json::Map<_, _> =
            shared.map(|option| (option.key.to_owned(), (option.show)(self).into())).collect();
        shown.insert("lists".to_owned(), lists::show(self).into());
        let hash = tidegate_auth::digest::input_hash("configuration", &shown.into());
        HEXLOWER.encode(hash.get(..8).unwrap_or(&hash))
    }
}

/// Reads the configuration. `variable` looks into the environment.
pub fn load(mode: Mode, path: Option<&Path>, variable: &dyn Fn(&str) -> Option<String>) -> Result<Settings, Problem> {
    let mut settings = Settings::defaults(mode);
    if let Some(path) = path {
        file::read(path, &mut settings)?;
    }
    for option in OPTIONS {
        // An empty variable counts as absent: that is how compose files unset one.
        if let Some(text) = variable(option.variable).filter(|text| !text.is_empty()) {
            (option.set)(&mut settings, &text)
                .map_err(|expected| Problem::configuration(format!("{} is not {expected}", option.variable)))?;
        }
    }
    for list in lists::LISTS {
        if let Some(text) = variable(list.variable).filter(|text| !text.is_empty()) {
            list.apply_json(&mut settings, &text).map_err(Problem::configuration)?;
        }
    }
    identity_providers::check(&settings)?;
    Ok(settings)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn the_environment_beats_the_file_and_the_file_beats_the_defaults() {
        let file = file("listen = \"127.0.0.1:1\"\n[drain]\ndelay = \"7s\"\nlimit = \"9s\"\n[http]\nin_flight = 5\n");
        let environment = |name: &str| (name == "TIDEGATE_DRAIN_DELAY").then(|| "250ms".to_owned());

        let settings = load(Mode::Serve, Some(file.path()), &environment).unwrap();

        assert_eq!(settings.listen, "127.0.0.1:1".parse().unwrap());
        assert_eq!(settings.drain_delay, Duration::from_millis(250));
        assert_eq!(settings.drain_limit, Duration::from_secs(9));
        assert_eq!(settings.in_flight, 5);
        assert_eq!(settings.body_bytes, 1024 * 1024);
    }

    #[test]
    fn an_unknown_key_is_refused_with_file_line_and_key() {
        let file = file("listen = \"127.0.0.1:1\"\n\n[http]\nbody_byte = 5\n");

        let problem = load(Mode::Serve, Some(file.path()), &|_| None).unwrap_err();

        let expected = format!("{}:4: unknown key http.body_byte", file.path().display());
        assert_eq!(problem.message, expected);
        assert_eq!(problem.code, 2);
    }

    #[test]
    fn a_bad_value_is_refused_without_repeating_it() {
        let file = file("[keys]\nalgorithm = \"RS256-hush\"\n");

        let problem = load(Mode::Serve, Some(file.path()), &|_| None).unwrap_err();

        assert!(problem.message.ends_with(":2: keys.algorithm is not one of HS256, EdDSA and ES256"), "{problem}");
        let in_environment = |name: &str| (name == "TIDEGATE_LISTEN").then(|| "hush".to_owned());
        let problem = load(Mode::Serve, None, &in_environment).unwrap_err();
        assert_eq!(problem.message, "TIDEGATE_LISTEN is not an address with a port, such as 0.0.0.0:8000");
    }

    #[test]
    fn broken_toml_is_refused_with_its_line() {
        let file = file("listen = \"127.0.0.1:1\"\n[http\n");

        let problem = load(Mode::Serve, Some(file.path()), &|_| None).unwrap_err();

        assert!(problem.message.starts_with(&format!("{}:2: ", file.path().display())), "{problem}");
    }

    #[test]
    fn every_option_reads_what_it_shows() {
        let mut settings = Settings::defaults(Mode::Serve);
        settings.public_url = Some("https://api.shop.example".to_owned());
        settings.storefront_url = Some("https://shop.example".to_owned());
        settings.mail_from = Some("Tide & Co <shop@example.com>".to_owned());
        settings.mail_templates = Some(PathBuf::from("/etc/tidegate/mail"));
        settings.mail_authorities = Some(PathBuf::from("/etc/tidegate/mail-ca.pem"));
        for option in OPTIONS.iter().filter(|option| !option.secret) {
            let mut again = settings.clone();
            (option.set)(&mut again, &(option.show)(&settings)).unwrap();
            assert_eq!(again, settings, "{}", option.key);
        }
    }

    #[test]
    fn secrets_are_never_shown() {
        let mut settings = Settings::defaults(Mode::Serve);
        for option in OPTIONS.iter().filter(|option| option.secret) {
            (option.set)(&mut settings, "postgres://hush").unwrap();
            assert!(!(option.show)(&settings).contains("hush"), "{}", option.key);
        }
        assert!(!format!("{settings:?}").contains("hush"));
    }

    #[test]
    fn the_fingerprint_differs_by_what_clients_can_tell_and_not_by_the_address() {
        let settings = Settings::defaults(Mode::Serve);
        let elsewhere = Settings { listen: "127.0.0.1:9".parse().unwrap(), ..settings.clone() };
        let smaller = Settings { body_bytes: 1, ..settings.clone() };

        assert_eq!(settings.fingerprint(), elsewhere.fingerprint());
        assert_ne!(settings.fingerprint(), smaller.fingerprint());
    }
}
