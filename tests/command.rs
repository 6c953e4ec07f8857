//! The commands of the real program, against a test's database.

use tidegate_testkit::Database;
use tokio::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");
const KEY_ENCRYPTION_KEY: &str = "dGlkZWdhdGUtdGVzdC1rZXktZW5jcnlwdGlvbi1rZXk=";

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a command, its words separated by blanks.
pub(crate) async fn tidegate(database: &Database, words: &str) -> Said {
    tidegate_with(database, words, KEY_ENCRYPTION_KEY).await
}

/// The same under another key-encryption key.
pub(crate) async fn tidegate_with(database: &Database, words: &str, key_encryption_key: &str) -> Said {
    let output = Command::new(PROGRAM)
        .args(words.split_ascii_whitespace())
        .env("DATABASE_URL", &database.url)
        .env("TIDEGATE_KEY_ENCRYPTION_KEY", key_encryption_key)
        .output()
        .await
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Said { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

impl Said {
    /// What it printed, asserting that it did what it was asked for.
    #[track_caller]
    pub(crate) fn done(&self) -> &str {
        assert_eq!(self.code, 0, "{self:?}");
        &self.out
    }

    /// Why it did not, asserting that it said so in one sentence.
    #[track_caller]
    pub(crate) fn refused(&self) -> &str {
        assert!(self.code != 0 && self.err.starts_with("error: ") && self.out.is_empty(), "{self:?}");
        self.err.lines().next().unwrap_or_default()
    }
}
