//! The newest mails as they read, for the page of `dev` and for tests.

use std::sync::Arc;

use serde::Serialize;
use tidegate_store::StoreError;
use tidegate_store::mail::Mail;
use time::OffsetDateTime;

use super::render::render;
use crate::app::App;

/// A mail as it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownMail {
    /// The address.
    pub to: String,
    /// One line; empty if the mail cannot be written any more.
    pub subject: String,
    /// The plain text; empty if the mail cannot be written any more.
    pub text: String,
    /// The same as HTML, if there is a template for it.
    pub html: Option<String>,
    /// When it was wanted.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Which template, such as `VERIFY_EMAIL`.
    pub template: String,
    /// The bare token or code in it.
    pub secret: Option<String>,
    /// Why it cannot be written any more: its link has expired, say.
    pub problem: Option<String>,
}

/// The newest mails, newest first: all, or those to one address.
pub async fn newest(app: &App, to: Option<&str>, limit: i64) -> Result<Vec<ShownMail>, StoreError> {
    let mails = app.shared().store.mail_newest(Arc::default(), to.map(str::to_owned), limit).await?;
    Ok(mails.into_iter().map(|mail| shown(app, mail)).collect())
}

fn shown(app: &App, mail: Mail) -> ShownMail {
    let written = render(&mail, &app.keys().current(), app.shared().clock.now(), &app.mailer().letterhead);
    let problem = written.as_ref().err().map(ToString::to_string);
    let (subject, text, html, secret) =
        written.map(|mail| (mail.subject, mail.text, mail.html, mail.secret)).unwrap_or_default();
    ShownMail {
        to: mail.recipient,
        subject,
        text,
        html,
        created_at: mail.created_at,
        template: mail.template,
        secret,
        problem,
    }
}
