//! Finds PostgreSQL's server programs on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::LocalPostgresError;

const OLDEST: u32 = 15;
const NEEDED: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// The server programs of one PostgreSQL installation.
#[derive(Clone, Debug)]
pub struct Binaries {
    directory: PathBuf,
    major: u32,
}

impl Binaries {
    /// Finds an installation of PostgreSQL 15 or newer with pg_trgm.
    ///
    /// Looks along PATH, where `pg_config` points, and in the places of Debian, Fedora, Homebrew and Postgres.app, the
    /// newest first in each.
    pub fn find() -> Result<Self, LocalPostgresError> {
        first_usable(&places(), None)
    }

    /// Finds an installation of one major version, for data that this version made.
    pub(crate) fn find_major(major: u32) -> Option<Self> {
        first_usable(&places(), Some(major)).ok()
    }

    /// The folder that holds the programs.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The major version, 15 or more.
    pub fn major(&self) -> u32 {
        self.major
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

fn first_usable(places: &[PathBuf], wanted: Option<u32>) -> Result<Binaries, LocalPostgresError> {
    let mut newest_old: Option<(u32, &PathBuf)> = None;
    let mut bare = None;
    for directory in places {
        let Some(major) = major_version(directory) else {
            continue;
        };
        if wanted.is_some_and(|wanted| wanted != major) {
            continue;
        }
        if major < OLDEST {
            newest_old = newest_old.max(Some((major, directory)));
        } else if lacks_trigrams(directory, major) {
            bare.get_or_insert((major, directory));
        } else {
            return Ok(Binaries { directory: directory.clone(), major });
        }
    }
    Err(match (bare, newest_old) {
        (Some((major, directory)), _) => LocalPostgresError::ExtensionMissing { major, directory: directory.clone() },
        (None, Some((major, directory))) => LocalPostgresError::TooOld { major, directory: directory.clone() },
        (None, None) => LocalPostgresError::BinariesMissing,
    })
}

/// Every folder in which the programs may be, best first.
fn places() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A relative entry would run programs from whatever folder we happen to be in.
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).filter(|entry| entry.is_absolute()).collect();
    places.extend(ask(Path::new("pg_config"), "--bindir").map(PathBuf::from));
    places.extend(versioned("/usr/lib/postgresql", ""));
    places.extend(versioned("/usr", "pgsql-"));
    places.push(PathBuf::from("/usr/bin"));
    for homebrew in ["/opt/homebrew", "/usr/local"] {
        places.extend(versioned(&format!("{homebrew}/opt"), "postgresql@"));
        places.push(Path::new(homebrew).join("bin"));
    }
    places.extend(versioned("/Applications/Postgres.app/Contents/Versions", ""));
    places
}

/// The `bin` folders of a parent's children named by prefix and major version, newest first.
fn versioned(parent: &str, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let major = name.to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    found.sort_unstable_by(|left, right| right.cmp(left));
    found.into_iter().map(|(_, directory)| directory).collect()
}

/// The major version of the server in a folder that has all programs we need.
fn major_version(directory: &Path) -> Option<u32> {
    if !NEEDED.iter().all(|name| directory.join(name).is_file()) {
        return None;
    }
    parse_version(&ask(&directory.join("postgres"), "--version")?)
}

/// Reads `postgres (PostgreSQL) 15.7 (Debian 15.7-0)`, also `17beta1` and `9.6.24`.
fn parse_version(text: &str) -> Option<u32> {
    let number = text.split_once("(PostgreSQL) ")?.1;
    let digits = number.find(|char: char| !char.is_ascii_digit()).unwrap_or(number.len());
    number.get(..digits)?.parse().ok()
}

/// Whether the extension is known to be missing; an installation whose files are in no known place passes.
fn lacks_trigrams(directory: &Path, major: u32) -> bool {
    let asked = ask(&directory.join("pg_config"), "--sharedir").map(PathBuf::from);
    let guesses = [
        directory.join("../share/postgresql"),
        PathBuf::from(format!("/usr/share/postgresql/{major}")),
        PathBuf::from("/usr/share/pgsql"),
        directory.join("../share"),
    ];
    asked
        .into_iter()
        .chain(guesses)
        .map(|share| share.join("extension"))
        // Every server has plpgsql, so a folder with it is the right one.
        .find(|extensions| extensions.join("plpgsql.control").is_file())
        .is_some_and(|extensions| !extensions.join("pg_trgm.control").is_file())
}

fn ask(program: &Path, question: &str) -> Option<String> {
    let output = Command::new(program).arg(question).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let answer = String::from_utf8(output.stdout).ok()?;
    Some(answer.trim().to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// An installation made of shell scripts that answer as PostgreSQL's programs do.
    fn installation(parent: &Path, name: &str, version: &str, extensions: &[&str]) -> PathBuf {
        let prefix = parent.join(name);
        let bin = prefix.join("bin");
        let share = prefix.join("share/extension");
        fs::create_dir_all(&bin).unwrap();
        fs::create_dir_all(&share).unwrap();
        for extension in extensions {
            fs::write(share.join(format!("{extension}.control")), "").unwrap();
        }
        for program in NEEDED {
            let file = bin.join(program);
            fs::write(&file, format!("#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n")).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        bin
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.7 (Debian 15.7-0+deb12u1)"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 17beta1"), Some(17));
        assert_eq!(parse_version("postgres (PostgreSQL) 9.6.24"), Some(9));
        assert_eq!(parse_version("postgres (PostgreSQL) 18"), Some(18));
        assert_eq!(parse_version("busybox"), None);
    }

    #[test]
    fn nothing_installed_names_the_packages() {
        let empty = tempfile::tempdir().unwrap();

        let message = first_usable(&[empty.path().to_owned()], None).unwrap_err().to_string();

        for package in [
            "`apt-get install postgresql`",
            "`dnf install postgresql-server postgresql-contrib`",
            "`brew install postgresql@17`",
        ] {
            assert!(message.contains(package), "{message}");
        }
        assert!(!message.contains('\n'));
    }

    #[test]
    fn an_old_or_bare_installation_is_passed_over_and_else_named() {
        let parent = tempfile::tempdir().unwrap();
        let old = installation(parent.path(), "old", "14.2", &["plpgsql", "pg_trgm"]);
        let bare = installation(parent.path(), "bare", "16.1", &["plpgsql"]);
        let good = installation(parent.path(), "good", "15.3", &["plpgsql", "pg_trgm"]);

        let found = first_usable(&[old.clone(), bare.clone(), good.clone()], None).unwrap();
        let only_bare = first_usable(&[old.clone(), bare.clone()], None).unwrap_err().to_string();
        let only_old = first_usable(std::slice::from_ref(&old), None).unwrap_err().to_string();

        assert_eq!((found.directory(), found.major()), (good.as_path(), 15));
        assert!(only_bare.starts_with("PostgreSQL 16") && only_bare.contains("pg_trgm"), "{only_bare}");
        assert!(only_old.starts_with("PostgreSQL 14") && only_old.contains("too old"), "{only_old}");
    }

    #[test]
    fn the_newest_version_of_a_place_comes_first() {
        let parent = tempfile::tempdir().unwrap();
        for version in ["9", "15", "17", "16"] {
            fs::create_dir_all(parent.path().join(format!("pgsql-{version}/bin"))).unwrap();
        }

        let found = versioned(parent.path().to_str().unwrap(), "pgsql-");

        let expected: Vec<PathBuf> =
            ["17", "16", "15", "9"].map(|version| parent.path().join(format!("pgsql-{version}/bin"))).into();
        assert_eq!(found, expected);
    }
}
