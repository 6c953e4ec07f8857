//! What is left when something is killed, and the start after it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tidegate_local_postgres::{Binaries, LocalPostgres, Settings};

use crate::scratch::{alive, ask, clone, eventually, kill, start, tell};

const FOLDER: &str = "TIDEGATE_TEST_OWNER_FOLDER";
const THROWAWAY: &str = "TIDEGATE_TEST_OWNER_THROWAWAY";

/// Not a test: the process that other tests kill.
#[test]
#[ignore = "started by the tests that kill it"]
fn owner() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let settings = if std::env::var_os(THROWAWAY).is_some() {
        Settings::throwaway(folder.join(".tidegate"))
    } else {
        Settings::durable(folder.join(".tidegate"))
    };
    let server = LocalPostgres::start(&Binaries::find().unwrap(), &settings).unwrap();
    tell(&server, "create table kept as select 'still here' as word");
    println!("\npid {}", server.pid());
    std::thread::sleep(Duration::from_mins(1));
}

/// Starts an owner in a process of its own; also gives the pid of its server.
fn start_owner(folder: &Path, throwaway: bool) -> (Child, i32) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["killed::owner", "--exact", "--ignored", "--nocapture"]).env(FOLDER, folder);
    if throwaway {
        command.env(THROWAWAY, "1");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let pid = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .find_map(|line| line.unwrap().strip_prefix("pid ")?.parse().ok())
        .unwrap();
    (child, pid)
}

fn kill_owner(mut owner: Child) {
    owner.kill().unwrap();
    owner.wait().unwrap();
}

#[test]
fn a_killed_server_recovers() {
    let clone = clone();
    let server = start(clone.path()).unwrap();
    tell(&server, "create table kept as select 'still here' as word");
    kill(server.pid());
    drop(server);

    let server = start(clone.path()).unwrap();

    assert_eq!(ask(&server, "select word from kept"), "still here");
}

#[test]
fn a_killed_owner_takes_its_server_along_and_the_next_start_recovers_at_once() {
    let clone = clone();
    let (owner, pid) = start_owner(clone.path(), false);
    kill_owner(owner);

    let server = start(clone.path()).unwrap();

    assert!(!alive(pid));
    assert_eq!(ask(&server, "select word from kept"), "still here");
}

#[test]
fn a_killed_owner_takes_its_throwaway_data_along() {
    let clone = clone();
    let (owner, pid) = start_owner(clone.path(), true);
    let data = clone.path().join(".tidegate/data");
    assert!(data.join("PG_VERSION").exists());

    kill_owner(owner);

    eventually("the server is gone", || !alive(pid));
    eventually("its data is gone", || fs::read_dir(&data).map_or(0, Iterator::count) == 0);
    let again = Settings::throwaway(clone.path().join(".tidegate"));
    let server = LocalPostgres::start(&Binaries::find().unwrap(), &again).unwrap();
    assert_eq!(ask(&server, "select to_regclass('kept')::text"), "");
}

#[test]
fn an_orphaned_server_is_replaced() {
    if !Path::new("/proc/self/cmdline").exists() {
        println!("skipped: without /proc this test cannot find the guard to kill");
        return;
    }
    let clone = clone();
    let (owner, pid) = start_owner(clone.path(), false);
    // With its guard gone, nothing ends the server.
    kill(guard_of(&clone.path().join(".tidegate/data")));
    kill_owner(owner);
    std::thread::sleep(Duration::from_millis(300));
    assert!(alive(pid));

    let server = start(clone.path()).unwrap();

    assert!(!alive(pid));
    assert_ne!(server.pid(), pid);
    assert_eq!(ask(&server, "select word from kept"), "still here");
}

fn guard_of(data: &Path) -> i32 {
    let data = data.to_str().unwrap();
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
        .find(|pid: &i32| {
            let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.contains("read -r line") && line.contains(data)
        })
        .unwrap()
}

#[test]
fn a_stranger_with_the_dead_servers_number_is_left_alone() {
    let clone = clone();
    let server = start(clone.path()).unwrap();
    tell(&server, "create table kept as select 'still here' as word");
    let pid_file = server.directory().join("data/postmaster.pid");
    kill(server.pid());
    drop(server);
    // PostgreSQL takes a process of its own user for a server, so the stranger must be one.
    let owner = fs::metadata(&pid_file).unwrap();
    let mut stranger = Command::new("sleep").arg("60").uid(owner.uid()).gid(owner.gid()).spawn().unwrap();
    let text = fs::read_to_string(&pid_file).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    fs::write(&pid_file, format!("{}\n{rest}", stranger.id())).unwrap();

    let server = start(clone.path());

    let spared = stranger.try_wait().unwrap().is_none();
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    assert!(spared);
    assert_eq!(ask(&server.unwrap(), "select word from kept"), "still here");
}
