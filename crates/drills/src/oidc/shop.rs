//! The shop's replicas.

use std::net::SocketAddr;

use anyhow::Context as _;
use serde_json::{Value, json};

/// Two replicas, asked by their number.
#[derive(Debug)]
pub(super) struct Shop {
    http: reqwest::Client,
    addresses: Vec<SocketAddr>,
}

impl Shop {
    /// A client of the replicas at these addresses.
    pub(super) fn new(addresses: Vec<SocketAddr>) -> anyhow::Result<Self> {
        Ok(Self { http: reqwest::Client::builder().no_proxy().build()?, addresses })
    }

    /// Sends a document to a replica: status and answer.
    pub(super) async fn send(
        &self,
        replica: usize,
        token: Option<&str>,
        document: &str,
    ) -> anyhow::Result<(u16, Value)> {
        let address = self.addresses.get(replica).context("there is no such replica")?;
        let mut call = self.http.post(format!("http://{address}/graphql")).json(&json!({ "query": document }));
        if let Some(token) = token {
            call = call.bearer_auth(token);
        }
        let answer = call.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// The one root field of a document's answer, which must have no errors.
    pub(super) async fn ask(&self, replica: usize, token: Option<&str>, document: &str) -> anyhow::Result<Value> {
        let (status, answer) = self.send(replica, token, document).await?;
        let root = answer["data"].as_object().and_then(|data| data.values().next()).cloned();
        let good = status == 200 && answer.get("errors").is_none();
        root.filter(|_| good).with_context(|| format!("{document}\nis answered with {status} {answer}"))
    }
}

/// The code of a payload's first error.
pub(super) fn code(payload: &Value) -> Option<&str> {
    payload.pointer("/errors/0/code").and_then(Value::as_str)
}
