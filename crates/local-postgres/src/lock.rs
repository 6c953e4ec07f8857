//! One server per folder: a lock that the kernel releases however its holders end.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, test_kill_process};

use crate::LocalPostgresError;
use crate::error::files;
use crate::place::Place;
use crate::postmaster::POLL;

/// A holder that was killed a moment ago may not be buried yet.
const PATIENCE_WITH_THE_LIVING: Duration = Duration::from_secs(1);

/// After its owner's death the lock is held by helpers that clean up or finish the data folder.
const PATIENCE_WITH_HELPERS: Duration = Duration::from_secs(30);

/// Takes the lock of a folder; it is held until the file, and every share of it, is closed.
pub(crate) fn take(root: &Path) -> Result<File, LocalPostgresError> {
    let path = root.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(files("open", &path))?;
    let begin = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => {
                let holder = read_holder(&mut file);
                if begin.elapsed() > patience(holder) {
                    return Err(LocalPostgresError::Busy {
                        root: root.to_owned(),
                        holder: holder.map_or_else(
                            || "another process".to_owned(),
                            |pid| format!("process {}", pid.as_raw_nonzero()),
                        ),
                    });
                }
                thread::sleep(POLL);
            }
            Err(TryLockError::Error(reason)) => return Err(files("lock", &path)(reason)),
        }
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()))
        .map_err(files("write", &path))?;
    Ok(file)
}

/// Lets a helper process hold the lock too, until it ends: it works on the folder even when we are killed.
pub(crate) fn share(lock: &File, place: &Place) -> Result<Stdio, LocalPostgresError> {
    lock.try_clone().map(Stdio::from).map_err(files("share", &place.root.join("lock")))
}

fn read_holder(file: &mut File) -> Option<Pid> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    // Zero, too, is no process.
    Pid::from_raw(text.trim().parse().ok().filter(|pid| *pid > 0)?)
}

fn patience(holder: Option<Pid>) -> Duration {
    match holder {
        Some(pid) if matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)) => PATIENCE_WITH_HELPERS,
        _ => PATIENCE_WITH_THE_LIVING,
    }
}
