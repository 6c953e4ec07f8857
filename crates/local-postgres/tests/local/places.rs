//! Clones whose path does not suit PostgreSQL.

use std::fs;
use std::path::Path;

use crate::scratch::{ask, clone, clone_with_mode, is_root, start};

/// Removes what a test left in /var/tmp, which no scratch folder takes with it.
struct Removed<'path>(&'path Path);

impl Drop for Removed<'_> {
    fn drop(&mut self) {
        if self.0.starts_with("/var/tmp") {
            let _ = fs::remove_dir_all(self.0);
        }
    }
}

#[test]
fn a_clone_that_only_root_can_enter_has_its_data_elsewhere() {
    let clone = clone_with_mode(0o700);

    let server = start(clone.path()).unwrap();
    let directory = server.directory().to_owned();
    let _removed = Removed(&directory);
    assert_eq!(ask(&server, "select 'reached'"), "reached");
    server.stop().unwrap();

    if is_root() {
        assert!(directory.starts_with("/var/tmp"), "{}", directory.display());
        let again = start(clone.path()).unwrap();
        assert_eq!(again.directory(), directory);
        again.stop().unwrap();
    } else {
        println!("not run as root: the ordinary place is asserted instead");
        assert_eq!(directory, clone.path().canonicalize().unwrap().join(".tidegate"));
    }
}

#[test]
fn a_place_elsewhere_that_somebody_planted_is_refused() {
    if !is_root() {
        println!("skipped: only root has a place elsewhere");
        return;
    }
    let clone = clone_with_mode(0o700);
    let directory = start(clone.path()).unwrap().directory().to_owned();
    let _removed = Removed(&directory);
    std::os::unix::fs::chown(&directory, Some(12_345), None).unwrap();

    let message = start(clone.path()).unwrap_err().to_string();

    assert!(message.contains("belongs to user id 12345"), "{message}");
}

#[test]
fn a_deep_clone_has_its_socket_elsewhere() {
    let clone = clone();
    let deep = clone.path().join("a-folder-with-a-long-name/".repeat(5));
    fs::create_dir_all(&deep).unwrap();

    let server = start(&deep).unwrap();

    let socket = ask(&server, "show unix_socket_directories");
    let holder = Path::new(&socket).parent().unwrap();
    let _removed = Removed(holder);
    assert!(holder.starts_with("/var/tmp"), "{socket}");
    assert_eq!(server.directory(), deep.canonicalize().unwrap().join(".tidegate"));
    server.stop().unwrap();
}
