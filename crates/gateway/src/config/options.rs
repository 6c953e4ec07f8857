//! The options: one table for the file, the environment, `tidegate config` and the manual.

use tidegate_auth::password::HashCost;

use super::Settings;
use super::network::Transport;
use super::value::{LogFormat, Secret, duration, show_duration};

/// One option.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// Its key in the file; a dot is a table.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Never printed.
    pub secret: bool,
    /// Replicas of one shop should have the same.
    pub shared: bool,
    pub(super) set: fn(&mut Settings, &str) -> Result<(), &'static str>,
    /// The value in force, as the file would have it.
    pub show: fn(&Settings) -> String,
}

const BASE: Described = Described {
    key: "",
    variable: "",
    about: "",
    secret: false,
    shared: true,
    set: |_, _| Ok(()),
    show: |_| String::new(),
};

fn whole<T: std::str::FromStr + PartialOrd + From<u8>>(text: &str, into: &mut T) -> Result<(), &'static str> {
    let number: T = text.parse().map_err(|_| "a whole number")?;
    if number < T::from(1) {
        return Err("a number of at least 1");
    }
    *into = number;
    Ok(())
}

fn time(text: &str, into: &mut std::time::Duration) -> Result<(), &'static str> {
    *into = duration(text).ok_or("a duration, such as 250ms or 10s")?;
    Ok(())
}

fn words(text: &str, into: &mut String) -> Result<(), &'static str> {
    if !(1..=200).contains(&text.len()) || text.chars().any(char::is_control) {
        return Err("a text of 1 to 200 characters on one line");
    }
    text.clone_into(into);
    Ok(())
}

fn hidden(secret: Option<&Secret>) -> String {
    if secret.is_some() { "[set]".to_owned() } else { "[not set]".to_owned() }
}

fn address(text: &str) -> Result<String, &'static str> {
    let plain = text.starts_with("https://") || text.starts_with("http://");
    let clean = text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>?#".contains(&byte));
    if plain && clean {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("an address, such as https://shop.example")
    }
}

/// `m=19456,t=2,p=1`.
fn hash_cost(text: &str) -> Option<HashCost> {
    let mut parts = text.split(',');
    let mut number = |name: &str| parts.next()?.trim().strip_prefix(name)?.strip_prefix('=')?.parse().ok();
    let (memory, iterations, lanes) = (number("m")?, number("t")?, number("p")?);
    let cost = HashCost::new(memory, iterations, lanes).ok()?;
    (parts.next().is_none() && cost.meets_owasp()).then_some(cost)
}

