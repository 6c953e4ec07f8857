//! A folder with the files of one test, and the program run in it.

use std::fs;
use std::path::Path;

use tokio::process::Command;

use crate::command::Said;

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_tidegate");
/// The day it is in every test.
pub(super) const TODAY: &str = "2026-11-28";

/// What a shop had before.
pub(super) const BASE: &str = "\"Where it begins.\"
type Query {
  product(id: ID): Product
  old: Old
}

type Product {
  id: ID!
  title: String!
  size: Size
}

enum Size {
  SMALL
}

type Old {
  x: Int
}
";

/// A folder of its own.
pub(super) struct Scratch(pub(super) tempfile::TempDir);

impl Scratch {
    /// Makes one with files, and the folders that they are in.
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let scratch = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            scratch.write(name, text);
        }
        scratch
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs `tidegate schema …` here.
    pub(super) async fn schema(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.path()).arg("schema").args(arguments);
        // What CI and developers have in their environment is not the test's.
        for name in ["DATABASE_URL", "TIDEGATE_CONFIG", "TIDEGATE_SCHEMA_USAGE", "NO_COLOR", "GITHUB_ACTIONS"] {
            command.env_remove(name);
        }
        let output = command.env("GIT_CEILING_DIRECTORIES", self.path()).output().await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Said { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// `check` from `base.graphql` to `head.graphql`, on the test's day.
    pub(super) async fn check(&self, more: &[&str]) -> Said {
        let mut arguments = vec!["check", "--base", "base.graphql", "--head", "head.graphql", "--today", TODAY];
        arguments.extend(more);
        self.schema(&arguments).await
    }
}

/// The base with one text in place of another.
pub(super) fn with(old: &str, new: &str) -> String {
    assert!(BASE.contains(old), "{old}");
    BASE.replace(old, new)
}
