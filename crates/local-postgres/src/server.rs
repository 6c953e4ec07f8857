//! A running private server.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use crate::guard::Guard;
use crate::place::{self, PORT, Place};
use crate::postmaster::{self, Haste, POLL};
use crate::{Binaries, LocalPostgresError, Settings, account, earlier, initialise, lock, log};

/// Recovery after a crash reads at most a checkpoint's worth of log, which takes seconds.
const START_PATIENCE: Duration = Duration::from_mins(1);

/// Sessions of a server that was killed notice it within moments, unless they are busy.
const LEFTOVER_PATIENCE: Duration = Duration::from_secs(10);

/// A PostgreSQL server of our own; it stops when this is dropped, and also when this process is killed.
#[derive(Debug)]
pub struct LocalPostgres {
    // Fields are dropped in this order: the server, then its guard, then the lock.
    server: Server,
    _guard: Guard,
    _lock: File,
}

/// The first process and the folders around it.
#[derive(Debug)]
struct Server {
    child: Child,
    pid: Pid,
    place: Place,
    remove_when_stopped: bool,
}

impl LocalPostgres {
    /// Starts a server in the settings' folder and waits until it accepts connections.
    ///
    /// The first start makes the data folder (about a second), later ones use it. What a killed run left behind is
    /// ended or recovered first. While the returned value lives, a second start in the same folder is refused.
    pub fn start(binaries: &Binaries, settings: &Settings) -> Result<Self, LocalPostgresError> {
        let account = account::service_account()?;
        let root = place::claim_root(&settings.root, account)?;
        let lock = lock::take(&root)?;
        let place = place::lay_out(root, account)?;
        let binaries = initialise::ensure_data(binaries, &place, settings.durable, &lock)?;
        earlier::clear(&place)?;
        let leftover_deadline = Instant::now() + LEFTOVER_PATIENCE;
        loop {
            match launch(&binaries, &place, settings, &lock) {
                Ok((server, guard)) => {
                    return Ok(Self { server, _guard: guard, _lock: lock });
                }
                Err(LocalPostgresError::StoppedWhileStarting { tail, .. })
                    if tail.contains("pre-existing shared memory block") && Instant::now() < leftover_deadline =>
                {
                    thread::sleep(Duration::from_millis(100));
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The address of one of the server's databases, for the superuser `postgres`. A new server has the database
    /// `postgres` alone; others are created through it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let socket = percent_encode(self.server.place.socket.as_os_str().as_encoded_bytes());
        let database = percent_encode(database.as_bytes());
        format!("postgres://postgres@localhost:{PORT}/{database}?host={socket}&sslmode=disable")
    }

    /// The folder that holds the data: the settings' root, or a folder in /var/tmp where the account that runs the
    /// server as root's stand-in cannot enter the root. Worth printing.
    pub fn directory(&self) -> &Path {
        &self.server.place.directory
    }

    /// The server's log, in the settings' root.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        log_path(&self.server.place)
    }

    /// The process id of the server's first process.
    pub fn pid(&self) -> i32 {
        self.server.pid.as_raw_nonzero().get()
    }

    /// Ends all sessions and stops the server, writing everything down; after 10 s without that. Dropping does the
    /// same, without telling how it went.
    pub fn stop(mut self) -> Result<(), LocalPostgresError> {
        self.server.stop()
    }
}

impl Server {
    fn stop(&mut self) -> Result<(), LocalPostgresError> {
        let haste = if self.remove_when_stopped { Haste::Immediate } else { Haste::Fast };
        let child = &mut self.child;
        if !postmaster::stop(self.pid, haste, || !matches!(child.try_wait(), Ok(None))) {
            return Err(LocalPostgresError::DoesNotStop { pid: self.pid.as_raw_nonzero().get() });
        }
        if self.remove_when_stopped {
            self.remove_files();
        }
        Ok(())
    }

    /// Best effort: what stays is scratch.
    fn remove_files(&self) {
        let place = &self.place;
        let _ = fs::remove_dir_all(&place.data);
        let _ = fs::remove_dir_all(&place.socket);
        for holder in [Some(place.directory.as_path()), place.socket.parent()].into_iter().flatten() {
            if holder != place.root {
                let _ = fs::remove_dir(holder);
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

/// Starts the server and waits until it is ready.
fn launch(
    binaries: &Binaries,
    place: &Place,
    settings: &Settings,
    lock: &File,
) -> Result<(Server, Guard), LocalPostgresError> {
    let log_path = log_path(place);
    let (log_file, begin) = log::open(&log_path)?;
    let child = spawn(binaries, place, settings, &log_file, &log_path)?;
    let mut server = Server {
        pid: Pid::from_child(&child),
        child,
        place: place.clone(),
        // What a failed start leaves may explain it.
        remove_when_stopped: false,
    };
    let guard = Guard::set(binaries, place, settings, lock)?;
    let deadline = Instant::now() + START_PATIENCE;
    while Instant::now() < deadline {
        if !matches!(server.child.try_wait(), Ok(None)) {
            return Err(LocalPostgresError::StoppedWhileStarting { tail: log::tail(&log_path, begin), log: log_path });
        }
        // Until the server has written its own, the file is a dead server's.
        let pid = server.pid.as_raw_nonzero().get();
        if postmaster::read_pid_file(&place.data).is_some_and(|file| file.pid == pid && file.ready) {
            server.remove_when_stopped = settings.remove_when_stopped;
            return Ok((server, guard));
        }
        thread::sleep(POLL);
    }
    Err(LocalPostgresError::NotReady {
        seconds: START_PATIENCE.as_secs(),
        tail: log::tail(&log_path, begin),
        log: log_path,
    })
}

fn spawn(
    binaries: &Binaries,
    place: &Place,
    settings: &Settings,
    log_file: &File,
    log_path: &Path,
) -> Result<Child, LocalPostgresError> {
    let output = || log_file.try_clone().map_err(crate::error::files("open", log_path));
    let program = binaries.program("postgres");
    let mut command = account::command(&program, place.account);
    command.arg("-D").arg(&place.data).arg("-k").arg(&place.socket);
    command.arg("-p").arg(PORT.to_string());
    for option in settings.options() {
        command.arg("-c").arg(option);
    }
    command
        .stdout(Stdio::from(output()?))
        .stderr(Stdio::from(output()?))
        .spawn()
        .map_err(|reason| account::cannot_run(&program, reason))
}

fn log_path(place: &Place) -> PathBuf {
    place.root.join("postgres.log")
}

/// Everything but letters, digits and the marks that no part of an address gives a meaning to.
fn percent_encode(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
