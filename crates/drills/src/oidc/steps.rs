//! What must hold, step by step. Steps go on from what the ones before have left.

use anyhow::ensure;
use serde_json::Value;

use super::REDIRECT;
use super::flow::{self, Back};
use super::provider::Provider;
use super::shop::{self, Shop};

/// Every step.
pub(super) async fn all(shop: &Shop, provider: &Provider) -> anyhow::Result<()> {
    nobody_is_sent_elsewhere(shop).await?;
    both_kinds_of_client_sign_in(shop).await?;
    an_answer_is_good_once_and_for_its_session(shop).await?;
    a_provider_that_is_away_is_told_apart(shop, provider).await?;
    a_new_key_is_followed(shop, provider).await?;
    the_providers_access_tokens_are_taken(shop, provider).await
}

async fn nobody_is_sent_elsewhere(shop: &Shop) -> anyhow::Result<()> {
    let elsewhere = format!("{REDIRECT}/");
    for (provider, redirect) in [("shop", elsewhere.as_str()), ("shop", "https://evil.example/"), ("nobody", REDIRECT)]
    {
        let payload = flow::begin(shop, provider, redirect, None).await?;
        let code = shop::code(&payload);
        ensure!(code.is_some() && payload["url"].is_null(), "{provider} {redirect} is taken: {payload}");
        println!("refused: {provider} {redirect} ({})", code.unwrap_or_default());
    }
    Ok(())
}

async fn both_kinds_of_client_sign_in(shop: &Shop) -> anyhow::Result<()> {
    let first = flow::sign_in(shop, "shop", "ada@shop.example").await?;
    let again = flow::sign_in(shop, "app", "ada@shop.example").await?;
    let other = flow::sign_in(shop, "shop", "bob@shop.example").await?;
    let id = |payload: &Value| payload.pointer("/customer/id").cloned();
    ensure!(id(&first) == id(&again), "one subject is two customers: {first} {again}");
    ensure!(id(&first) != id(&other), "two subjects are one customer: {first} {other}");
    println!("signed in: ada twice, bob once");
    Ok(())
}

async fn an_answer_is_good_once_and_for_its_session(shop: &Shop) -> anyhow::Result<()> {
    let thief = flow::go(shop, "shop", "eve@shop.example").await?;
    let back = flow::go(shop, "shop", "ada@shop.example").await?;
    flow::refused(shop, "an answer without its session", None, &back).await?;
    flow::refused(shop, "an answer from another session", Some(&thief.guest), &back).await?;
    let forged = Back { state: forged(&back.state), ..back.clone() };
    flow::refused(shop, "a forged state", Some(&back.guest), &forged).await?;
    let payload = flow::end(shop, Some(&back.guest), &back).await?;
    ensure!(payload["tokens"].is_object(), "what was refused has used the answer up: {payload}");
    flow::refused(shop, "an answer for the second time", Some(&back.guest), &back).await?;

    let mixed = flow::go(shop, "shop", "ada@shop.example").await?;
    let iss = Back { iss: Some("https://evil.example".to_owned()), ..mixed.clone() };
    flow::refused(shop, "an answer of another issuer", Some(&mixed.guest), &iss).await?;
    // The code belongs to another sign-in, with another PKCE challenge and nonce.
    let swapped = flow::go(shop, "shop", "ada@shop.example").await?;
    let code = Back { code: thief.code, ..swapped.clone() };
    flow::refused(shop, "another sign-in's code", Some(&swapped.guest), &code).await
}

/// The same state with its last character but one changed: the very last one may hold bits that mean nothing.
fn forged(state: &str) -> String {
    let mut bytes = state.as_bytes().to_vec();
    if let Some(byte) = bytes.iter_mut().rev().nth(1) {
        *byte = if *byte == b'A' { b'B' } else { b'A' };
    }
    String::from_utf8(bytes).unwrap_or_default()
}

async fn a_provider_that_is_away_is_told_apart(shop: &Shop, provider: &Provider) -> anyhow::Result<()> {
    let back = flow::go(shop, "shop", "ada@shop.example").await?;
    provider.away(true).await?;
    let payload = flow::end(shop, Some(&back.guest), &back).await?;
    provider.away(false).await?;
    let code = shop::code(&payload);
    ensure!(code.is_some() && payload["tokens"].is_null(), "a provider that is away signs in: {payload}");
    println!("refused: while the provider is away ({})", code.unwrap_or_default());
    flow::sign_in(shop, "shop", "ada@shop.example").await.map(drop)
}

async fn a_new_key_is_followed(shop: &Shop, provider: &Provider) -> anyhow::Result<()> {
    provider.rotate().await?;
    let sign_in = flow::sign_in(shop, "shop", "ada@shop.example");
    let (_, calls) = flow::key_calls(provider, sign_in).await?;
    ensure!(calls == 1, "the keys were asked for {calls} times");
    println!("signed in: after the provider has changed its key");
    // The second change within a minute waits: whoever sends unknown keys must not make calls.
    provider.rotate().await?;
    let back = flow::go(shop, "shop", "ada@shop.example").await?;
    let (payload, calls) = flow::key_calls(provider, flow::end(shop, Some(&back.guest), &back)).await?;
    ensure!(calls == 0 && payload["tokens"].is_null(), "the keys were asked for {calls} times: {payload}");
    println!("refused: a second new key within a minute ({})", shop::code(&payload).unwrap_or_default());
    Ok(())
}

async fn the_providers_access_tokens_are_taken(shop: &Shop, provider: &Provider) -> anyhow::Result<()> {
    let document = "{ __typename }";
    let token = provider.access_token().await?;
    // The first replica has not checked a token of the provider yet, so it meets the newest key.
    let (status, answer) = shop.send(0, Some(&token), document).await?;
    ensure!(status == 200, "an access token of the provider is answered with {status} {answer}");
    for (what, token) in [("a forged signature", forged(&token)), ("another issuer", foreign(&token))] {
        let (status, answer) = shop.send(0, Some(&token), document).await?;
        ensure!(status == 401, "{what} is answered with {status} {answer}");
        println!("refused: an access token with {what}");
    }
    println!("taken: an access token of the provider");
    Ok(())
}

/// The same token with other claims, and so with a wrong signature and an issuer that nobody knows.
fn foreign(token: &str) -> String {
    let mut parts: Vec<&str> = token.split('.').collect();
    let claims = data_encoding::BASE64URL_NOPAD.encode(br#"{"iss":"https://evil.example"}"#);
    if let Some(part) = parts.get_mut(1) {
        *part = &claims;
    }
    parts.join(".")
}
