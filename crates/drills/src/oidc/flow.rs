//! One sign-in, as a front end does it.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::provider::Provider;
use super::shop::Shop;
use super::{REDIRECT, browser};

/// What the front end holds when the customer is back from the provider.
#[derive(Debug, Clone)]
pub(super) struct Back {
    /// The guest session's token.
    pub(super) guest: String,
    pub(super) state: String,
    pub(super) code: String,
    pub(super) iss: Option<String>,
}

/// Begins a sign-in on the first replica; the payload.
pub(super) async fn begin(shop: &Shop, provider: &str, redirect: &str, token: Option<&str>) -> anyhow::Result<Value> {
    let document = format!(
        "mutation {{ oidcStart(provider: {}, redirectUri: {}) {{ url tokens {{ accessToken }} errors {{ code }} }} }}",
        json!(provider),
        json!(redirect)
    );
    shop.ask(0, token, &document).await
}

/// Begins a sign-in and goes to the provider and back as somebody.
pub(super) async fn go(shop: &Shop, provider: &str, who: &str) -> anyhow::Result<Back> {
    let started = begin(shop, provider, REDIRECT, None).await?;
    ensure!(started["errors"] == json!([]), "oidcStart is refused: {started}");
    let guest = started.pointer("/tokens/accessToken").and_then(Value::as_str).context("there is no guest session")?;
    let url = started["url"].as_str().context("there is no address to go to")?;
    let mut back = browser::visit(&format!("{url}&login_hint={who}"), REDIRECT).await?;
    let told = format!("{back:?}");
    let mut take = |name: &str| BTreeMap::remove(&mut back, name);
    Ok(Back {
        guest: guest.to_owned(),
        state: take("state").with_context(|| format!("no state came back: {told}"))?,
        code: take("code").with_context(|| format!("no code came back: {told}"))?,
        iss: take("iss"),
    })
}

/// Ends a sign-in on the second replica; the payload.
pub(super) async fn end(shop: &Shop, token: Option<&str>, back: &Back) -> anyhow::Result<Value> {
    let iss = back.iss.as_ref().map(|iss| format!(", iss: {}", json!(iss))).unwrap_or_default();
    let document = format!(
        "mutation {{ login(input: {{ oidc: {{ state: {}, code: {}{iss} }} }}) {{ tokens {{ accessToken refreshToken }} \
         customer {{ id email }} errors {{ code }} }} }}",
        json!(back.state),
        json!(back.code)
    );
    shop.ask(1, token, &document).await
}

/// A whole sign-in that must succeed; the payload.
pub(super) async fn sign_in(shop: &Shop, provider: &str, who: &str) -> anyhow::Result<Value> {
    let back = go(shop, provider, who).await?;
    let payload = end(shop, Some(&back.guest), &back).await?;
    ensure!(payload["errors"] == json!([]), "the sign-in of {who} with {provider} is refused: {payload}");
    let signed_in = payload.pointer("/tokens/accessToken").is_some_and(Value::is_string);
    ensure!(signed_in && payload.pointer("/customer/email") == Some(&json!(who)), "nobody is signed in: {payload}");
    Ok(payload)
}

/// A sign-in that must be refused.
pub(super) async fn refused(shop: &Shop, what: &str, token: Option<&str>, back: &Back) -> anyhow::Result<()> {
    let payload = end(shop, token, back).await?;
    let code = super::shop::code(&payload);
    ensure!(code.is_some() && payload["tokens"].is_null(), "{what} signs in: {payload}");
    println!("refused: {what} ({})", code.unwrap_or_default());
    Ok(())
}

/// How often the provider's keys were asked for while something was done.
pub(super) async fn key_calls<T>(
    provider: &Provider,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<(T, u64)> {
    let before = provider.calls("/jwks").await?;
    let done = work.await?;
    Ok((done, provider.calls("/jwks").await? - before))
}
