//! The customer's browser: follows redirects and keeps cookies.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Url, redirect};

/// A sign-in takes three or four.
const HOPS: usize = 10;

/// Goes to an address and on from there, until the provider sends the customer back to the front end; what it sends
/// along.
pub(super) async fn visit(address: &str, redirect: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let http = reqwest::Client::builder().redirect(redirect::Policy::none()).no_proxy().build()?;
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let mut url = Url::parse(address)?;
    for _ in 0..HOPS {
        let cookie = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let answer = http.get(url.clone()).header(COOKIE, cookie).send().await?;
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str()?.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie has no value")?;
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = answer.status();
        let Some(location) = answer.headers().get(LOCATION).map(|value| value.to_str()).transpose()? else {
            bail!("the provider shows a page with status {status}: {}", answer.text().await?);
        };
        url = url.join(location)?;
        if url.as_str().starts_with(redirect) {
            return Ok(url.query_pairs().into_owned().collect());
        }
    }
    bail!("the provider redirects without end")
}
