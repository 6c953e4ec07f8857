//! Lines and columns of byte offsets.

use crate::refusal::Location;

/// Where the lines of a text begin, and which of its bytes do not begin a character.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    continuations: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let mut continuations = Vec::new();
        for (offset, byte) in text.bytes().enumerate() {
            match byte {
                b'\n' => starts.push(offset + 1),
                0x80..=0xBF => continuations.push(offset),
                _ => {}
            }
        }
        Self { starts, continuations }
    }

    /// The place of a byte offset, in logarithmic time.
    pub(crate) fn location(&self, offset: usize) -> Location {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let inside = |limit| self.continuations.partition_point(|&at| at < limit);
        Location { line, column: offset - start - (inside(offset) - inside(start)) + 1 }
    }
}
