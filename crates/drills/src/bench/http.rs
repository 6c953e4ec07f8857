//! A keep-alive HTTP/1.1 connection that costs the load generator as little as possible: requests are written as they
//! are, answers are read into one buffer.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A page of 24 products with its head fits.
const BUFFER: usize = 64 * 1024;

/// An open connection.
#[derive(Debug)]
pub(crate) struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Http {
    pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server does not accept connections")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(BUFFER) })
    }

    /// Sends a request and reads its answer: the status and the body.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> anyhow::Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut whole: Option<(Head, usize)> = None;
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            anyhow::ensure!(read > 0, "the server closed the connection");
            if whole.is_none() {
                whole = head(&self.buffer)?.map(|head| (head, head.body + head.length));
            }
            match whole {
                Some((head, end)) if self.buffer.len() == end => return Ok((head.status, &self.buffer[head.body..])),
                Some((_, end)) => anyhow::ensure!(self.buffer.len() < end, "more came than was asked for"),
                None => {}
            }
        }
    }
}

/// The head of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Head {
    status: u16,
    /// Where the body begins.
    body: usize,
    /// Bytes of the body.
    length: usize,
}

/// Reads the head when it has come whole.
fn head(bytes: &[u8]) -> anyhow::Result<Option<Head>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..end]).context("the head is not text")?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let length = lines.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        if name.eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
    });
    let status = status.context("the head has no status")?;
    let length = length.context("the head has no length")?;
    Ok(Some(Head { status, body: end + 4, length }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\ndate: x\r\n\r\n{}";

        assert_eq!(head(&answer[..30]).unwrap(), None);
        assert_eq!(head(answer).unwrap(), Some(Head { status: 200, body: answer.len() - 2, length: 2 }));
    }

    #[test]
    fn an_answer_without_a_length_is_refused() {
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
