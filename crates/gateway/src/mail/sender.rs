//! Sends what waits in the outbox: claims a few mails, sends them with nothing locked, and marks them. A replica that
//! is killed in between loses nothing: another one sends again when the claim has ended, with the same message id.

use std::sync::Arc;
use std::time::Duration;

use tidegate_store::StoreError;
use tidegate_store::mail::{ClaimedMail, FailedTry, MailFate};
use tokio::task::JoinSet;

use super::render::render;
use super::smtp::{TryError, message};
use super::{Delivery, Mailer};
use crate::app::App;
use crate::background::jittered;

/// Mails that one replica sends at once. One that a server does not answer for holds up a slot, not the others.
const SLOTS: usize = 4;
/// How often the outbox is looked at when nothing is being sent.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long a try may take.
const TRY_LIMIT: Duration = Duration::from_secs(30);
/// How long a mail belongs to the replica that claimed it: a try and its marking, amply.
const LEASE: Duration = Duration::from_mins(2);
/// How often marking is tried, seconds apart. After that the mail goes out again when the claim has ended.
const MARKINGS: u32 = 5;

/// Sends for as long as it is polled; at once done where mails are not sent.
pub(crate) async fn run(app: &App) {
    if app.mailer().delivery.is_none() {
        return;
    }
    let mut sending = JoinSet::new();
    let mut is_away = false;
    loop {
        // Whoever is about to stop leaves the mails to others.
        let free = if app.is_draining() { 0 } else { SLOTS - sending.len() };
        match claim(app, free).await {
            Ok(claimed) => {
                is_away = false;
                for mail in claimed {
                    sending.spawn(send(app.clone(), mail));
                }
            }
            Err(error) if !is_away => {
                is_away = true;
                tracing::warn!(%error, "the outbox cannot be read; mails wait");
            }
            Err(_) => {}
        }
        tokio::select! {
            // A slot is free again, and there may be more to send.
            Some(_) = sending.join_next() => {}
            () = tokio::time::sleep(jittered(INTERVAL)) => {}
        }
    }
}

async fn claim(app: &App, free: usize) -> Result<Vec<ClaimedMail>, StoreError> {
    let batch = i64::try_from(free).unwrap_or_default();
    if batch == 0 {
        return Ok(Vec::new());
    }
    let shared = app.shared();
    shared.store.mail_claim(Arc::default(), shared.clock.now(), LEASE, batch).await
}

async fn send(app: App, claimed: ClaimedMail) {
    let tried = tokio::time::timeout(TRY_LIMIT, attempt(&app, &claimed)).await.unwrap_or_else(|_| {
        let reason = format!("the mail server did not answer within {} s", TRY_LIMIT.as_secs());
        Err(TryError { reason, code: None, is_final: false })
    });
    for seconds in 1..=MARKINGS {
        match mark(&app, &claimed, &tried).await {
            Ok(()) => return,
            Err(error) if seconds == MARKINGS => {
                tracing::warn!(%error, mail = %claimed.mail.id, "the outcome of a try could not be noted");
            }
            Err(_) => tokio::time::sleep(Duration::from_secs(seconds.into())).await,
        }
    }
}

async fn attempt(app: &App, claimed: &ClaimedMail) -> Result<(), TryError> {
    let mailer: &Mailer = app.mailer();
    let mail = &claimed.mail;
    let rendered = render(mail, &app.keys().current(), app.shared().clock.now(), &mailer.letterhead)
        .map_err(|unfit| TryError { reason: unfit.to_string(), code: None, is_final: unfit.is_final() })?;
    let message = message(&rendered, mail.id, mail.created_at, &mailer.from)?;
    match &mailer.delivery {
        Some(Delivery::Smtp(smtp)) => smtp.send(message).await,
        Some(Delivery::Page) | None => Ok(()),
    }
}

/// Notes what came of a try. The log tells no address, and so not what the server said.
async fn mark(app: &App, claimed: &ClaimedMail, tried: &Result<(), TryError>) -> Result<(), StoreError> {
    let (store, now) = (&app.shared().store, app.shared().clock.now());
    let mail = &claimed.mail;
    let Err(error) = tried else {
        store.mail_sent(Arc::default(), mail.id, now).await?;
        tracing::info!(mail = %mail.id, template = mail.template, "mail sent");
        return Ok(());
    };
    let failed = FailedTry {
        id: mail.id,
        claimed_until: claimed.claimed_until,
        error: error.reason.clone(),
        is_final: error.is_final,
    };
    let fate = store.mail_failed(Arc::default(), failed, now).await?;
    let (template, code) = (&mail.template, error.code);
    match fate {
        MailFate::Waiting => tracing::warn!(mail = %mail.id, template, code, "mail not sent; it is tried again"),
        MailFate::Dead => {
            tracing::error!(mail = %mail.id, template, code, "mail given up; see `tidegate mail list --dead`");
        }
        MailFate::Lost => tracing::warn!(mail = %mail.id, template, code, "mail not sent; somebody else has it"),
    }
    Ok(())
}
