//! The account that PostgreSQL's programs run as, and how they are started.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::LocalPostgresError;

/// The unprivileged account that stands in for root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

/// Our own effective user id.
pub(crate) fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The account to run PostgreSQL as: nobody else's but ours, unless we are root.
pub(crate) fn service_account() -> Result<Option<Account>, LocalPostgresError> {
    if own_uid() != 0 {
        return Ok(None);
    }
    // macOS names it with an underscore.
    ["postgres", "_postgres", "nobody"].into_iter().find_map(look_up).map(Some).ok_or(LocalPostgresError::NoAccount)
}

/// The user id that owns the data and the socket.
pub(crate) fn owner(account: Option<Account>) -> u32 {
    account.map_or_else(own_uid, |account| account.uid)
}

/// Gives a path to the account, without following a symbolic link.
pub(crate) fn hand_over(path: &Path, account: Option<Account>) -> std::io::Result<()> {
    match account {
        Some(account) => std::os::unix::fs::lchown(path, Some(account.uid), Some(account.gid)),
        None => Ok(()),
    }
}

/// Whether the account can pass through a folder; the kernel is asked, so that parents, access lists and mounts count.
pub(crate) fn can_enter(folder: &Path, account: Option<Account>) -> Result<bool, LocalPostgresError> {
    if account.is_none() {
        // Our own folders; what is wrong with them shows when they are used.
        return Ok(true);
    }
    let shell = Path::new("/bin/sh");
    command(shell, account)
        .args([OsStr::new("-c"), OsStr::new("cd -- \"$1\""), OsStr::new("sh"), folder.as_os_str()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map(|status| status.success())
        .map_err(|reason| cannot_run(shell, reason))
}

/// A command of the account: no terminal signals, no settings from PostgreSQL's environment variables, plain messages.
///
/// The standard library drops root's supplementary groups when it changes the user id.
pub(crate) fn command(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
    // The account may not be able to enter the current folder, which PostgreSQL's programs complain about.
    command.env("LC_ALL", "C").current_dir("/").stdin(Stdio::null()).process_group(0);
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

/// Names the program in a failure to start it.
pub(crate) fn cannot_run(program: &Path, reason: std::io::Error) -> LocalPostgresError {
    LocalPostgresError::CannotRun { program: program.to_owned(), reason }
}

fn look_up(name: &str) -> Option<Account> {
    let (uid, gid) = (id("-u", name)?, id("-g", name)?);
    (uid != 0).then_some(Account { uid, gid })
}

/// Asks `id`, which knows accounts from every source that the machine is set up with.
fn id(which: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([which, name]).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
