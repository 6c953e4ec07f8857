//! The `tidegate` program.

use std::process::ExitCode;

// Chosen by measurement, see docs/bench.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tidegate_gateway::cli::main()
}
