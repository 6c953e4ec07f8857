//! Keys: how they are stored, which one signs, and what is derived from them.

mod algorithm;
mod encryption_key;
mod jwt_key;
mod key_set;
mod kid;
mod purpose;
mod sealed;

pub use algorithm::{SigningAlgorithm, UnknownAlgorithm};
pub use encryption_key::{KeyEncryptionKey, KeyEncryptionKeyError};
pub use key_set::{ACTIVATION_SKEW, KeySet, KeySetError, NoSigningKey, SigningKey};
pub use kid::is_kid;
pub use purpose::Purpose;
pub use sealed::{Activation, KeyEntropy, MASTER_PURPOSE, PUBLISH_LEAD, SealError, SealedKey, new_key, open, seal};

#[cfg(test)]
mod key_set_tests;
