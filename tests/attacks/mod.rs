//! The attacks of `ledger.toml`, by what they abuse.

mod cursors;
mod enumeration;
mod guessing;
mod impostors;
mod ledger;
mod names;
mod numbers;
mod ownership;
mod races;
mod refusal;
mod stored;
mod texts;

pub(crate) use ledger::exists;
pub(crate) use refusal::{assert_silent, digest, refusal, state};
