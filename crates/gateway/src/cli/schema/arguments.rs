//! What can be typed behind `tidegate schema`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use time::Date;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum SchemaCommand {
    /// Print the storefront schema, or that of any GraphQL server; needs no database
    Print(PrintArguments),
    /// Say what a change of the schema breaks, and for whom
    Check(CheckArguments),
    /// Say what could be better about the schema
    Lint(LintArguments),
    /// Print what changed between two revisions as Markdown
    Changelog(ChangelogArguments),
    /// List what no client has used for some days
    Unused(UnusedArguments),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate schema print > schema.graphql
  tidegate schema print --introspect https://shop.example/graphql --header 'X-Api-Key: …'

Types come by name, so that two outputs can be compared line by line. What a
server does not tell when it is introspected is not printed: directives on
types and fields, but for @deprecated, @specifiedBy and @oneOf.")]
pub(in crate::cli) struct PrintArguments {
    /// Ask this server for its schema, instead of printing our own
    #[arg(long, value_name = "URL")]
    pub(super) introspect: Option<String>,
    #[command(flatten)]
    pub(super) headers: Headers,
}

#[derive(Debug, Args)]
pub(super) struct Headers {
    /// A header for requests to a server, such as 'Authorization: Bearer …'; can be repeated
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub(super) headers: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate schema check --base v1.2.0:schema.graphql
  tidegate schema check --base HEAD:schema.graphql --head schema.graphql
  tidegate schema check --base https://shop.example/graphql --operations ios=clients/ios
  tidegate schema check --base v1.2.0:schema.graphql --usage postgres://… --format github

A schema is a file, a file of a git revision (REVISION:PATH), the address of a
GraphQL server, or the address of a schema (ending in .graphql).

Exit codes: 0 nothing breaks that is not excused; 1 something does; 2 the check
could not be run. Exemptions and severities are in schema-policy.toml; see
docs/schema-governance.md.")]
pub(in crate::cli) struct CheckArguments {
    /// The schema that clients rely on
    #[arg(long, value_name = "SCHEMA")]
    pub(super) base: String,
    /// The schema that is to replace it [default: the one built into this program]
    #[arg(long, value_name = "SCHEMA")]
    pub(super) head: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Try clients' operations: a folder, a manifest, or the database with trusted documents; can be repeated
    #[arg(long = "operations", value_name = "[CLIENT=]FOLDER|MANIFEST|URL")]
    pub(super) operations: Vec<String>,
    /// The database with recorded usage: what nobody uses may go
    #[arg(long, value_name = "URL", env = "TIDEGATE_SCHEMA_USAGE", hide_env_values = true)]
    pub(super) usage: Option<String>,
    /// Fail though nobody uses what breaks, whatever the policy says
    #[arg(long)]
    pub(super) strict: bool,
    /// Nothing has been released yet; the policy's `unreleased` says what that means
    #[arg(long)]
    pub(super) unreleased: bool,
    /// Print only what fails, and a line for each change that is excused
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// The file of the schema that annotations point at [default: the head's]
    #[arg(long, value_name = "PATH")]
    pub(super) file: Option<String>,
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    pub(super) headers: Headers,
}

/// What several commands take.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The policy [default: schema-policy.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,
    /// The day it is, as 2027-01-31 [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) today: Option<Date>,
    /// Whether text is coloured; NO_COLOR is honoured
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(super) color: Colour,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate schema lint
  tidegate schema lint --schema schema.graphql --format github

Levels and exemptions are in schema-policy.toml, under [lint].")]
pub(in crate::cli) struct LintArguments {
    /// The schema [default: the one built into this program]
    #[arg(long, value_name = "SCHEMA")]
    pub(super) schema: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    pub(super) headers: Headers,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  tidegate schema changelog --from v1.1.0:schema.graphql --to v1.2.0:schema.graphql --title 1.2.0
  tidegate schema changelog --from https://shop.example/graphql")]
pub(in crate::cli) struct ChangelogArguments {
    /// The schema before
    #[arg(long, value_name = "SCHEMA")]
    pub(super) from: String,
    /// The schema after [default: the one built into this program]
    #[arg(long, value_name = "SCHEMA")]
    pub(super) to: Option<String>,
    /// The heading [default: the two schemas' names]
    #[arg(long)]
    pub(super) title: Option<String>,
    #[command(flatten)]
    pub(super) headers: Headers,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:
  tidegate schema unused --usage postgres://… --days 90")]
pub(in crate::cli) struct UnusedArguments {
    /// The database with recorded usage
    #[arg(long, value_name = "URL", env = "TIDEGATE_SCHEMA_USAGE", hide_env_values = true)]
    pub(super) usage: String,
    /// How many days before today to look at
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub(super) days: u16,
    /// The schema [default: the one built into this program]
    #[arg(long, value_name = "SCHEMA")]
    pub(super) schema: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(super) format: ListFormat,
    /// The day it is, as 2027-01-31 [default: today, UTC]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) today: Option<Date>,
    #[command(flatten)]
    pub(super) headers: Headers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// For a pull request
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// In a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

fn header(text: &str) -> Result<String, &'static str> {
    let named = text.split_once(':').is_some_and(|(name, _)| !name.trim().is_empty());
    if named { Ok(text.to_owned()) } else { Err("a header is written 'Name: value'") }
}

fn day(text: &str) -> Result<Date, &'static str> {
    tidegate_schema_check::dates::parse(text).ok_or("a date is written 2027-01-31")
}
