//! Ends the server when its owner is killed and cannot do it itself.

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::place::Place;
use crate::{Binaries, LocalPostgresError, Settings, account, lock};

/// Reads until its owner is gone, which closes the pipe. `pg_ctl` finds the server by its data folder, so a process
/// number that was given out again is never hit.
const SCRIPT: &str = r#"read -r line
if [ "$3" = remove ]; then
    "$1" stop -s -w -m immediate -D "$2"
    rm -rf -- "$2"
else
    exec "$1" stop -s -W -m fast -D "$2"
fi"#;

/// A shell that waits for our end.
#[derive(Debug)]
pub(crate) struct Guard {
    // The end of the pipe that we hold is in here; dropping it early would fire.
    child: Child,
}

impl Guard {
    pub(crate) fn set(
        binaries: &Binaries,
        place: &Place,
        settings: &Settings,
        lock: &File,
    ) -> Result<Self, LocalPostgresError> {
        let shell = Path::new("/bin/sh");
        let after = if settings.remove_when_stopped { "remove" } else { "keep" };
        let child = account::command(shell, place.account)
            .args([OsStr::new("-c"), OsStr::new(SCRIPT), OsStr::new("sh")])
            .arg(binaries.program("pg_ctl"))
            .arg(&place.data)
            .arg(after)
            .stdin(Stdio::piped())
            .stdout(lock::share(lock, place)?)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|reason| account::cannot_run(shell, reason))?;
        Ok(Self { child })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Killed before the pipe closes, so that it does nothing.
        let _ = self.child.kill();
        // Waiting closes the pipe and leaves no zombie.
        let _ = self.child.wait();
    }
}
