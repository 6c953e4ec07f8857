//! The passwords everybody knows. `assets/README.md` says where the list comes from.

/// Lower case, sorted by byte, one a line.
const LIST: &str = include_str!("../../assets/common-passwords.txt");

/// Whether the list holds `lowercase`. It is searched where it lies in the program: no set is built at the start.
pub(super) fn contains(lowercase: &str) -> bool {
    let list = LIST.as_bytes();
    let (mut low, mut high) = (0, list.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = list[low..middle].iter().rposition(|byte| *byte == b'\n').map_or(low, |at| low + at + 1);
        let end = list[start..].iter().position(|byte| *byte == b'\n').map_or(list.len(), |at| start + at);
        match list[start..end].cmp(lowercase.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_its_neighbours_are_not() {
        for line in LIST.lines() {
            assert!(contains(line), "{line}");
            assert!(!contains(&format!("{line}\u{1}")), "{line}");
        }
        for text in ["", "\n", " ", "zzzzzzzzzzzz", "\u{10FFFF}", "!qaz1qa", "correct horse battery staple"] {
            assert!(!contains(text), "{text:?}");
        }
    }

    #[test]
    fn the_list_can_be_searched() {
        let lines: Vec<_> = LIST.lines().collect();

        assert_eq!(lines.len(), 8354);
        assert!(lines.is_sorted_by(|a, b| a < b));
        assert!(lines.iter().all(|line| line.chars().count() >= super::super::MIN_CHARACTERS));
        assert!(lines.iter().all(|line| *line == line.to_lowercase()));
        assert!(!LIST.contains('\r') && LIST.ends_with('\n'));
    }
}
