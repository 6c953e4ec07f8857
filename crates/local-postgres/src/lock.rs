//! One server per folder: a lock that the kernel releases however its holder ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::LocalPostgresError;
use crate::error::files;

/// Takes the lock of a folder; it is held until the file is dropped.
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
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let holder = match file.read_to_string(&mut text) {
                Ok(_) if !text.trim().is_empty() => format!("process {}", text.trim()),
                // Its holder has not written its number yet.
                _ => "another process".to_owned(),
            };
            return Err(LocalPostgresError::Busy {
                root: root.to_owned(),
                holder,
            });
        }
        Err(TryLockError::Error(reason)) => return Err(files("lock", &path)(reason)),
    }
    file.set_len(0)
        .and_then(|()| write!(file, "{}", std::process::id()))
        .map_err(files("write", &path))?;
    Ok(file)
}
