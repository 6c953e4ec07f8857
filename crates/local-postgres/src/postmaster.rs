//! PostgreSQL's first process: what its pid file says, and how it is ended.

use std::fs::OpenOptions;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Short enough not to be felt; reading the pid file is all that a look costs.
pub(crate) const POLL: Duration = Duration::from_millis(10);

/// The lines of `postmaster.pid` that matter here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub(crate) pid: i32,
    pub(crate) ready: bool,
}

pub(crate) fn pid_file_path(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

/// Opens a file in the data folder, which the server's account could have replaced by a link to a file of root's.
pub(crate) fn open_no_follow(path: &Path, options: &mut OpenOptions) -> std::io::Result<std::fs::File> {
    let flag = rustix::fs::OFlags::NOFOLLOW.bits();
    options.custom_flags(flag.cast_signed()).open(path)
}

/// Reads the pid file; none while it is missing or half written.
pub(crate) fn read_pid_file(data: &Path) -> Option<PidFile> {
    let mut file = open_no_follow(&pid_file_path(data), OpenOptions::new().read(true)).ok()?;
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    parse(&text)
}

/// The first line is the process, the eighth its state.
fn parse(text: &str) -> Option<PidFile> {
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    let ready = lines.nth(6).is_some_and(|state| state.trim() == "ready");
    Some(PidFile { pid, ready })
}

/// How a server is asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Haste {
    /// Ends sessions, writes everything down.
    Fast,
    /// Ends at once; the next start recovers from the log.
    Immediate,
}

/// Ends a server: politely, then at once, then by force, each step bounded. False if it is still there.
pub(crate) fn stop(pid: Pid, haste: Haste, mut gone: impl FnMut() -> bool) -> bool {
    let steps = [
        (Signal::INT, Duration::from_secs(10)),
        (Signal::QUIT, Duration::from_secs(5)),
        (Signal::KILL, Duration::from_secs(5)),
    ];
    let skipped = usize::from(haste == Haste::Immediate);
    for (signal, patience) in steps.into_iter().skip(skipped) {
        if gone() {
            return true;
        }
        // It may have ended since; the next look tells.
        let _ = kill_process(pid, signal);
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if gone() {
                return true;
            }
            thread::sleep(POLL);
        }
    }
    gone()
}

#[cfg(test)]
mod tests {
    use super::{PidFile, parse};

    #[test]
    fn a_pid_file_tells_the_process_and_whether_it_is_ready() {
        let head = "4711\n/srv/data\n1700000000\n5432\n/srv/socket\n\n  1234567    65536\n";

        assert_eq!(parse(&format!("{head}ready   \n")), Some(PidFile { pid: 4711, ready: true }));
        assert_eq!(parse(&format!("{head}starting\n")), Some(PidFile { pid: 4711, ready: false }));
        assert_eq!(parse("4711\n"), Some(PidFile { pid: 4711, ready: false }));
        assert_eq!(parse(""), None);
    }
}
