//! The signals that ask a process to stop.

use tokio::signal::unix::{SignalKind, signal};

use crate::problem::Problem;

/// Waits until SIGTERM or Ctrl-C. The handlers are set before this returns the future.
pub(crate) fn stop_asked() -> Result<impl Future<Output = ()>, Problem> {
    let set = |kind| signal(kind).map_err(|error| Problem::failed(format!("cannot listen for signals: {error}")));
    let (mut terminate, mut interrupt) = (set(SignalKind::terminate())?, set(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
