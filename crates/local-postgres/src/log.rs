//! The server's log file: opened for appending, quoted in errors.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::LocalPostgresError;
use crate::error::files;

/// Beyond this many bytes a start begins the log anew, so that it cannot fill a disk over the months.
const LONGEST: u64 = 16 * 1024 * 1024;
const QUOTED_LINES: usize = 3;
const LEVELS: [&str; 5] = ["PANIC: ", "FATAL: ", "ERROR: ", "DETAIL: ", "HINT: "];

/// Opens the log; also says where this run's lines begin.
pub(crate) fn open(path: &Path) -> Result<(File, u64), LocalPostgresError> {
    let length = fs::metadata(path).map_or(0, |data| data.len());
    if length > LONGEST {
        fs::remove_file(path).map_err(files("remove", path))?;
    }
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(files("open", path))?;
    let begin = file.metadata().map_err(files("read", path))?.len();
    Ok((file, begin))
}

/// The last telling lines that were written since `begin`, as one line.
pub(crate) fn tail(path: &Path, begin: u64) -> String {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(begin))?;
        file.read_to_end(&mut text)
    });
    match read {
        Ok(_) => quote(&String::from_utf8_lossy(&text)),
        Err(reason) => format!("its log cannot be read: {reason}"),
    }
}

/// The last complaints of a server's output, or else its last lines.
pub(crate) fn quote(output: &str) -> String {
    let complaints: Vec<&str> = output.lines().filter_map(complaint).collect();
    let lines = if complaints.is_empty() {
        output.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    } else {
        complaints
    };
    if lines.is_empty() {
        return "it said nothing".to_owned();
    }
    lines.get(lines.len().saturating_sub(QUOTED_LINES)..).unwrap_or(&lines).join("; ")
}

/// A line from its level on, without time and process.
fn complaint(line: &str) -> Option<&str> {
    let start = LEVELS.iter().filter_map(|level| line.find(level)).min()?;
    line.get(start..).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn a_full_disk_is_quoted_without_the_noise_around_it() {
        let log = "2026-01-01 00:00:00 UTC [7] LOG:  starting PostgreSQL\n\
                   2026-01-01 00:00:00 UTC [7] FATAL:  could not write lock file \"postmaster.pid\": No space left on device\n\
                   2026-01-01 00:00:00 UTC [7] LOG:  database system is shut down\n";

        assert_eq!(quote(log), "FATAL:  could not write lock file \"postmaster.pid\": No space left on device");
    }

    #[test]
    fn without_a_complaint_the_last_three_lines_are_quoted() {
        assert_eq!(quote("one\ntwo\n\nthree\nfour\n"), "two; three; four");
        assert_eq!(quote("\n"), "it said nothing");
    }
}
