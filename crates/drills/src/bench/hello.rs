//! The floor of HTTP: a server that says hello, in a process of its own so that its CPU can be told apart.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;

use anyhow::Context as _;
use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// The running server; killed when dropped.
#[derive(Debug)]
pub(super) struct Hello {
    pub(super) address: SocketAddr,
    pub(super) pid: u32,
    _child: Child,
}

impl Hello {
    /// Starts this program again as the server.
    pub(super) async fn start() -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench", "--hello"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().context("hello ended at once")?;
        let output = child.stdout.take().context("hello has no output")?;
        let line = BufReader::new(output).lines().next_line().await?.context("hello said nothing")?;
        Ok(Self { address: line.parse().context("hello told no address")?, pid, _child: child })
    }
}

/// Serves until killed.
pub(super) async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    let routes = Router::new().route("/", get(async || "hello"));
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| _ = stream.set_nodelay(true)), routes).await?;
    Ok(())
}
