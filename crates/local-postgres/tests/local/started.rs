//! Ordinary starts.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::{Duration, Instant};

use tidegate_local_postgres::{Binaries, LocalPostgres, Settings};

use crate::scratch::{alive, ask, clone, clone_with_mode, start, tell};

#[test]
fn a_second_start_finds_the_data_and_is_fast() {
    let clone = clone();
    let first = start(clone.path()).unwrap();
    tell(&first, "create table kept as select 'still here' as word");
    let version_file = first.directory().join("data/PG_VERSION");
    let made = fs::metadata(&version_file).unwrap();
    first.stop().unwrap();

    let begin = Instant::now();
    let second = start(clone.path()).unwrap();
    let took = begin.elapsed();

    assert_eq!(ask(&second, "select word from kept"), "still here");
    let found = fs::metadata(&version_file).unwrap();
    assert_eq!((found.ino(), found.mtime_nsec()), (made.ino(), made.mtime_nsec()));
    // What is fast about it, the file says: nothing is made anew. A busy machine may take its time.
    assert!(took < Duration::from_secs(30), "{took:?}");
    println!("second start: {took:?}");
}

#[test]
fn a_durable_server_waits_for_the_disk_and_listens_on_its_socket_alone() {
    let clone = clone();
    let server = start(clone.path()).unwrap();

    for name in ["show fsync", "show full_page_writes", "show synchronous_commit"] {
        assert_eq!(ask(&server, name), "on", "{name}");
    }
    assert_eq!(ask(&server, "show listen_addresses"), "");
    assert_eq!(ask(&server, "select lower('ÉCLAIR')"), "éclair");
    let socket = server.directory().join("socket");
    let owner = fs::metadata(server.directory().join("data")).unwrap().uid();
    for private in ["data", "socket"].map(|name| server.directory().join(name)) {
        let found = fs::metadata(&private).unwrap();
        assert_eq!((found.permissions().mode() & 0o777, found.uid()), (0o700, owner), "{}", private.display());
    }
    assert_eq!(fs::metadata(socket.join(".s.PGSQL.5432")).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_throwaway_server_leaves_nothing() {
    // As a test kit does it: the scratch folder itself, which only we can enter.
    let folder = clone_with_mode(0o700);
    let binaries = Binaries::find().unwrap();
    let server = LocalPostgres::start(&binaries, &Settings::throwaway(folder.path())).unwrap();
    let (directory, pid) = (server.directory().to_owned(), server.pid());
    assert_eq!(ask(&server, "show fsync"), "off");
    assert_eq!(ask(&server, "show max_connections"), "200");

    drop(server);

    assert!(!alive(pid));
    assert_eq!(directory, folder.path().canonicalize().unwrap());
    assert!(!directory.join("data").exists());
    assert!(!directory.join("socket").exists());
}

#[test]
fn a_path_with_unusual_letters_works() {
    let clone = clone();
    let odd = clone.path().join("a shop & 100% ünusual?");
    fs::create_dir(&odd).unwrap();

    let server = start(&odd).unwrap();

    assert_eq!(ask(&server, "select current_database()::text"), "postgres");
}
