//! The connection loop: HTTP/1.1, with bounds on the head of a request and on idling.

use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

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
                Ok((stream, _)) => self.serve(stream),
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

    fn serve(&self, stream: TcpStream) {
        // An answer is written at once, so there is nothing to wait for.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
        let connection = self.http.serve_connection(TokioIo::new(stream), self.service.clone());
        let connection = self.open.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}
