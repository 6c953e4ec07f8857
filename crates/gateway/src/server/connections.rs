//! The connection loop: HTTP/1.1, with bounds on the head of a request and on idling.

use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::http::Peer;

/// Bytes of a request's head at most, and of the buffer a connection holds.
const HEAD_BYTES: usize = 16 * 1024;
/// Header lines of a request at most.
const HEADERS: usize = 64;

/// Accepts connections and knows those that are open.
#[derive(Debug)]
pub(super) struct Connections {
    http: http1::Builder,
    service: TowerToHyperService<Router>,
    open: GracefulShutdown,
}

impl Connections {
    pub(super) fn new(routes: Router, header_timeout: Duration) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(header_timeout)
            .max_buf_size(HEAD_BYTES)
            .max_headers(HEADERS)
            .keep_alive(true);
        Self { http, service: TowerToHyperService::new(routes), open: GracefulShutdown::new() }
    }

    /// Accepts until told to stop, then returns what is open.
    pub(super) async fn accept(self, listener: TcpListener, mut stop: watch::Receiver<bool>) -> Self {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => return self,
            };
            match accepted {
                Ok((stream, from)) => self.serve(stream, Peer(from.ip())),
                Err(error) => {
                    // Out of file descriptors, mostly: some connection must end first.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// Waits until every open connection has answered what it was asked, and closes it.
    pub(super) async fn end(self) {
        self.open.shutdown().await;
    }

    fn serve(&self, stream: TcpStream, peer: Peer) {
        // An answer is written at once, so there is nothing to wait for.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        let routes = self.service.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            routes.call(request)
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        let connection = self.open.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use axum::Extension;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn a_request_knows_the_other_end_of_its_connection() {
        let routes = Router::new().route("/", get(|Extension(Peer(address))| async move { address.to_string() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (_stop, stopped) = watch::channel(false);
        let accepting = tokio::spawn(Connections::new(routes, Duration::from_secs(5)).accept(listener, stopped));
        let asked = async |from: &str| {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
            let mut stream = socket.connect(address).await.unwrap();
            let request = b"GET / HTTP/1.1\r\nhost: a\r\nx-forwarded-for: 9.9.9.9\r\nconnection: close\r\n\r\n";
            stream.write_all(request).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer.rsplit("\r\n").next().unwrap_or_default().to_owned()
        };

        assert_eq!(asked("127.0.0.1").await, "127.0.0.1");
        assert_eq!(asked("127.0.0.2").await, "127.0.0.2");
        accepting.abort();
    }
}
