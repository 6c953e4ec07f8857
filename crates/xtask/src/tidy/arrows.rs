//! Which crate may know which.

use cargo_metadata::{Dependency, DependencyKind, Metadata};

use super::finding::Finding;
use super::repository::TextFile;

/// What one crate may depend on.
struct Arrows {
    package: &'static str,
    /// Our own crates, in the program and in its build.
    ours: &'static [&'static str],
    /// Our own crates in its tests, besides.
    in_tests: &'static [&'static str],
    /// Others' crates that it must not know outside its tests; a final `*` stands for any ending.
    never: &'static [&'static str],
}

const ARROWS: &[Arrows] = &[
    Arrows { package: "tidegate-model", ours: &[], in_tests: &[], never: &["tokio", "axum", "async-graphql*", "sqlx"] },
    Arrows { package: "tidegate-schema", ours: &["tidegate-model"], in_tests: &[], never: &["sqlx", "axum"] },
    Arrows {
        package: "tidegate-store",
        ours: &["tidegate-model"],
        in_tests: &["tidegate-testkit", "tidegate-local-postgres"],
        never: &["async-graphql*", "axum"],
    },
    Arrows { package: "tidegate-auth", ours: &[], in_tests: &[], never: &["tokio", "sqlx", "axum"] },
    Arrows { package: "tidegate-document", ours: &[], in_tests: &[], never: &["tokio", "sqlx", "axum"] },
    Arrows { package: "tidegate-schema-check", ours: &[], in_tests: &[], never: &["tokio", "sqlx", "axum"] },
    Arrows { package: "tidegate-local-postgres", ours: &[], in_tests: &[], never: &[] },
    Arrows {
        package: "tidegate-resolvers",
        ours: &["tidegate-schema", "tidegate-store", "tidegate-auth", "tidegate-model"],
        in_tests: &["tidegate-testkit"],
        never: &[],
    },
    Arrows {
        package: "tidegate-gateway",
        ours: &[
            "tidegate-resolvers",
            "tidegate-schema",
            "tidegate-store",
            "tidegate-auth",
            "tidegate-document",
            "tidegate-local-postgres",
            "tidegate-model",
            "tidegate-schema-check",
        ],
        in_tests: &["tidegate-testkit"],
        never: &[],
    },
    Arrows {
        package: "tidegate-testkit",
        ours: &[
            "tidegate-gateway",
            "tidegate-store",
            "tidegate-auth",
            "tidegate-model",
            "tidegate-local-postgres",
            "tidegate-schema",
            "tidegate-resolvers",
            "tidegate-document",
        ],
        in_tests: &[],
        never: &[],
    },
    Arrows {
        package: "tidegate-drills",
        ours: &["tidegate-testkit", "tidegate-store", "tidegate-auth", "tidegate-model", "tidegate-local-postgres"],
        in_tests: &[],
        never: &[],
    },
    Arrows {
        package: "xtask",
        ours: &[
            "tidegate-drills",
            "tidegate-schema",
            "tidegate-schema-check",
            "tidegate-local-postgres",
            "tidegate-testkit",
        ],
        in_tests: &[],
        never: &[],
    },
];

const RULE: &str = "arrows";

/// Checks every crate of the workspace.
pub(super) fn check(metadata: &Metadata, files: &[TextFile], findings: &mut Vec<Finding>) {
    for package in metadata.workspace_packages() {
        let manifest = package.manifest_path.strip_prefix(&metadata.workspace_root).unwrap_or(&package.manifest_path);
        let manifest = manifest.as_str();
        let text = files.iter().find(|file| file.path == manifest).map_or("", |file| &file.text);
        let Some(arrows) = ARROWS.iter().find(|arrows| *package.name == arrows.package) else {
            findings.push(Finding::new(manifest, 1, RULE, "a new crate needs its arrows in tidy/arrows.rs"));
            continue;
        };
        for dependency in &package.dependencies {
            if let Some(fault) = fault(arrows, dependency) {
                findings.push(Finding::new(manifest, line_of(text, &dependency.name), RULE, fault));
            }
        }
    }
}

fn fault(arrows: &Arrows, dependency: &Dependency) -> Option<String> {
    let in_tests = dependency.kind == DependencyKind::Development;
    let (package, name) = (arrows.package, dependency.name.as_str());
    if dependency.path.is_some() {
        let allowed = arrows.ours.contains(&name) || in_tests && arrows.in_tests.contains(&name);
        return (!allowed).then(|| format!("{package} must not depend on {name}"));
    }
    let forbidden = arrows.never.iter().any(|pattern| matches(pattern, name));
    (forbidden && !in_tests).then(|| format!("{package} must not know {name} outside its tests"))
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// The first line that begins with a name.
fn line_of(manifest: &str, name: &str) -> usize {
    let names = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    manifest.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, kind: &str, ours: bool) -> Dependency {
        let path = if ours { serde_json::json!("/crates/x") } else { serde_json::Value::Null };
        let value = serde_json::json!({
            "name": name, "req": "^1", "kind": kind, "optional": false, "uses_default_features": true,
            "features": [], "source": null, "path": path,
        });
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
    }

    fn fault_of(package: &str, name: &str, kind: &str, ours: bool) -> bool {
        let arrows = ARROWS.iter().find(|arrows| arrows.package == package);
        arrows.is_some_and(|arrows| fault(arrows, &dependency(name, kind, ours)).is_some())
    }

    #[test]
    fn our_crates_follow_the_arrows() {
        assert!(!fault_of("tidegate-schema", "tidegate-model", "normal", true));
        assert!(fault_of("tidegate-schema", "tidegate-store", "normal", true));
        assert!(fault_of("tidegate-schema", "tidegate-store", "dev", true));
        assert!(fault_of("tidegate-store", "tidegate-testkit", "normal", true));
        assert!(fault_of("tidegate-store", "tidegate-testkit", "build", true));
        assert!(!fault_of("tidegate-store", "tidegate-testkit", "dev", true));
    }

    #[test]
    fn some_crates_of_others_are_forbidden_outside_tests() {
        assert!(fault_of("tidegate-store", "async-graphql-value", "normal", false));
        assert!(fault_of("tidegate-auth", "tokio", "normal", false));
        assert!(!fault_of("tidegate-document", "tokio", "dev", false));
        assert!(!fault_of("tidegate-store", "tokio", "normal", false));
    }

    #[test]
    fn the_line_of_a_dependency_is_found() {
        assert_eq!(line_of("[dependencies]\nsqlx-core.workspace = true\nsqlx.workspace = true\n", "sqlx"), 3);
        assert_eq!(line_of("[dependencies]\n", "sqlx"), 1);
    }
}
