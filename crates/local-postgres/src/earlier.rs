//! What an earlier run left behind when it was killed: a running server, or files that speak of one.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, test_kill_process};

use crate::LocalPostgresError;
use crate::error::files;
use crate::place::{self, Place};
use crate::postmaster::{self, Haste};

/// Ends a server that an earlier run left, and clears what would keep a new one from starting.
///
/// The folder's lock is held, so nobody else is starting a server here.
pub(crate) fn clear(place: &Place) -> Result<(), LocalPostgresError> {
    let left = postmaster::read_pid_file(&place.data).and_then(|file| Pid::from_raw(file.pid.abs()));
    if let Some(pid) = left {
        let gone = || !serves(pid, &place.data);
        if !gone() && !postmaster::stop(pid, Haste::Fast, gone) {
            return Err(LocalPostgresError::EarlierServer { pid: pid.as_raw_nonzero().get() });
        }
        if exists(pid) {
            disown_pid_file(&place.data)?;
        }
    }
    for stale in [place::socket_file(&place.socket), lock_of_socket(&place.socket)] {
        match fs::remove_file(&stale) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(reason) => return Err(files("remove", &stale)(reason)),
        }
    }
    Ok(())
}

fn lock_of_socket(socket: &Path) -> std::path::PathBuf {
    let mut name = place::socket_file(socket).into_os_string();
    name.push(".lock");
    name.into()
}

/// Whether any process has this number; one we may not signal has it too.
fn exists(pid: Pid) -> bool {
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

/// Whether a process is the server of this data folder: numbers are given out again after a crash or a reboot.
fn serves(pid: Pid, data: &Path) -> bool {
    let number = pid.as_raw_nonzero();
    let process = Path::new("/proc").join(number.to_string());
    if Path::new("/proc/self/cmdline").exists() {
        let command = fs::read(process.join("cmdline")).unwrap_or_default();
        let mut words = command.split(|byte| *byte == 0);
        let program = words.next().unwrap_or_default();
        // The server works from within its data folder, which tells also after the clone was moved; in a container
        // root may not look at that.
        return program.ends_with(b"/postgres")
            && (words.any(|word| word == data.as_os_str().as_bytes())
                || fs::read_link(process.join("cwd")).is_ok_and(|folder| folder == data));
    }
    let output =
        Command::new("ps").args(["-ww", "-o", "command=", "-p", &number.to_string()]).stdin(Stdio::null()).output();
    output.is_ok_and(|output| {
        let command = String::from_utf8_lossy(&output.stdout).into_owned();
        command.contains("/postgres ") && command.contains(&*data.to_string_lossy())
    })
}

/// Takes a pid file away from a stranger that got its number.
///
/// PostgreSQL would take any living process of that number for its server and refuse to start. It makes an exception
/// for its own parent, so we put ourselves there; the file's other lines stay, because by them it finds out whether
/// sessions of the dead server still use its shared memory.
fn disown_pid_file(data: &Path) -> Result<(), LocalPostgresError> {
    let path = postmaster::pid_file_path(data);
    let rewrite = || {
        let mut file = postmaster::open_no_follow(&path, OpenOptions::new().read(true).write(true))?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
        file.rewind()?;
        file.set_len(0)?;
        write!(file, "{}\n{rest}", std::process::id())
    };
    match rewrite() {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(files("write", &path)(error)),
        _ => Ok(()),
    }
}
