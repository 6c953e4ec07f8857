//! Starts that cannot be, each with a sentence for the person at the terminal.

use std::fs;

use tidegate_local_postgres::LocalPostgresError;

use crate::scratch::{ask, clone, clone_with_mode, is_root, start};

fn refusal(result: Result<impl std::fmt::Debug, LocalPostgresError>) -> String {
    let message = result.unwrap_err().to_string();
    assert!(!message.contains('\n'), "more than one line: {message}");
    message
}

#[test]
fn data_of_another_major_version_names_both() {
    let clone = clone();
    let server = start(clone.path()).unwrap();
    let installed = ask(&server, "select (current_setting('server_version_num')::int / 10000)::text");
    let version_file = server.directory().join("data/PG_VERSION");
    server.stop().unwrap();
    fs::write(version_file, "13\n").unwrap();

    let message = refusal(start(clone.path()));

    assert!(message.contains("was made by PostgreSQL 13"), "{message}");
    assert!(message.contains(&format!("has PostgreSQL {installed}")), "{message}");
}

#[test]
fn an_unreadable_folder_is_named() {
    let clone = clone();
    let root = clone.path().join(".tidegate");
    fs::create_dir(&root).unwrap();
    let expected = if is_root() {
        // Nothing is unreadable to root; a folder of somebody else's is as unfit.
        std::os::unix::fs::chown(&root, Some(12_345), None).unwrap();
        "belongs to user id 12345"
    } else {
        fs::set_permissions(&root, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
        "Permission denied"
    };

    let message = refusal(start(clone.path()));
    // So that the scratch folder can be removed.
    fs::set_permissions(&root, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();

    assert!(message.contains(expected) && message.contains(".tidegate"), "{message}");
}

#[test]
fn a_file_in_the_folders_place_is_named() {
    let clone = clone();
    fs::write(clone.path().join(".tidegate"), "").unwrap();

    let message = refusal(start(clone.path()));

    assert!(message.starts_with("cannot create ") && message.contains(".tidegate"), "{message}");
}

#[test]
fn a_broken_configuration_is_quoted_from_the_log() {
    let clone = clone();
    let server = start(clone.path()).unwrap();
    let configuration = server.directory().join("data/postgresql.auto.conf");
    server.stop().unwrap();
    fs::write(configuration, "work_mem = 'plenty'\n").unwrap();

    let message = refusal(start(clone.path()));

    assert!(message.contains("stopped while starting") && message.contains("postgresql.auto.conf"), "{message}");
    assert!(message.contains("postgres.log"), "{message}");
}

#[test]
fn a_second_server_in_the_same_folder_is_refused_by_process() {
    let clone = clone_with_mode(0o755);
    let server = start(clone.path()).unwrap();

    let message = refusal(start(clone.path()));

    assert!(message.starts_with(&format!("process {} already runs", std::process::id())), "{message}");
    assert_eq!(ask(&server, "select 'untouched'"), "untouched");
}
