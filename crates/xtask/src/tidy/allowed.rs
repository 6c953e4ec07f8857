//! The exceptions, each with its reason. One that excuses nothing is a finding itself.

use super::finding::Finding;

/// A rule that does not hold under a path.
#[derive(Debug)]
pub(super) struct Allowed {
    /// The rule's name.
    pub(super) rule: &'static str,
    /// A file, or a folder with its `/`.
    pub(super) path: &'static str,
    /// Why.
    pub(super) reason: &'static str,
}

const fn allow(rule: &'static str, path: &'static str, reason: &'static str) -> Allowed {
    Allowed { rule, path, reason }
}

/// All exceptions.
pub(super) const ALLOWED: &[Allowed] = &[
    // What a process may hold (docs: the list of what is in memory).
    allow("state", "crates/document/src/documents.rs", "compiled documents: a pure function of their text, bounded"),
    allow("state", "crates/gateway/src/keys/ring.rs", "the key set, which all replicas share"),
    allow("state", "crates/gateway/src/issuers/kept.rs", "public keys and documents of the configured issuers"),
    allow("state", "crates/model/src/id.rs", "a constant that cannot be computed while compiling"),
    allow("state", "crates/resolvers/src/cookies.rs", "what one answer is to set, dropped with it"),
    allow("state", "crates/resolvers/src/batch.rs", "a batch of one request, dropped with it"),
    allow("state", "crates/gateway/src/server/mod.rs", "that the process is about to end"),
    // What may write files: nothing that serves a request.
    allow("disk", "crates/gateway/src/dev/", "`tidegate dev` keeps its database and key in ./.tidegate"),
    allow("disk", "crates/local-postgres/", "the private database's folders"),
    allow("disk", "crates/testkit/", "scratch folders of tests"),
    allow("disk", "crates/drills/", "reports, and the shop's files for the import"),
    allow("disk", "crates/xtask/", "chores write the files they are for"),
    // Words.
    allow("wording", "crates/xtask/src/tidy/wording.rs", "names the words that it looks for"),
    allow("wording", "crates/local-postgres/src/place.rs", "what a clone in root's home comes to is under test there"),
    allow("wording", "crates/gateway/assets/playground/", "built from the code of npm packages"),
];

/// The findings that no exception excuses, in order, and the exceptions that excuse none.
pub(super) fn without_allowed(findings: Vec<Finding>, allowed: &[Allowed]) -> Vec<Finding> {
    let excuses = |entry: &Allowed, finding: &Finding| {
        let folder = entry.path.ends_with('/') && finding.path.starts_with(entry.path);
        entry.rule == finding.rule && (folder || entry.path == finding.path)
    };
    let idle = allowed.iter().filter(|entry| !findings.iter().any(|finding| excuses(entry, finding)));
    let idle: Vec<Finding> = idle
        .map(|entry| {
            let text = format!("`{}` needs no exception in tidy/allowed.rs ({})", entry.rule, entry.reason);
            Finding::new(entry.path, 1, "exception", text)
        })
        .collect();
    let mut left: Vec<Finding> =
        findings.into_iter().filter(|finding| !allowed.iter().any(|entry| excuses(entry, finding))).collect();
    left.extend(idle);
    left.sort();
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_excuses_its_rule_under_its_path() {
        let findings = vec![
            Finding::new("a/b.rs", 1, "disk", "x"),
            Finding::new("a/b.rs", 2, "state", "x"),
            Finding::new("ab.rs", 3, "disk", "x"),
        ];
        let left = without_allowed(findings, &[allow("disk", "a/", "")]);
        let lines: Vec<String> = left.iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["a/b.rs:2: state: x", "ab.rs:3: disk: x"]);
    }

    #[test]
    fn an_exception_that_excuses_nothing_is_named() {
        let left = without_allowed(Vec::new(), &[allow("disk", "a.rs", "why")]);
        assert_eq!(left[0].to_string(), "a.rs:1: exception: `disk` needs no exception in tidy/allowed.rs (why)");
    }

    #[test]
    fn every_exception_has_a_reason() {
        assert!(ALLOWED.iter().all(|entry| entry.reason.len() > 10));
    }
}
