//! Sign-in with a certified OpenID Connect provider that runs on this machine, over two replicas.
//!
//! The provider is npm's `oidc-provider` (`tests/oidc/provider.mjs`). What is shown: the code flow from `oidcStart` on
//! one replica to `login` on the other, as a confidential and as a public client; that state, code and session are good
//! once and together; that a changed key is followed and a provider that is away is told apart; and that the provider's
//! own access tokens are taken.

mod browser;
mod flow;
mod provider;
mod shop;
mod steps;

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::database::Database;
use crate::program::Program;
use crate::replay::open_shop;
use crate::replicas::Replicas;
use provider::Provider;
use shop::Shop;

/// Where the front end would wait for the customer.
const REDIRECT: &str = "http://localhost:3000/callback";
/// The audience of the provider's access tokens.
const AUDIENCE: &str = "tidegate-storefront";

/// Arguments of `cargo xtask oidc`.
#[derive(Debug, clap::Args)]
pub struct OidcArgs {
    /// The folder of the provider, its npm packages installed
    #[arg(long, default_value = "tests/oidc", value_name = "FOLDER")]
    folder: PathBuf,
    /// The folder of the catalogue that the shop starts with
    #[arg(long, default_value = "catalogue", value_name = "FOLDER")]
    catalogue: PathBuf,
}

impl OidcArgs {
    /// The folder of the provider.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }
}

/// Goes through every step; the first that does not hold is the error.
pub fn run(args: &OidcArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(drill(args))?;
    Ok(ExitCode::SUCCESS)
}

async fn drill(args: &OidcArgs) -> anyhow::Result<()> {
    let provider = Provider::start(&args.folder, REDIRECT, AUDIENCE).await?;
    let database = Database::start().await?;
    let program = configured(Program::find(database.url(), 1).await?, &provider.issuer);
    open_shop(&program, &args.catalogue).await?;
    let replicas = Replicas::start(program, 2).await?;
    let shop = Shop::new(replicas.board().addresses())?;
    steps::all(&shop, &provider).await?;
    println!("sign-in with a provider holds");
    Ok(())
}

/// The program, told of the provider as a confidential client, as a public one, and as an issuer of access tokens.
fn configured(program: Program, issuer: &str) -> Program {
    let oidc = json!([
        {
            "name": "shop", "issuer": issuer, "client_id": "shop", "client_secret": "a secret: with % and +",
            "redirect_uris": [REDIRECT],
        },
        { "name": "app", "issuer": issuer, "client_id": "app", "redirect_uris": [REDIRECT] },
    ]);
    let issuers = json!([{ "issuer": issuer, "audience": AUDIENCE, "algorithms": ["RS256"] }]);
    program.with("TIDEGATE_OIDC", oidc.to_string()).with("TIDEGATE_ISSUERS", issuers.to_string())
}
