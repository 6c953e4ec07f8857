//! A shop's front end and other people's pages, over TLS, on one port of this machine: browsers keep `__Host-` cookies
//! of nothing else. Which page it is, the name in the address says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

/// A page that does nothing by itself.
const PAGE: &str = "<!doctype html><title>page</title><body></body>";

/// Connections whose TLS is ready. A handshake that is never finished holds up nobody.
#[derive(Debug)]
struct Secured {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl axum::serve::Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Where calls go, and what came of them.
#[derive(Debug)]
struct Front {
    gateways: Vec<SocketAddr>,
    http: reqwest::Client,
    /// Each call: method, origin, whether cookies came, status.
    calls: Mutex<Vec<Value>>,
}

/// A port to listen on, before the shop that stands behind it is there.
pub(super) struct Port {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Port {
    /// Takes one, with a certificate for the names that signs itself.
    pub(super) async fn take(names: &[&str]) -> anyhow::Result<Self> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names)?;
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(vec![made.cert.der().clone()], key)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        Ok(Self { listener, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// Its number.
    pub(super) fn number(&self) -> anyhow::Result<u16> {
        Ok(self.listener.local_addr()?.port())
    }

    /// Serves pages, and passes `/graphql` on to one gateway after the other. `/calls` tells what was passed on.
    pub(super) fn serve(self, gateways: Vec<SocketAddr>) -> anyhow::Result<()> {
        let http = reqwest::Client::builder().no_proxy().build().context("there is no HTTP client")?;
        let front = Front { gateways, http, calls: Mutex::default() };
        let app = Router::new()
            .route("/", get(async || Html(PAGE)))
            .route("/calls", get(calls))
            .fallback(forward)
            .with_state(Arc::new(front));
        let (address, listener, acceptor) = (self.listener.local_addr()?, self.listener, self.acceptor);
        let (sender, ready) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        drop(sender.send((stream, peer)).await);
                    }
                });
            }
        });
        tokio::spawn(async move { axum::serve(Secured { ready, address }, app).await });
        Ok(())
    }
}

async fn calls(State(front): State<Arc<Front>>) -> Json<Value> {
    Json(Value::Array(front.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()))
}

async fn forward(
    State(front): State<Arc<Front>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, StatusCode> {
    let turn = front.calls.lock().unwrap_or_else(PoisonError::into_inner).len();
    let gateway = front.gateways.get(turn % front.gateways.len().max(1)).ok_or(StatusCode::BAD_GATEWAY)?;
    let mut sent = headers.clone();
    sent.remove(header::CONNECTION);
    let request = front.http.request(method.clone(), format!("http://{gateway}{uri}")).headers(sent).body(body);
    let answer = request.send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let (status, mut answered) = (answer.status(), answer.headers().clone());
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    front.calls.lock().unwrap_or_else(PoisonError::into_inner).push(json!({
        "method": method.as_str(),
        "origin": text(header::ORIGIN),
        "cookies": text(header::COOKIE).contains("__Host-tidegate"),
        "status": status.as_u16(),
    }));
    answered.remove(header::TRANSFER_ENCODING);
    answered.remove(header::CONNECTION);
    let body = answer.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok((status, answered, Body::from(body)).into_response())
}
