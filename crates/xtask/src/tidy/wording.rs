//! Texts speak of the project as it is: nothing put off, no path of one machine.

use super::finding::Finding;
use super::repository::TextFile;

const RULE: &str = "wording";
const PUT_OFF: [&str; 2] = ["TODO", "FIXME"];
const MACHINE: [&str; 3] = ["/root/", "/work/", "/tmp/tg"];

/// Checks every file.
pub(super) fn check(files: &[TextFile], findings: &mut Vec<Finding>) {
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            for word in PUT_OFF.into_iter().filter(|word| has_word(line, word)) {
                let text = format!("{word}: do it, or open an issue");
                findings.push(Finding::new(&file.path, index + 1, RULE, text));
            }
            for path in MACHINE.into_iter().filter(|path| has_absolute_path(line, path)) {
                let text = format!("{path} is a path of one machine");
                findings.push(Finding::new(&file.path, index + 1, RULE, text));
            }
        }
    }
}

fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part))
}

/// A path from the root, not the middle of a longer one or of an address.
fn has_absolute_path(line: &str, path: &str) -> bool {
    let longer = |c: char| c.is_alphanumeric() || "_-.@~/})>%".contains(c);
    line.match_indices(path).any(|(at, _)| !line[..at].ends_with(longer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        let mut findings = Vec::new();
        check(&[TextFile { path: "a.md".to_owned(), text: text.to_owned() }], &mut findings);
        findings.len()
    }

    #[test]
    fn nothing_is_put_off() {
        assert_eq!(count("// TODO: later\n# FIXME\n"), 2);
        assert_eq!(count("a TODOLIST, METODO, todo\n"), 0);
    }

    #[test]
    fn no_path_of_one_machine() {
        assert_eq!(count("cd /work/main\n`/root/x`\nTMP=/tmp/tg/x\n"), 3);
        assert_eq!(count("https://example.org/work/1, ../work/2, a/root/b, /tmp/x\n"), 0);
    }
}
