//! From a row of the outbox to a mail: the secret is derived here and goes nowhere else. A pure function.

use serde::Deserialize;
use tidegate_auth::keys::KeySet;
use tidegate_auth::link;
use tidegate_store::mail::Mail;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::kinds::Secret;
use super::templates::{Template, Templates};
use super::text::{Form, Values};

/// What every mail of a shop has in common.
#[derive(Debug)]
pub(crate) struct Letterhead {
    /// The texts.
    pub(super) templates: Templates,
    /// What the shop is called.
    pub(super) shop: String,
    /// The front end's address, without a slash at its end.
    pub(super) storefront: String,
    /// What stands behind the @ of message ids.
    pub(super) domain: String,
}

/// A mail as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The address, as it was typed.
    pub(crate) to: String,
    /// One line.
    pub(crate) subject: String,
    /// The plain text.
    pub(crate) text: String,
    /// The same as HTML, if the shop has a template for it.
    pub(crate) html: Option<String>,
    /// The same at every try, with its brackets.
    pub(crate) message_id: String,
    /// The bare token or code.
    pub(crate) secret: Option<String>,
}

/// Why a row is no mail. The text is for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    /// A later release wrote it, and its replicas will send it.
    #[error("this release does not know the template")]
    Template,
    /// The row lacks what its template needs.
    #[error("the row lacks what the template needs")]
    Data,
    /// The key was published, perhaps, after this replica last read the keys.
    #[error("this replica does not know the key of the mail's secret")]
    KeyUnknown,
    /// Its link or code would be refused.
    #[error("the key of the mail's secret was retired")]
    KeyRetired,
    /// Its link or code has expired, or what it stood for is gone.
    #[error("what the mail is about has expired or is gone")]
    Expired,
}

impl Unfit {
    /// Whether no other try can succeed.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Data | Self::KeyRetired | Self::Expired)
    }
}

/// What a row may hold besides the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Data {
    id: Option<Uuid>,
    kid: Option<String>,
    given_name: Option<String>,
    email: Option<String>,
    order: Option<Uuid>,
    number: Option<String>,
    /// Unix seconds.
    expires: Option<i64>,
}

/// Writes the mail of a row.
pub(crate) fn render(
    mail: &Mail,
    keys: &KeySet,
    now: OffsetDateTime,
    letterhead: &Letterhead,
) -> Result<Rendered, Unfit> {
    let template = letterhead.templates.get(&mail.template).ok_or(Unfit::Template)?;
    let data = Data::deserialize(&mail.data).map_err(|_| Unfit::Data)?;
    let sealed = sealed(mail, &data, template, keys, now)?;
    let mut link = format!("{}{}", letterhead.storefront, template.kind.path);
    let mut values = Values::default();
    if let Some((secret, expires)) = &sealed {
        if template.kind.secret == Secret::Code {
            values.set("code", secret);
        } else {
            link = format!("{link}?token={secret}");
            values.set("token", secret);
        }
        values.set("valid_for", &told(*expires - now));
        values.set("expires", &expires.to_offset(time::UtcOffset::UTC).format(INSTANT).map_err(|_| Unfit::Data)?);
    }
    values.set("greeting", &greeting(data.given_name.as_deref().filter(|_| template.kind.names_its_reader())));
    values.set("shop", &letterhead.shop);
    values.set("storefront", &letterhead.storefront);
    values.set("link", &link);
    values.set("email", data.email.as_deref().unwrap_or_default());
    values.set("number", data.number.as_deref().unwrap_or_default());
    Ok(Rendered {
        to: mail.recipient.clone(),
        subject: template.subject.fill(&values, Form::Plain),
        text: template.text.fill(&values, Form::Plain),
        html: template.html.as_ref().map(|html| html.fill(&values, Form::Html)),
        message_id: format!("<{}@{}>", mail.id, letterhead.domain),
        secret: sealed.map(|(secret, _)| secret),
    })
}

/// The secret of a mail that has one, and when it ends.
fn sealed(
    mail: &Mail,
    data: &Data,
    template: &Template,
    keys: &KeySet,
    now: OffsetDateTime,
) -> Result<Option<(String, OffsetDateTime)>, Unfit> {
    let derived = |derive: &dyn Fn(&str, Uuid) -> Option<String>| {
        let (Some(id), Some(kid)) = (data.id, data.kid.as_deref()) else { return Err(Unfit::Data) };
        // Known, and yet no key of the set: retired.
        let missing = || if keys.knows(kid) { Unfit::KeyRetired } else { Unfit::KeyUnknown };
        let expires = mail.expires_at.filter(|expires| *expires > now).ok_or(Unfit::Expired)?;
        Ok(Some((derive(kid, id).ok_or_else(missing)?, expires)))
    };
    match template.kind.secret {
        Secret::None => Ok(None),
        Secret::Link(purpose) => derived(&|kid, id| link::link_token(keys, kid, purpose, id).ok()),
        Secret::Code => derived(&|kid, id| link::login_code(keys, kid, id).ok()),
        Secret::Order => {
            let (Some(order), Some(expires)) = (data.order, data.expires) else { return Err(Unfit::Data) };
            let expires = OffsetDateTime::from_unix_timestamp(expires).map_err(|_| Unfit::Data)?;
            if expires <= now {
                return Err(Unfit::Expired);
            }
            let token = link::order_link(keys, now, order, expires).map_err(|_| Unfit::KeyUnknown)?;
            Ok(Some((token, expires)))
        }
    }
}

const INSTANT: &[BorrowedFormatItem<'_>] =
    format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");

/// A duration as one says it, to the nearest minute, hour or day.
fn told(left: Duration) -> String {
    let minutes = (left.whole_seconds() + 30) / 60;
    let (number, unit) = match minutes {
        ..120 => (minutes.max(1), "minute"),
        120..2880 => ((minutes + 30) / 60, "hour"),
        _ => ((minutes + 720) / 1440, "day"),
    };
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// Characters of a name in a greeting at most.
const NAME_CHARS: usize = 40;

/// Whoever registers with somebody else's address chooses the name in a mail to them: what could be an advertisement or
/// an address is left out.
fn greeting(name: Option<&str>) -> String {
    let part = |character: char| character.is_alphabetic() || " -'’".contains(character);
    let is_name = |name: &&str| {
        !name.is_empty() && name.chars().count() <= NAME_CHARS && name.chars().all(part) && name.split(' ').count() <= 4
    };
    match name.map(str::trim).filter(is_name) {
        Some(name) => format!("Hello {name},"),
        None => "Hello,".to_owned(),
    }
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
