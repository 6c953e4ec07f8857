//! Sources as rows: decompression, the header, where a row stands.

use flate2::read::MultiGzDecoder;
use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{ImportError, Kind, Source};

/// A source whose header has been read.
pub(super) struct Rows {
    pub(super) name: String,
    pub(super) kind: Kind,
    reader: csv::Reader<Box<dyn Read + Send>>,
}

/// Counts bytes as they are stored, before decompression.
struct Counted {
    inner: Box<dyn Read + Send>,
    bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Rows {
    /// Reads the header and tells the kind by it. `bytes` goes up as the source is read.
    pub(super) fn open(source: Source, bytes: Arc<AtomicU64>) -> Result<Self, ImportError> {
        let Source { name, bytes: inner } = source;
        let plain = plain(Counted { inner, bytes }).map_err(|source| failed(&name, source))?;
        // No row is refused for its number of columns here: that is a bad row, not an unreadable file.
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(plain);
        let mut header = csv::ByteRecord::new();
        let found = reader.read_byte_record(&mut header).map_err(|error| failed(&name, error.into()))?;
        let columns: Vec<String> =
            header.iter().map(|column| String::from_utf8_lossy(column).trim().to_owned()).collect();
        match Kind::of(&columns).filter(|_| found) {
            Some(kind) => Ok(Self { name, kind, reader }),
            None => Err(ImportError::Header { file: name }),
        }
    }

    /// Reads the next row into `record`; the line it starts on, or `None` at the end.
    pub(super) fn next(&mut self, record: &mut csv::ByteRecord) -> Result<Option<u64>, ImportError> {
        let found = self.reader.read_byte_record(record).map_err(|error| failed(&self.name, error.into()))?;
        Ok(found.then(|| record.position().map_or(0, csv::Position::line)))
    }
}

fn failed(file: &str, source: io::Error) -> ImportError {
    ImportError::Read { file: file.to_owned(), source }
}

/// The text of a source, whether it is compressed (RFC 1952, 2.3.1: the first two bytes tell) or begins with a byte
/// order mark.
fn plain(source: Counted) -> io::Result<Box<dyn Read + Send>> {
    let mut stored = BufReader::with_capacity(1 << 16, source);
    let compressed = stored.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let text: Box<dyn Read + Send> = if compressed { Box::new(MultiGzDecoder::new(stored)) } else { Box::new(stored) };
    let mut text = BufReader::with_capacity(1 << 16, text);
    if text.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
        text.consume("\u{feff}".len());
    }
    Ok(Box::new(text))
}
