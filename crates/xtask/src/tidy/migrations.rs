//! Migrations run in the order of their names, and their functions carry a version.

use super::finding::Finding;
use super::repository::TextFile;

const RULE: &str = "migrations";

/// Checks the migrations.
pub(super) fn check(files: &[TextFile], findings: &mut Vec<Finding>) {
    let mut last = String::new();
    for file in files {
        let Some(name) = file.path.strip_prefix("migrations/").filter(|_| !file.has_extension("md")) else {
            continue;
        };
        match version(name) {
            None => {
                let text = "name it YYYYMMDD, a number of six digits, _what.sql";
                findings.push(Finding::new(&file.path, 1, RULE, text));
            }
            // Files come sorted, so only an equal version is out of order.
            Some(version) if version == last => {
                findings.push(Finding::new(&file.path, 1, RULE, format!("a second migration with version {version}")));
            }
            Some(version) => version.clone_into(&mut last),
        }
        for (index, line) in file.text.lines().enumerate() {
            let code = line.split("--").next().unwrap_or_default().to_lowercase();
            if let Some(name) = function(&code).filter(|name| !versioned(name)) {
                let text = format!("{name} needs a version in its name, as in {name}_v1");
                findings.push(Finding::new(&file.path, index + 1, RULE, text));
            }
            if selects_everything(&code) {
                findings.push(Finding::new(&file.path, index + 1, RULE, "name the columns"));
            }
        }
    }
}

/// The version at the start of a well-formed name.
fn version(name: &str) -> Option<&str> {
    let (version, rest) = name.split_once('_')?;
    let what = rest.strip_suffix(".sql")?;
    let digits = version.len() == 14 && version.bytes().all(|byte| byte.is_ascii_digit());
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (digits && !what.is_empty() && what.bytes().all(word)).then_some(version)
}

/// The function that a line makes.
fn function(code: &str) -> Option<&str> {
    let rest = code.trim_start().strip_prefix("create ")?.trim_start();
    let rest = rest.strip_prefix("or replace ").unwrap_or(rest).trim_start();
    let rest = rest.strip_prefix("function ").or_else(|| rest.strip_prefix("procedure "))?;
    let name = rest.split('(').next().unwrap_or(rest).trim();
    (!name.is_empty()).then_some(name)
}

fn versioned(name: &str) -> bool {
    let number = name.rsplit_once("_v").map(|(_, number)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `select *`, but into a row of the table's own type it is the only way.
fn selects_everything(code: &str) -> bool {
    let words: Vec<&str> =
        code.split(|c: char| c.is_whitespace() || c == '(').filter(|word| !word.is_empty()).collect();
    words.windows(3).any(|three| three[..2] == ["select", "*"] && three[2] != "into")
        || words.ends_with(&["select", "*"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let file =
            |&(path, text): &(&str, &str)| TextFile { path: format!("migrations/{path}"), text: text.to_owned() };
        let mut findings = Vec::new();
        check(&files.iter().map(file).collect::<Vec<_>>(), &mut findings);
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_are_ordered_versions() {
        let files = [("20261123000001_a.sql", ""), ("20261123000001_b.sql", ""), ("3_c.sql", ""), ("README.md", "")];
        let expected = [
            "migrations/20261123000001_b.sql:1: migrations: a second migration with version 20261123000001",
            "migrations/3_c.sql:1: migrations: name it YYYYMMDD, a number of six digits, _what.sql",
        ];
        assert_eq!(findings(&files), expected);
    }

    #[test]
    fn functions_carry_a_version() {
        let text =
            "create function pay_v1(a int)\nCREATE OR REPLACE FUNCTION pay(a int)\ncreate procedure sweep_v(a int)\n";
        let expected = [
            "migrations/20261123000001_a.sql:2: migrations: pay needs a version in its name, as in pay_v1",
            "migrations/20261123000001_a.sql:3: migrations: sweep_v needs a version in its name, as in sweep_v_v1",
        ];
        assert_eq!(findings(&[("20261123000001_a.sql", text)]), expected);
    }

    #[test]
    fn columns_are_named() {
        let text =
            "select * into v_row from t;\nreturn (select * from t);\nselect count(*) from t; -- select *\nselect *\n";
        let lines = findings(&[("20261123000001_a.sql", text)]);
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains(":2:") && lines[1].contains(":4:"));
    }
}
