//! Everything that can go wrong, each as one sentence for the person at the terminal.

use std::io;
use std::path::{Path, PathBuf};

/// Why no private server could be found, started or stopped.
///
/// Each message is whole by itself: causes are part of the sentence, not of a chain behind it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalPostgresError {
    /// No PostgreSQL server programs in any known place.
    #[error(
        "PostgreSQL 15 or newer was not found on this machine: install it with `apt-get install postgresql` (Debian), \
         `dnf install postgresql-server postgresql-contrib` (Fedora) or `brew install postgresql@17` (macOS), or set DATABASE_URL"
    )]
    BinariesMissing,

    /// Server programs were found, but none is new enough.
    #[error(
        "PostgreSQL {major} in {} is too old, 15 or newer is needed: install it with `apt-get install postgresql` (Debian), \
         `dnf install postgresql-server postgresql-contrib` (Fedora) or `brew install postgresql@17` (macOS), or set DATABASE_URL",
        directory.display()
    )]
    TooOld {
        /// The newest major version found.
        major: u32,
        /// Where its programs are.
        directory: PathBuf,
    },

    /// The server lacks the extension that search needs.
    #[error(
        "PostgreSQL {major} in {} lacks the extension pg_trgm: install it with `apt-get install postgresql-contrib` (Debian), \
         `dnf install postgresql-contrib` (Fedora) or `brew install postgresql@17` (macOS), or set DATABASE_URL",
        directory.display()
    )]
    ExtensionMissing {
        /// The server's major version.
        major: u32,
        /// Where its programs are.
        directory: PathBuf,
    },

    /// Root runs this, and the machine has neither a `postgres` nor a `nobody` account.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has no account named postgres or nobody to run it as: run as an ordinary user, or set DATABASE_URL"
    )]
    NoAccount,

    /// A program could not be started.
    #[error("cannot run {}: {reason}", program.display())]
    CannotRun {
        /// The program.
        program: PathBuf,
        /// What the operating system said.
        reason: io::Error,
    },

    /// A file or folder could not be used.
    #[error("cannot {action} {}: {reason}", path.display())]
    Files {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        reason: io::Error,
    },

    /// A folder belongs to somebody else, who could read or replace the data.
    #[error(
        "{} belongs to user id {owner} and not to user id {expected}, so the database cannot live there: start as its owner, or move it away",
        path.display()
    )]
    OwnedByAnother {
        /// The folder.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Who should.
        expected: u32,
    },

    /// Something that is not a folder, or a folder everybody may write to, stands in the folder's place.
    #[error("{} {problem}, so the database cannot live there: move it away", path.display())]
    Unsafe {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },

    /// Another process runs a server in the same folder.
    #[error("{holder} already runs the database in {}: stop it first, or set DATABASE_URL", root.display())]
    Busy {
        /// The folder.
        root: PathBuf,
        /// Who holds it, with its process id where it could be read.
        holder: String,
    },

    /// A server left by an earlier run could not be ended.
    #[error(
        "a PostgreSQL left by an earlier run (process {pid}) does not stop: end it with `kill -9 {pid}` and start again"
    )]
    EarlierServer {
        /// The server's process id.
        pid: i32,
    },

    /// The data folder holds something else.
    #[error("{} is not empty and not a PostgreSQL data folder: move it away", data.display())]
    NotData {
        /// The folder.
        data: PathBuf,
    },

    /// The data was made by a major version that this machine does not have.
    #[error(
        "the database in {} was made by PostgreSQL {found}, and this machine has PostgreSQL {installed}: install PostgreSQL {found}, or move the folder away to start with an empty database",
        data.display()
    )]
    OtherMajorVersion {
        /// The folder.
        data: PathBuf,
        /// The major version that made it, as its file says.
        found: String,
        /// The major version found on this machine.
        installed: u32,
    },

    /// `initdb` failed.
    #[error("PostgreSQL could not make a database in {}: {output}", data.display())]
    Initdb {
        /// The folder.
        data: PathBuf,
        /// The last lines of what it said.
        output: String,
    },

    /// The server ended before it was ready.
    #[error("PostgreSQL stopped while starting: {tail} (the log is {})", log.display())]
    StoppedWhileStarting {
        /// The last lines of its log.
        tail: String,
        /// The log file.
        log: PathBuf,
    },

    /// The server did not become ready in time.
    #[error("PostgreSQL was not ready within {seconds} s: {tail} (the log is {})", log.display())]
    NotReady {
        /// How long was waited.
        seconds: u64,
        /// The last lines of its log.
        tail: String,
        /// The log file.
        log: PathBuf,
    },

    /// The server did not end when told to.
    #[error("PostgreSQL (process {pid}) does not stop")]
    DoesNotStop {
        /// The server's process id.
        pid: i32,
    },
}

/// Names the file and the attempt in an error of the file system.
pub(crate) fn files(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> LocalPostgresError {
    let path = path.to_owned();
    move |reason| LocalPostgresError::Files { action, path, reason }
}
