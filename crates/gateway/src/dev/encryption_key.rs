//! The key-encryption key of `dev`: made once, readable by its owner alone.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use data_encoding::BASE64;
use tidegate_auth::entropy;

use crate::config::Secret;
use crate::problem::Problem;

const FILE: &str = "key-encryption-key";

/// The key in `folder`, made if there is none.
pub(super) fn read_or_make(folder: &Path) -> Result<Secret, Problem> {
    let path = folder.join(FILE);
    let failed = |error: std::io::Error| Problem::configuration(format!("cannot use {}: {error}", path.display()));
    match std::fs::read_to_string(&path) {
        Ok(text) => return Ok(Secret::new(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let key = entropy::bytes::<32>().map_err(|error| Problem::failed(error.to_string()))?;
    let text = BASE64.encode(&key);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
    writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(Secret::new(text))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;
    use tidegate_auth::keys::KeyEncryptionKey;

    #[test]
    fn the_key_is_made_once_and_is_private() {
        let folder = tempfile::tempdir().unwrap();

        let made = read_or_make(folder.path()).unwrap();
        let again = read_or_make(folder.path()).unwrap();

        assert_eq!(made.reveal(), again.reveal().trim());
        assert!(made.reveal().parse::<KeyEncryptionKey>().is_ok());
        let permissions = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, 0o600);
    }
}
