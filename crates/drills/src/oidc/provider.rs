//! The provider's process.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};

/// A running provider; it ends with its input, which is closed when this is dropped.
#[derive(Debug)]
pub(super) struct Provider {
    /// Its address.
    pub(super) issuer: String,
    http: reqwest::Client,
    _input: ChildStdin,
    _child: Child,
}

impl Provider {
    /// Starts it and waits until it listens.
    pub(super) async fn start(folder: &Path, redirect: &str, audience: &str) -> anyhow::Result<Self> {
        let mut child = Command::new("node")
            .current_dir(folder)
            .args(["provider.mjs", redirect, audience])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("node cannot be run")?;
        let input = child.stdin.take().context("the provider has no input")?;
        let output = child.stdout.take().context("the provider has no output")?;
        let issuer = BufReader::new(output).lines().next_line().await?.context("the provider ended while starting")?;
        Ok(Self { issuer, http: reqwest::Client::builder().no_proxy().build()?, _input: input, _child: child })
    }

    /// Signs with a new key from now on, and publishes that one alone.
    pub(super) async fn rotate(&self) -> anyhow::Result<()> {
        self.control("rotate").await.map(drop)
    }

    /// Answers everything with 503, or no longer.
    pub(super) async fn away(&self, away: bool) -> anyhow::Result<()> {
        self.control(if away { "away" } else { "back" }).await.map(drop)
    }

    /// How often a path was asked for.
    pub(super) async fn calls(&self, path: &str) -> anyhow::Result<u64> {
        Ok(self.control("calls").await?.get(path).and_then(Value::as_u64).unwrap_or(0))
    }

    /// An access token for the shop, made for a service.
    pub(super) async fn access_token(&self) -> anyhow::Result<String> {
        let form = "grant_type=client_credentials&scope=shop&resource=https%3A%2F%2Fshop.example%2F";
        let call = self
            .http
            .post(format!("{}/token", self.issuer))
            .basic_auth("service", Some("service-secret"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer: Value = call.send().await?.error_for_status()?.json().await?;
        answer["access_token"].as_str().map(str::to_owned).context("the provider made no access token")
    }

    async fn control(&self, what: &str) -> anyhow::Result<Value> {
        let call = self.http.post(format!("{}/control/{what}", self.issuer));
        Ok(call.send().await?.error_for_status()?.json().await?)
    }
}
