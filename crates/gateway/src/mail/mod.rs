//! E-mail: templates, rendering, sending, and the page of `dev`. Mails wait in the outbox (`tidegate_store::mail`),
//! where the transaction that wants one puts it; any replica sends it.

mod kinds;
mod newest;
mod page;
mod render;
pub(crate) mod sender;
mod smtp;
mod templates;
mod text;

pub use newest::{ShownMail, newest};
pub(crate) use page::{json, page};

use axum::http::Uri;
use lettre::message::Mailbox;

use crate::config::{Mode, Secret, Settings};
use crate::problem::Problem;
use render::Letterhead;
use smtp::Smtp;
use templates::Templates;

/// What it takes to write and send mails.
#[derive(Debug)]
pub(crate) struct Mailer {
    letterhead: Letterhead,
    from: Mailbox,
    delivery: Option<Delivery>,
}

/// Where mails go.
#[derive(Debug)]
enum Delivery {
    /// To a mail server.
    Smtp(Smtp),
    /// To nobody: the page of `dev` shows them.
    Page,
}

impl Mailer {
    /// Reads the templates and the address of the mail server.
    pub(crate) fn open(mode: Mode, settings: &Settings) -> Result<Self, Problem> {
        let url = settings.mail_smtp_url.as_ref().map(Secret::reveal).filter(|_| mode == Mode::Serve);
        let from = sender_of(settings, url.is_some())?;
        let storefront = settings.storefront_url();
        let domain = from.email.domain().to_owned();
        let delivery = match (mode, url) {
            (Mode::Dev, _) => Some(Delivery::Page),
            (Mode::Serve, Some(url)) => {
                let authorities = settings.mail_authorities.as_deref().map(smtp::authorities).transpose()?;
                Some(Delivery::Smtp(Smtp::new(url, &domain, authorities.unwrap_or_default())?))
            }
            (Mode::Serve, None) => None,
        };
        let host = storefront.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
        let letterhead = Letterhead {
            templates: Templates::load(settings.mail_templates.as_deref())?,
            shop: from.name.clone().or(host).unwrap_or_else(|| domain.clone()),
            storefront,
            domain,
        };
        Ok(Self { letterhead, from, delivery })
    }
}

/// Whom mails are from. A made-up mailbox will do where they are not sent.
fn sender_of(settings: &Settings, is_sent: bool) -> Result<Mailbox, Problem> {
    if is_sent && settings.mail_from.is_none() {
        let problem = Problem::configuration("there is a mail server and no mailbox that mails are from");
        return Err(problem.hint("set TIDEGATE_MAIL_FROM, for example to Tide & Co <shop@example.com>"));
    }
    let from = settings.mail_from.as_deref().unwrap_or("shop@localhost");
    from.parse().map_err(|_| Problem::configuration(format!("{from} is not a mailbox")))
}
