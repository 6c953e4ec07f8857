//! Lines and columns of offsets, in constant time after one pass, however long the lines are.

use crate::change::Place;

/// How many bytes lie between two counts of characters.
const STRIDE: usize = 256;

/// Where the lines of a text start, and how many characters stand before every [`STRIDE`]th byte.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    characters: Vec<usize>,
}

impl Lines {
    /// Counts a text. A line ends at a line feed, a carriage return or both (GraphQL specification, "Line
    /// Terminators").
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut characters = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut seen = 0;
        for (offset, &byte) in bytes.iter().enumerate() {
            if offset % STRIDE == 0 {
                characters.push(seen);
            }
            seen += usize::from(is_start(byte));
            if byte == b'\n' || (byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n')) {
                starts.push(offset + 1);
            }
        }
        Self { starts, characters }
    }

    /// The place of a byte of the text that was counted.
    pub(crate) fn place(&self, text: &str, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        Place { line, column: self.before(text, offset).saturating_sub(self.before(text, start)) + 1 }
    }

    /// How many characters start before a byte.
    fn before(&self, text: &str, offset: usize) -> usize {
        let block = offset / STRIDE;
        let rest = text.as_bytes().get(block * STRIDE..offset).unwrap_or_default();
        self.characters.get(block).copied().unwrap_or_default() + rest.iter().filter(|byte| is_start(**byte)).count()
    }
}

/// Whether a byte of UTF-8 starts a character.
fn is_start(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, offset: usize) -> (usize, usize) {
        let place = Lines::of(text).place(text, offset);
        (place.line, place.column)
    }

    #[test]
    fn every_line_terminator_ends_a_line_and_columns_are_characters() {
        let text = "a\r\nbü€c\rd\n\ne";

        assert_eq!(place(text, 0), (1, 1));
        assert_eq!(place(text, 3), (2, 1));
        assert_eq!(place(text, text.find('c').unwrap_or_default()), (2, 4));
        assert_eq!(place(text, text.find('d').unwrap_or_default()), (3, 1));
        assert_eq!(place(text, text.find('e').unwrap_or_default()), (5, 1));
    }

    #[test]
    fn a_long_line_is_counted_across_blocks() {
        let text = "€".repeat(1000) + "x";

        assert_eq!(place(&text, 3000), (1, 1001));
    }
}
