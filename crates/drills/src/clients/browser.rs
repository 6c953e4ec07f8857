//! Tokens in cookies, in a real browser: two tabs of one customer, and pages of other sites that try to use them.
//! `tests/clients/browser.mjs` drives Chromium.

use std::net::SocketAddr;

use anyhow::Context as _;
use tidegate_auth::password::{HashCost, Password, hash};
use tokio::process::Command;

use super::ClientsArgs;
use super::front::Port;
use crate::database::Database;
use crate::program::Program;
use crate::replicas::Replicas;

const SHOP: &str = "shop.test";
/// Another site, and a part of the shop's own that is somebody else's.
const OTHERS: [&str; 2] = ["evil.test", "evil.shop.test"];
const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery";

/// Plays it against two replicas of their own over the drill's database.
pub(super) async fn play(
    args: &ClientsArgs,
    program: &Program,
    database: &Database,
    ageing: SocketAddr,
) -> anyhow::Result<()> {
    customer(database).await?;
    let port = Port::take(&[SHOP, OTHERS[0], OTHERS[1]]).await?;
    let number = port.number()?;
    let program = program
        .clone()
        .with("TIDEGATE_SESSION_TRANSPORT", "cookie".to_owned())
        .with("TIDEGATE_SESSION_ORIGINS", format!("https://{SHOP}:{number}"));
    let replicas = Replicas::start(program, 2).await?;
    port.serve(replicas.board().addresses())?;
    let status = Command::new("node")
        .current_dir(args.folder())
        .arg("browser.mjs")
        .env("PORT", number.to_string())
        .env("SHOP", SHOP)
        .env("OTHERS", OTHERS.join(","))
        .env("AGEING", format!("http://{ageing}"))
        .env("EMAIL", EMAIL)
        .env("PASSWORD", PASSWORD)
        .kill_on_drop(true)
        .status()
        .await
        .context("node cannot be run")?;
    anyhow::ensure!(status.success(), "the browser: {status}");
    Ok(())
}

/// Somebody who can sign in.
async fn customer(database: &Database) -> anyhow::Result<()> {
    let password = Password::check(PASSWORD, "").map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let phc = hash(&password, *b"0123456789abcdef", HashCost::OWASP).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    sqlx::query(
        "insert into customer (id, email, email_key, email_verified, password_hash, created_at, updated_at)
         values (gen_random_uuid(), $1, $1, true, $2, now(), now())",
    )
    .bind(EMAIL)
    .bind(phc)
    .execute(&mut database.connect().await?)
    .await?;
    Ok(())
}
