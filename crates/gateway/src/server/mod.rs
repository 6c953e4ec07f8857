//! Runs an application on a listener, and ends it gracefully.

mod connections;
mod signals;

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::app::{App, router};
use crate::background;
use crate::problem::Problem;
use connections::Connections;

pub use crate::http::Peer;
pub(crate) use signals::stop_asked;

/// Binds an address. `option` is what chooses another one on the command line.
pub async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, Problem> {
    TcpListener::bind(address).await.map_err(|error| {
        let port = address.port();
        if error.kind() == std::io::ErrorKind::AddrInUse {
            Problem::configuration(format!("port {port} is taken by another program"))
                .hint(format!("choose another one with {option}"))
        } else {
            Problem::configuration(format!("cannot listen on {address}: {error}"))
        }
    })
}

/// An application that answers.
#[derive(Debug)]
pub struct Running {
    app: App,
    address: SocketAddr,
    stop_accepting: watch::Sender<bool>,
    accepting: JoinHandle<Connections>,
    background: JoinHandle<()>,
}

/// Starts to answer. Needs a tokio runtime.
pub fn start(app: App, listener: TcpListener) -> Result<Running, Problem> {
    let address =
        listener.local_addr().map_err(|error| Problem::failed(format!("the listener has no address: {error}")))?;
    let (stop_accepting, stop) = watch::channel(false);
    let connections = Connections::new(router(app.clone()), app.settings().header_timeout);
    tracing::info!(addr = %address, "listening");
    Ok(Running {
        address,
        stop_accepting,
        accepting: tokio::spawn(connections.accept(listener, stop)),
        background: tokio::spawn(background::run(app.clone())),
        app,
    })
}

impl Running {
    /// The address that was bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The application.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Stops gracefully: readiness off, a delay in which load balancers notice, no new connections, and what is in
    /// flight gets to end. Returns whether all of it did within the limit.
    pub async fn drain(self) -> bool {
        let settings = self.app.settings().clone();
        tracing::info!("draining");
        self.app.drain();
        tokio::time::sleep(settings.drain_delay).await;
        let deadline = Instant::now() + settings.drain_limit;
        self.stop_accepting.send_replace(true);
        let connections = self.accepting.await;
        let all_ended = async {
            if let Ok(connections) = connections {
                connections.end().await;
            }
            // The work of clients that have hung up.
            self.app.idle().await;
        };
        let ended = tokio::time::timeout_at(deadline, all_ended).await.is_ok();
        self.background.abort();
        tracing::info!(ended, "stopped");
        ended
    }

    /// Stops at once, as tests do.
    pub async fn stop(self) {
        self.background.abort();
        self.accepting.abort();
        // Only now is the port free.
        drop(self.accepting.await);
    }
}
