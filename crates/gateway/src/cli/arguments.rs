//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::mail::MailCommand;
use super::schema::SchemaCommand;

const EXAMPLES: &str = "Examples:
  tidegate                                  a whole shop on this machine, at http://localhost:8000
  tidegate dev --port 9000                  the same on another port
  tidegate migrate && tidegate serve        a replica in production, configured by the environment
  tidegate import products.csv prices.csv   load a catalogue

Without a command, `dev` is run.";

/// A stateless commerce gateway: GraphQL over PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "tidegate", version, after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A TOML file with options; the environment overrides it
    #[arg(long, env = "TIDEGATE_CONFIG", value_name = "FILE", global = true, hide_env_values = true)]
    pub(super) config: Option<PathBuf>,

    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a whole shop on this machine: database, catalogue, playground
    Dev(DevArguments),
    /// Run a replica in production
    Serve(ServeArguments),
    /// Bring the database up to this release
    Migrate,
    /// Load products, variants, prices, stock, images and collections from CSV
    Import(ImportArguments),
    /// List, rotate and retire the keys that sign tokens
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Make, list and revoke the keys of server-side front ends
    ApiKeys {
        #[command(subcommand)]
        command: ApiKeysCommand,
    },
    /// Print the GraphQL schema, and say what a change of it breaks
    Schema {
        #[command(subcommand)]
        command: SchemaCommand,
    },
    /// See the mails that have not been sent, and try them again
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Print the configuration in force, secrets hidden
    Config,
}

#[derive(Debug, Args)]
pub(super) struct DevArguments {
    /// The port to listen on, on 127.0.0.1 [default: 8000]
    #[arg(long, short)]
    pub(super) port: Option<u16>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  DATABASE_URL=postgres://… TIDEGATE_KEY_ENCRYPTION_KEY=… tidegate serve
  tidegate serve --config /etc/tidegate.toml --listen 0.0.0.0:8000

`tidegate config` lists every option with its environment variable.")]
pub(super) struct ServeArguments {
    /// Address and port to listen on; port 0 takes a free one [default: 0.0.0.0:8000]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(super) listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate import catalogue/*.csv.gz              load everything
  tidegate import --dry-run prices.csv            say what would change
  tidegate import --stock stock.csv               set on-hand figures after a count

The kind of a file is told by its header line. All or nothing, and repeatable.")]
pub(super) struct ImportArguments {
    /// CSV files, plain or compressed with gzip
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Check and count, and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Set the on-hand figure of variants that are there already, too
    #[arg(long)]
    pub(super) stock: bool,
    /// Leave bad rows out instead of refusing the whole import
    #[arg(long)]
    pub(super) skip_bad_rows: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Show every key and what it is doing
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new key: published now, signing in two minutes
    Rotate {
        /// HS256, EdDSA or ES256 [default: the option keys.algorithm]
        #[arg(long)]
        algorithm: Option<String>,
    },
    /// End a key that another one has replaced
    Retire(RetireArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate keys retire kx2m…                  the replaced key, when its access tokens have ended
  tidegate keys retire kx2m… --after 24h      sparing links in mails and codes of a day, too
  tidegate keys retire kx2m… --now            a key that has leaked

With a key die the access tokens it signed, page cursors, links and codes in
mails, links to orders, and the marks by which known devices are told at
sign-in. Refresh tokens stay good: only an answer that was lost in the last
minute cannot be repeated.")]
pub(super) struct RetireArguments {
    /// The key's id, as `tidegate keys list` shows it
    pub(super) kid: String,
    /// When it ends, such as 24h or 30d from now [default: when its last access token has ended]
    #[arg(long, value_name = "DURATION", conflicts_with = "now")]
    pub(super) after: Option<String>,
    /// End it at once, and everything it signed with it
    #[arg(long)]
    pub(super) now: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum ApiKeysCommand {
    /// Make a key and show it, once
    Create(ApiKeyArguments),
    /// Show every key but its secret
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End a key: within 30 seconds on every replica
    Revoke {
        /// The key's name or id
        #[arg(value_name = "NAME|ID")]
        key: String,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate api-keys create --name web --scope storefront --scope buyer-address
  tidegate api-keys create --name nightly-export --expires 30d

A front end sends it as the header X-Api-Key; its name is in the log. The scope
`buyer-address` lets it say whose request it is with X-Buyer-Address, so that
limits count the buyer and not the front end.")]
pub(super) struct ApiKeyArguments {
    /// What to call it: letters, digits, and - _ . between them
    #[arg(long)]
    pub(super) name: String,
    /// What it permits: storefront, buyer-address [default: storefront]
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(super) scopes: Vec<String>,
    /// When it ends by itself, such as 30d from now, or never
    #[arg(long, value_name = "DURATION", default_value = "365d")]
    pub(super) expires: String,
}
