//! The outbox: mails that a transaction wanted, until they have been sent. No row holds a secret; whoever sends
//! derives it.

mod operators;
mod outbox;

pub use operators::{ListedMail, MailState};
pub use outbox::{ClaimedMail, FailedTry, Mail, MailFate};
