//! SMTP: from a rendered mail to a message, and to the server. A connection per mail: nothing is kept in between.

use std::path::Path;
use std::time::SystemTime;

use axum::http::Uri;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters, TlsParametersBuilder};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use time::OffsetDateTime;
use uuid::Uuid;

use super::render::Rendered;
use crate::problem::Problem;

/// Why a try failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TryError {
    /// For operators; may quote the server, and with it the recipient.
    pub(super) reason: String,
    /// The server's reply code.
    pub(super) code: Option<u16>,
    /// Another try is pointless.
    pub(super) is_final: bool,
}

/// The way to the mail server.
#[derive(Debug)]
pub(super) struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

const HINT: &str =
    "it looks like smtps://user:password@mail.example, or smtp://user:password@mail.example?tls=required";

/// Reads the authorities in a PEM file, one or more.
pub(super) fn authorities(path: &Path) -> Result<Vec<Certificate>, Problem> {
    const END: &str = "-----END CERTIFICATE-----";
    let unreadable = |reason: String| Problem::configuration(format!("{}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    let read = text.split_inclusive(END).filter(|part| part.ends_with(END)).map(|part| {
        Certificate::from_pem(part.as_bytes()).map_err(|_| unreadable("a certificate cannot be read".to_owned()))
    });
    let read = read.collect::<Result<Vec<_>, _>>()?;
    if read.is_empty() {
        return Err(unreadable("there is no certificate in it".to_owned()));
    }
    Ok(read)
}

impl Smtp {
    /// Reads the server's address. `domain` is what the client calls itself, unless the address has a name as its path;
    /// `authorities` may sign the server's certificate, beside the public ones.
    pub(super) fn new(url: &str, domain: &str, authorities: Vec<Certificate>) -> Result<Self, Problem> {
        let unreadable = || Problem::configuration("the address of the mail server cannot be read").hint(HINT);
        let uri: Uri = url.parse().map_err(|_| unreadable())?;
        let authority = uri.authority().ok_or_else(unreadable)?;
        let is_local = ["localhost", "127.0.0.1", "[::1]"].contains(&authority.host());
        let is_open =
            uri.scheme_str() == Some("smtp") && !uri.query().is_some_and(|query| query.contains("tls=required"));
        if authority.as_str().contains('@') && is_open && !is_local {
            let message = "the password of the mail server would be sent without TLS";
            return Err(Problem::configuration(message).hint("use smtps://…, or add ?tls=required"));
        }
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| unreadable())?;
        if uri.path().len() <= 1 {
            builder = builder.hello_name(ClientId::Domain(domain.to_owned()));
        }
        if !authorities.is_empty() {
            let host = authority.host().trim_matches(['[', ']']).to_owned();
            let trusting =
                authorities.into_iter().fold(TlsParameters::builder(host), TlsParametersBuilder::add_root_certificate);
            let trusting = trusting.build().map_err(|_| unreadable())?;
            // Which kind of TLS is the address's affair.
            builder = match (uri.scheme_str(), uri.query()) {
                (Some("smtps"), _) => builder.tls(Tls::Wrapper(trusting)),
                (_, Some(_)) if !is_open => builder.tls(Tls::Required(trusting)),
                (_, Some(_)) => builder.tls(Tls::Opportunistic(trusting)),
                _ => builder,
            };
        }
        Ok(Self(builder.build()))
    }

    /// Hands a message to the server.
    pub(super) async fn send(&self, message: Message) -> Result<(), TryError> {
        let Err(error) = self.0.send(message).await else { return Ok(()) };
        // A server that takes nobody, such as one that refuses the password, says nothing about this mail.
        let is_final = error.is_permanent() && self.0.test_connection().await.is_ok();
        Err(TryError { reason: one_line(&error.to_string()), code: error.status().map(u16::from), is_final })
    }
}

/// The first 300 characters, without control characters.
fn one_line(text: &str) -> String {
    text.chars().take(300).map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// The message of a mail, equal at every try but for what its text says of the time that is left.
pub(super) fn message(
    mail: &Rendered,
    id: Uuid,
    created_at: OffsetDateTime,
    from: &Mailbox,
) -> Result<Message, TryError> {
    let unfit = |reason: String| TryError { reason: one_line(&reason), code: None, is_final: true };
    let to: Address = mail.to.parse().map_err(|error| unfit(format!("the address cannot be read: {error}")))?;
    let builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .message_id(Some(mail.message_id.clone()))
        .date(SystemTime::from(created_at))
        // RFC 3834: whoever is on holiday does not answer to the shop.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    let text = SinglePart::plain(mail.text.clone());
    let built = match &mail.html {
        None => builder.singlepart(text),
        Some(html) => builder.multipart(
            MultiPart::alternative()
                .boundary(format!("tidegate-{id}"))
                .singlepart(text)
                .singlepart(SinglePart::html(html.clone())),
        ),
    };
    built.map_err(|error| unfit(error.to_string()))
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
