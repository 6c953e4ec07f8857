//! Where the files of one server are, and that nobody else can have put them there.

use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::LocalPostgresError;
use crate::account::{self, Account};
use crate::error::files;

/// The port is part of the socket's name only.
pub(crate) const PORT: u16 = 5432;

/// macOS allows 103 bytes for a socket's path, Linux 107.
const LONGEST_SOCKET_PATH: usize = 100;

/// The paths of one server.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Holds lock and log.
    pub(crate) root: PathBuf,
    /// Holds the data: the root, unless the server's account cannot enter it.
    pub(crate) directory: PathBuf,
    /// PostgreSQL's data folder.
    pub(crate) data: PathBuf,
    /// The folder of the socket.
    pub(crate) socket: PathBuf,
    /// Who runs the server, if not we ourselves.
    pub(crate) account: Option<Account>,
}

/// Creates the root folder if it is missing, or checks that it is ours; returns its canonical path.
pub(crate) fn claim_root(root: &Path, account: Option<Account>) -> Result<PathBuf, LocalPostgresError> {
    DirBuilder::new().recursive(true).mode(passable(account)).create(root).map_err(files("create", root))?;
    let root = root.canonicalize().map_err(files("find", root))?;
    let data = fs::metadata(&root).map_err(files("read", &root))?;
    check_owner(&root, &data, account::own_uid())?;
    if data.mode() & 0o002 != 0 {
        return Err(LocalPostgresError::Unsafe { path: root, problem: "may be written to by every user" });
    }
    if account.is_some() && data.mode() & 0o001 == 0 {
        set_mode(&root, data.mode() | 0o001)?;
    }
    Ok(root)
}

/// Decides where data and socket go, and makes the folders around them.
pub(crate) fn lay_out(root: PathBuf, account: Option<Account>) -> Result<Place, LocalPostgresError> {
    let directory = if account::can_enter(&root, account)? { root.clone() } else { claim_elsewhere(&root, account)? };
    let mut socket = directory.join("socket");
    if socket_file(&socket).as_os_str().len() > LONGEST_SOCKET_PATH {
        socket = claim_elsewhere(&root, account)?.join("socket");
    }
    claim_private(&socket, account)?;
    Ok(Place { data: directory.join("data"), root, directory, socket, account })
}

/// The file that clients connect to.
pub(crate) fn socket_file(socket: &Path) -> PathBuf {
    socket.join(format!(".s.PGSQL.{PORT}"))
}

/// Makes an empty folder that only the server's account can use, or checks that it is one.
pub(crate) fn claim_private(path: &Path, account: Option<Account>) -> Result<(), LocalPostgresError> {
    let ours = account::own_uid();
    let data = create_or_look(path, 0o700)?;
    // A start that was cut short here leaves the folder with us.
    if data.uid() != ours {
        check_owner(path, &data, account::owner(account))?;
    }
    account::hand_over(path, account).map_err(files("hand over", path))?;
    set_mode(path, 0o700)
}

/// Refuses a path that another user owns.
pub(crate) fn check_owner(path: &Path, data: &Metadata, expected: u32) -> Result<(), LocalPostgresError> {
    if data.uid() == expected {
        return Ok(());
    }
    Err(LocalPostgresError::OwnedByAnother { path: path.to_owned(), owner: data.uid(), expected })
}

/// The folder for a root that is too deep, or that the account cannot enter.
///
/// Any local user may create names in /var/tmp, so one that exists must be a folder of ours; being sticky, /var/tmp
/// then lets nobody else replace it.
fn claim_elsewhere(root: &Path, account: Option<Account>) -> Result<PathBuf, LocalPostgresError> {
    let path = elsewhere(root);
    let data = create_or_look(&path, passable(account))?;
    check_owner(&path, &data, account::own_uid())?;
    set_mode(&path, passable(account))?;
    path.canonicalize().map_err(files("find", &path))
}

/// The same short path for the same root at every start.
fn elsewhere(root: &Path) -> PathBuf {
    let name = Uuid::new_v5(&Uuid::NAMESPACE_URL, root.as_os_str().as_bytes());
    let hex = name.simple().to_string();
    Path::new("/var/tmp").join(format!("tidegate-{}", hex.get(..12).unwrap_or(&hex)))
}

/// The account must pass through folders that stay root's; without one nobody else has to.
fn passable(account: Option<Account>) -> u32 {
    if account.is_some() { 0o711 } else { 0o700 }
}

fn create_or_look(path: &Path, mode: u32) -> Result<Metadata, LocalPostgresError> {
    match DirBuilder::new().mode(mode).create(path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(reason) => return Err(files("create", path)(reason)),
    }
    let data = fs::symlink_metadata(path).map_err(files("read", path))?;
    if data.is_dir() {
        return Ok(data);
    }
    Err(LocalPostgresError::Unsafe { path: path.to_owned(), problem: "is not a folder" })
}

fn set_mode(path: &Path, mode: u32) -> Result<(), LocalPostgresError> {
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(files("set the permissions of", path))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_place_elsewhere_depends_on_the_root_alone() {
        let one = elsewhere(Path::new("/root/shop/.tidegate"));

        assert_eq!(one, elsewhere(Path::new("/root/shop/.tidegate")));
        assert_ne!(one, elsewhere(Path::new("/root/shop2/.tidegate")));
        assert_eq!(one.as_os_str().len(), "/var/tmp/tidegate-".len() + 12);
    }

    #[test]
    fn a_planted_link_or_file_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let link = parent.path().join("link");
        let file = parent.path().join("file");
        symlink(parent.path(), &link).unwrap();
        fs::write(&file, "").unwrap();

        for planted in [link, file] {
            let message = claim_private(&planted, None).unwrap_err().to_string();
            assert!(message.contains("is not a folder"), "{message}");
        }
    }

    #[test]
    fn a_folder_that_everybody_may_write_to_is_refused() {
        let root = tempfile::tempdir().unwrap();
        set_mode(root.path(), 0o777).unwrap();

        let message = claim_root(root.path(), None).unwrap_err().to_string();

        assert!(message.contains("may be written to by every user"), "{message}");
    }
}
