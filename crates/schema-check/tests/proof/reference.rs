//! GraphQL Inspector in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{SyncSender, sync_channel};

use serde::Deserialize;

use crate::pairs::Pair;

/// What Inspector makes of a pair.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answer {
    /// The changes as type, path and criticality.
    Changes(Vec<(String, Option<String>, String)>),
    /// Why graphql-js does not take one of the schemas.
    Refused(String),
}

/// How many pairs may wait for their answer.
const WAITING: usize = 64;

/// Has every pair judged, with Inspector's rule that simplifies if wanted, and hands over pair and answer in order.
pub(crate) fn judge(pairs: impl Iterator<Item = Pair> + Send, simplify: bool, mut each: impl FnMut(Pair, Answer)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential");
    let mut node = Command::new(folder.join("node_modules/.bin/node"));
    node.current_dir(&folder).arg("compare.mjs").args(simplify.then_some("simplify"));
    let mut node = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (stdin, stdout) = (node.stdin.take().unwrap(), node.stdout.take().unwrap());
    let (sender, receiver) = sync_channel(WAITING);
    std::thread::scope(|scope| {
        scope.spawn(move || ask(pairs, stdin, &sender));
        let mut lines = BufReader::new(stdout).lines();
        for pair in receiver {
            let line = lines.next().expect("an answer for each pair").unwrap();
            each(pair, serde_json::from_str(&line).unwrap());
        }
    });
    assert!(node.wait().unwrap().success());
}

fn ask(pairs: impl Iterator<Item = Pair>, mut stdin: ChildStdin, sender: &SyncSender<Pair>) {
    for pair in pairs {
        writeln!(stdin, "{}", serde_json::json!({ "base": pair.base, "head": pair.head })).unwrap();
        if sender.send(pair).is_err() {
            return;
        }
    }
}
