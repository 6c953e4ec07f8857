//! Reads a body with a bound on its bytes and on its time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

use super::refused::{Refused, code};

/// Reads a body whole. The limit holds while it is read, whatever `Content-Length` says.
pub(crate) async fn read(body: Body, limit: usize, patience: Duration) -> Result<Bytes, Refused> {
    tokio::time::timeout(patience, read_all(body, limit)).await.unwrap_or_else(|_| {
        let message = "The body did not arrive in time.";
        Err(closing(Refused::new(StatusCode::REQUEST_TIMEOUT, code::BODY_TIMEOUT, message)))
    })
}

async fn read_all(mut body: Body, limit: usize) -> Result<Bytes, Refused> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| closing(Refused::bad_request(code::BAD_REQUEST, "The body ended before its time.")))?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > limit - read.len() {
            let message = format!("A body has at most {limit} bytes.");
            return Err(closing(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, code::BODY_TOO_LARGE, &message)));
        }
        read.extend_from_slice(&data);
    }
    Ok(read.freeze())
}

/// What is left of the body must not be taken for the next request.
fn closing(refused: Refused) -> Refused {
    refused.with(header::CONNECTION, HeaderValue::from_static("close"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use futures_util::stream;

    const PATIENCE: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn a_body_of_the_limit_is_read_and_one_byte_more_is_refused() {
        assert_eq!(read(Body::from("12345678"), 8, PATIENCE).await.unwrap(), "12345678");

        let refused = read(Body::from("123456789"), 8, PATIENCE).await.unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.code), (413, "BODY_TOO_LARGE"));
    }

    #[tokio::test]
    async fn an_endless_body_is_refused_at_the_limit() {
        let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"x")));

        let refused = read(Body::from_stream(endless), 1000, PATIENCE).await.unwrap_err();

        assert_eq!(refused.status.as_u16(), 413);
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let silent = stream::pending::<Result<Bytes, std::io::Error>>();

        let refused = read(Body::from_stream(silent), 8, Duration::from_millis(10)).await.unwrap_err();

        assert_eq!((refused.status.as_u16(), refused.code), (408, "BODY_TIMEOUT"));
    }
}
