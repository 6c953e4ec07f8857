//! Passwords: what may be chosen, how one is stored, and how it is checked.
//!
//! A password is the exact bytes it was typed as. It is neither trimmed, cut nor normalised (ASVS 6.2.8): the same
//! word in NFC and in NFD is two passwords. A shopper whose devices type it differently can reset it; a password that
//! was silently changed could not even be told of.
//!
//! Hashing takes tens of milliseconds and [`HashCost::memory_bytes`] of memory, on the thread that asks: callers bound
//! how many run at once and keep them off the threads that answer requests.

mod common_list;
mod cost;
mod hash;
mod rules;

pub use cost::{CostFault, HashCost};
pub use hash::{NotHashed, dummy, hash, needs_upgrade, verify};
pub use rules::{MAX_BYTES, MIN_CHARACTERS, Password, PasswordFault};
