//! The options: one table for the file, the environment, `tidegate config` and the manual.

use super::Settings;
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
