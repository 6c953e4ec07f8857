//! Files of git revisions, read with the `git` command.

use std::process::{Command, Output};

use super::source::utf8;
use crate::problem::Problem;

/// A file as a revision has it.
pub(super) fn show(revision: &str, path: &str) -> Result<String, Problem> {
    let name = format!("{revision}:{path}");
    if name.starts_with('-') {
        return Err(Problem::configuration(format!("{name} is no revision: one does not begin with a dash")));
    }
    // `:PATH` is the file that is about to be committed.
    if !revision.is_empty()
        && !git(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?.status.success()
    {
        return Err(unknown(revision)?);
    }
    let output = git(&["cat-file", "blob", &name])?;
    if output.status.success() {
        return utf8(&name, output.stdout);
    }
    let problem = Problem::configuration(format!("git has no file {name}"));
    Err(problem.hint(format!("the path is from the repository's top folder; {revision}:./{path} is from here")))
}

fn unknown(revision: &str) -> Result<Problem, Problem> {
    let inside = git(&["rev-parse", "--is-shallow-repository"])?;
    if !inside.status.success() {
        return Ok(Problem::configuration(format!("this is not a git repository, so there is no revision {revision}"))
            .hint("run it within the repository, or name a file"));
    }
    let problem = Problem::configuration(format!("git knows no revision {revision}"));
    let shallow = inside.stdout.starts_with(b"true");
    Ok(if shallow {
        problem.hint(
            "this clone is shallow: `git fetch --unshallow --tags` gets the rest (with actions/checkout, fetch-depth: 0)",
        )
    } else {
        problem.hint("`git fetch --tags` gets the tags that are missing")
    })
}

/// Without a shell; nothing of a repository is run, so it may be somebody else's.
fn git(arguments: &[&str]) -> Result<Output, Problem> {
    let mut command = Command::new("git");
    command.args(["-c", "safe.directory=*"]).args(arguments).env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0");
    command.output().map_err(|error| Problem::configuration(format!("git cannot be run: {error}")).hint("install git"))
}
