//! `tidegate schema`: the real program on files, git revisions, servers and databases.

mod changes;
mod clients;
mod garbage;
mod git;
mod lint;
mod scratch;
mod server;
mod usage;
