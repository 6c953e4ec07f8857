//! Finds PostgreSQL's programs on this machine and runs a private server in a folder.
//!
//! `tidegate dev` keeps its database in `./.tidegate/` with it, the test kit starts throw-away servers, and the
//! project's chores use it where they need a database of their own. Nothing is downloaded.
//!
//! **Who gets in.** The server listens on a Unix socket alone, never on TCP. The socket has mode 0700 and stands in a
//! folder of mode 0700, so the kernel keeps every other local user out; behind that door `trust` is enough, and
//! there is no password to keep or to leak.
//!
//! **As root.** PostgreSQL refuses to run as root, so its programs run as the account `postgres`, or `nobody` where
//! there is none. The folders around the data stay root's, so the account can change nothing that root then walks
//! through. Other programs running as `nobody` could reach the data; a machine with PostgreSQL installed from a
//! package has the `postgres` account.
//!
//! The functions block; asynchronous callers use a blocking thread.

mod account;
mod binaries;
mod earlier;
mod error;
mod guard;
mod initialise;
mod lock;
mod log;
mod place;
mod postmaster;
mod server;
mod settings;

pub use binaries::Binaries;
pub use error::LocalPostgresError;
pub use server::LocalPostgres;
pub use settings::Settings;
