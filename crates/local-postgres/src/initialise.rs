//! The data folder: made once, and matched with the programs that can read it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use crate::error::files;
use crate::place::{self, Place};
use crate::{Binaries, LocalPostgresError, account, lock, log};

/// Makes the data folder if it is missing; returns the programs of the version that made it.
pub(crate) fn ensure_data(
    binaries: &Binaries,
    place: &Place,
    durable: bool,
    lock: &File,
) -> Result<Binaries, LocalPostgresError> {
    // A throw-away server that was killed leaves an empty folder; one with files in it stays.
    let _ = fs::remove_dir(&place.data);
    match fs::symlink_metadata(&place.data) {
        Ok(data) if data.is_dir() => {
            place::check_owner(&place.data, &data, account::owner(place.account))?;
            matching_binaries(binaries, &place.data)
        }
        Ok(_) => Err(LocalPostgresError::Unsafe { path: place.data.clone(), problem: "is not a folder" }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make_data(binaries, place, durable, lock)?;
            Ok(binaries.clone())
        }
        Err(reason) => Err(files("read", &place.data)(reason)),
    }
}

/// A system upgrade may have put a newer version first; the older one, if it is still there, goes on serving its data.
fn matching_binaries(binaries: &Binaries, data: &Path) -> Result<Binaries, LocalPostgresError> {
    let file = data.join("PG_VERSION");
    let found = match fs::read_to_string(&file) {
        Ok(text) => text.trim().to_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(LocalPostgresError::NotData { data: data.to_owned() });
        }
        Err(reason) => return Err(files("read", &file)(reason)),
    };
    let major = found.parse::<u32>().ok();
    if major == Some(binaries.major()) {
        return Ok(binaries.clone());
    }
    major.and_then(Binaries::find_major).ok_or_else(|| LocalPostgresError::OtherMajorVersion {
        data: data.to_owned(),
        found,
        installed: binaries.major(),
    })
}

/// Makes the data under another name first, so that a start cut short leaves nothing that looks whole.
fn make_data(binaries: &Binaries, place: &Place, durable: bool, lock: &File) -> Result<(), LocalPostgresError> {
    let unfinished = place.directory.join("data.new");
    match fs::remove_dir_all(&unfinished) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(reason) => return Err(files("remove", &unfinished)(reason)),
    }
    place::claim_private(&unfinished, place.account)?;
    run_initdb(binaries, &unfinished, place, durable, lock)?;
    fs::rename(&unfinished, &place.data).map_err(files("rename", &unfinished))?;
    File::open(&place.directory).and_then(|directory| directory.sync_all()).map_err(files("write", &place.directory))
}

fn run_initdb(
    binaries: &Binaries,
    data: &Path,
    place: &Place,
    durable: bool,
    lock: &File,
) -> Result<(), LocalPostgresError> {
    let program = binaries.program("initdb");
    let mut command = account::command(&program, place.account);
    // Byte order sorts the same after an upgrade of the system's libraries, which else would break indexes on text;
    // letters outside ASCII still have to be known for lower case, and macOS has no C.UTF-8.
    let letters = if cfg!(target_os = "macos") { "en_US.UTF-8" } else { "C.UTF-8" };
    command
        .arg("--pgdata")
        .arg(data)
        .args(["--username=postgres", "--encoding=UTF8", "--locale=C"])
        .arg(format!("--lc-ctype={letters}"))
        .args(["--auth-local=trust", "--auth-host=reject", "--no-instructions"]);
    command.arg(if durable { "--data-checksums" } else { "--no-sync" });
    let output =
        command.stdin(lock::share(lock, place)?).output().map_err(|reason| account::cannot_run(&program, reason))?;
    if output.status.success() {
        return Ok(());
    }
    Err(LocalPostgresError::Initdb {
        data: data.to_owned(),
        output: log::quote(&String::from_utf8_lossy(&output.stderr)),
    })
}
