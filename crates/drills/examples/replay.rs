//! Runs a replay.
use clap::Parser as _;
#[derive(Debug, clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: tidegate_drills::replay::ReplayArgs,
}
fn main() -> anyhow::Result<std::process::ExitCode> {
    tidegate_drills::replay::run(&Cli::parse().args)
}
