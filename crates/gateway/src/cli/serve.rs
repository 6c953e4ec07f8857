//! `tidegate serve`.

use std::sync::Arc;

use tidegate_model::clock::SystemClock;

use crate::config::{Mode, Settings};
use crate::problem::Problem;
use crate::{app, server};

/// Answers until asked to stop, then drains.
pub(super) async fn run(settings: Settings) -> Result<(), Problem> {
    let stop = server::stop_asked()?;
    if settings.public_url() == Settings::defaults(Mode::Serve).public_url() {
        tracing::warn!("TIDEGATE_PUBLIC_URL is not set: addresses of images begin with {}", settings.public_url());
    }
    if settings.mail_smtp_url.is_none() {
        tracing::warn!(
            "TIDEGATE_MAIL_SMTP_URL is not set: mails wait in the database until a replica that has it sends them"
        );
    }
    let listen = settings.listen;
    let app = app::build(Mode::Serve, settings, Arc::new(SystemClock)).await?;
    let running = server::start(app, server::bind(listen, "--listen").await?)?;
    stop.await;
    running.drain().await;
    Ok(())
}