/// Every option, in the order of the manual.
pub static OPTIONS: &[Described] = &[
    Described {
        key: "listen",
        variable: "TIDEGATE_LISTEN",
        about: "Address and port to listen on; port 0 takes a free one",
        shared: false,
        set: |settings, text| {
            settings.listen = text.parse().map_err(|_| "an address with a port, such as 0.0.0.0:8000")?;
            Ok(())
        },
        show: |settings| settings.listen.to_string(),
        ..BASE
    },
    Described {
        key: "public_url",
        variable: "TIDEGATE_PUBLIC_URL",
        about: "The shop's address as clients see it; addresses of images begin with it",
        set: |settings, text| {
            settings.public_url = Some(address(text)?);
            Ok(())
        },
        show: Settings::public_url,
        ..BASE
    },
    Described {
        key: "storefront_url",
        variable: "TIDEGATE_STOREFRONT_URL",
        about: "The front end's address; links in mails begin with it. The default is public_url",
        set: |settings, text| {
            settings.storefront_url = Some(address(text)?);
            Ok(())
        },
        show: Settings::storefront_url,
        ..BASE
    },
    Described {
        key: "database.url",
        variable: "DATABASE_URL",
        about: "Address of the PostgreSQL database",
        secret: true,
        set: |settings, text| {
            settings.database_url = Some(Secret::new(text));
            Ok(())
        },
        show: |settings| hidden(settings.database_url.as_ref()),
        ..BASE
    },
    Described {
        key: "database.connections",
        variable: "TIDEGATE_DATABASE_CONNECTIONS",
        about: "Connections to the database at most",
        set: |settings, text| whole::<usize>(text, &mut settings.database_connections),
        show: |settings| settings.database_connections.to_string(),
        ..BASE
    },
    Described {
        key: "database.wait",
        variable: "TIDEGATE_DATABASE_WAIT",
        about: "How long a request waits for a connection before it is refused",
        set: |settings, text| time(text, &mut settings.database_wait),
        show: |settings| show_duration(settings.database_wait),
        ..BASE
    },
    Described {
        key: "keys.encryption_key",
        variable: "TIDEGATE_KEY_ENCRYPTION_KEY",
        about: "32 bytes in base64 (openssl rand -base64 32) that encrypt the signing keys in the database",
        secret: true,
        set: |settings, text| {
            settings.key_encryption_key = Some(Secret::new(text));
            Ok(())
        },
        show: |settings| hidden(settings.key_encryption_key.as_ref()),
        ..BASE
    },
    Described {
        key: "keys.algorithm",
        variable: "TIDEGATE_KEYS_ALGORITHM",
        about: "How access tokens of a new key are signed: HS256, EdDSA or ES256",
        set: |settings, text| {
            settings.signing_algorithm = text.parse().map_err(|_| "one of HS256, EdDSA and ES256")?;
            Ok(())
        },
        show: |settings| settings.signing_algorithm.to_string(),
        ..BASE
    },
    Described {
        key: "tokens.issuer",
        variable: "TIDEGATE_TOKENS_ISSUER",
        about: "iss of access tokens",
        set: |settings, text| words(text, &mut settings.token_issuer),
        show: |settings| settings.token_issuer.clone(),
        ..BASE
    },
    Described {
        key: "tokens.audience",
        variable: "TIDEGATE_TOKENS_AUDIENCE",
        about: "aud of access tokens",
        set: |settings, text| words(text, &mut settings.token_audience),
        show: |settings| settings.token_audience.clone(),
        ..BASE
    },
    Described {
        key: "session.transport",
        variable: "TIDEGATE_SESSION_TRANSPORT",
        about: "How browsers hold their tokens: bearer (they keep them) or cookie (no script can read them)",
        set: |settings, text| {
            settings.session_transport = Transport::parse(text).ok_or("bearer or cookie")?;
            Ok(())
        },
        show: |settings| settings.session_transport.as_str().to_owned(),
        ..BASE
    },
    Described {
        key: "session.origins",
        variable: "TIDEGATE_SESSION_ORIGINS",
        about: "Origins of the front ends that may send cookies, with commas between them",
        set: |settings, text| {
            settings.session_origins = text.parse()?;
            Ok(())
        },
        show: |settings| settings.session_origins.to_string(),
        ..BASE
    },
    Described {
        key: "trusted_proxies",
        variable: "TIDEGATE_TRUSTED_PROXIES",
        about: "Networks of the proxies whose X-Forwarded-For is believed, with commas between them",
        set: |settings, text| {
            settings.trusted_proxies = text.parse()?;
            Ok(())
        },
        show: |settings| settings.trusted_proxies.to_string(),
        ..BASE
    },
    Described {
        key: "password.hash",
        variable: "TIDEGATE_PASSWORD_HASH",
        about: "What a password's hash costs (Argon2id): memory in KiB, iterations, lanes; never less than OWASP asks",
        set: |settings, text| {
            settings.password_cost = hash_cost(text).ok_or("a cost of at least m=19456,t=2,p=1")?;
            Ok(())
        },
        show: |settings| {
            let cost = settings.password_cost;
            format!("m={},t={},p={}", cost.memory_kib(), cost.iterations(), cost.lanes())
        },
        ..BASE
    },
    Described {
        key: "password.memory",
        variable: "TIDEGATE_PASSWORD_MEMORY",
        about: "Bytes that hashing passwords may take at once; more sign-ins wait, then are asked to come back",
        shared: false,
        set: |settings, text| whole::<u64>(text, &mut settings.password_memory),
        show: |settings| settings.password_memory.to_string(),
        ..BASE
    },
    Described {
        key: "mail.smtp_url",
        variable: "TIDEGATE_MAIL_SMTP_URL",
        about: "The mail server, such as smtps://user:password@mail.example; without one, mails wait",
        secret: true,
        set: |settings, text| {
            settings.mail_smtp_url = Some(Secret::new(text));
            Ok(())
        },
        show: |settings| hidden(settings.mail_smtp_url.as_ref()),
        ..BASE
    },
    Described {
        key: "mail.authorities",
        variable: "TIDEGATE_MAIL_AUTHORITIES",
        about: "A PEM file of authorities that sign the mail server's certificate, beside the public ones",
        shared: false,
        set: |settings, text| {
            settings.mail_authorities = Some(text.into());
            Ok(())
        },
        show: |settings| settings.mail_authorities.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
        ..BASE
    },
    Described {
        key: "mail.from",
        variable: "TIDEGATE_MAIL_FROM",
        about: "The mailbox that mails are from, such as Tide & Co <shop@example.com>; its name signs them",
        set: |settings, text| {
            text.parse::<lettre::message::Mailbox>().map_err(|_| "a mailbox, such as Tide & Co <shop@example.com>")?;
            settings.mail_from = Some(text.to_owned());
            Ok(())
        },
        show: |settings| settings.mail_from.clone().unwrap_or_default(),
        ..BASE
    },
    Described {
        key: "mail.templates",
        variable: "TIDEGATE_MAIL_TEMPLATES",
        about: "A folder with mail templates that are used instead of the built-in ones",
        shared: false,
        set: |settings, text| {
            settings.mail_templates = Some(text.into());
            Ok(())
        },
        show: |settings| settings.mail_templates.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
        ..BASE
    },
    Described {
        key: "http.body_bytes",
        variable: "TIDEGATE_HTTP_BODY_BYTES",
        about: "Bytes of a request's body at most",
        set: |settings, text| whole::<usize>(text, &mut settings.body_bytes),
        show: |settings| settings.body_bytes.to_string(),
        ..BASE
    },
    Described {
        key: "http.in_flight",
        variable: "TIDEGATE_HTTP_IN_FLIGHT",
        about: "Requests worked on at once at most; more are answered with 503",
        set: |settings, text| whole::<usize>(text, &mut settings.in_flight),
        show: |settings| settings.in_flight.to_string(),
        ..BASE
    },
    Described {
        key: "http.request_timeout",
        variable: "TIDEGATE_HTTP_REQUEST_TIMEOUT",
        about: "How long a query may take before it is answered with 504",
        set: |settings, text| time(text, &mut settings.request_timeout),
        show: |settings| show_duration(settings.request_timeout),
        ..BASE
    },
    Described {
        key: "http.header_timeout",
        variable: "TIDEGATE_HTTP_HEADER_TIMEOUT",
        about: "How long a client may take over a request's head, or idle on a connection",
        set: |settings, text| time(text, &mut settings.header_timeout),
        show: |settings| show_duration(settings.header_timeout),
        ..BASE
    },
    Described {
        key: "documents.cache_bytes",
        variable: "TIDEGATE_DOCUMENTS_CACHE_BYTES",
        about: "Bytes of compiled documents that are kept; 0 keeps none",
        set: |settings, text| {
            settings.document_cache_bytes = text.parse().map_err(|_| "a whole number")?;
            Ok(())
        },
        show: |settings| settings.document_cache_bytes.to_string(),
        ..BASE
    },
    Described {
        key: "look_ahead",
        variable: "TIDEGATE_LOOK_AHEAD",
        about: "Whether nested lists are read with their parents: true or false",
        set: |settings, text| {
            settings.look_ahead = text.parse().map_err(|_| "true or false")?;
            Ok(())
        },
        show: |settings| settings.look_ahead.to_string(),
        ..BASE
    },
    Described {
        key: "drain.delay",
        variable: "TIDEGATE_DRAIN_DELAY",
        about: "How long readiness is off before new connections are refused",
        shared: false,
        set: |settings, text| time(text, &mut settings.drain_delay),
        show: |settings| show_duration(settings.drain_delay),
        ..BASE
    },
    Described {
        key: "drain.limit",
        variable: "TIDEGATE_DRAIN_LIMIT",
        about: "How long requests in flight get to end",
        shared: false,
        set: |settings, text| time(text, &mut settings.drain_limit),
        show: |settings| show_duration(settings.drain_limit),
        ..BASE
    },
    Described {
        key: "log.filter",
        variable: "TIDEGATE_LOG_FILTER",
        about: "Which events are logged, such as info or warn,tidegate=debug",
        shared: false,
        set: |settings, text| words(text, &mut settings.log_filter),
        show: |settings| settings.log_filter.clone(),
        ..BASE
    },
    Described {
        key: "log.format",
        variable: "TIDEGATE_LOG_FORMAT",
        about: "How log lines are written: text or json",
        shared: false,
        set: |settings, text| {
            settings.log_format = LogFormat::parse(text).ok_or("text or json")?;
            Ok(())
        },
        show: |settings| settings.log_format.as_str().to_owned(),
        ..BASE
    },
];
