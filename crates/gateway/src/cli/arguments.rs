//! What can be typed.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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
    /// Work with the GraphQL schema
    Schema {
        #[command(subcommand)]
        command: SchemaCommand,
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
pub(super) enum SchemaCommand {
    /// Print the storefront schema; needs no database
    Print,
}
