//! The `tidegate` program.

use std::process::ExitCode;

// Chosen in docs/decisions.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tidegate_gateway::cli::main()
}
