//! A progress bar for people; nothing where the output is not a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tidegate_store::catalog::import::Progress;

/// Shows how far an import is.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar over this many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        // Hidden by itself where standard error is not a terminal.
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg:10} {wide_bar} {bytes}/{total_bytes} {elapsed}");
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    pub(super) fn show(&self, progress: Progress) {
        match progress {
            Progress::Reading { bytes, rows } => {
                self.0.set_position(bytes);
                self.0.set_message(format!("{rows} rows"));
            }
            Progress::Checking => self.0.set_message("checking"),
            Progress::Writing => self.0.set_message("writing"),
            Progress::Listing => self.0.set_message("listing"),
        }
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}
